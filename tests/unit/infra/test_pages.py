"""What the pages point to is there: other pages and their headings, files, tests, commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.layout import ROOT

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_MAKE = re.compile(r"`make ([a-z0-9 -]+)")
_PYTEST = re.compile(r"`(?:[A-Z_]+=\w+ )?pytest ([^`]+)`")
_PATH = re.compile(r"`((?:functions|infra|localstack|tests|docs|bench)/[\w./-]+)`")
_TARGET = re.compile(r"^([a-z0-9-]+):", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("docs/*/*.md"))
    if not page.relative_to(ROOT).parts[0].startswith((".", "build", "dist"))
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_points_to_is_there(page: Path) -> None:
    text = _FENCED.sub("", page.read_text())
    assert [*_broken_links(page, text), *_unknown_commands(text), *_missing_paths(text)] == []


def _broken_links(page: Path, text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        if "://" in link or link.startswith("mailto:"):
            continue
        address, _, heading = link.partition("#")
        target = page.parent / address if address else page
        if not target.exists() or (heading and heading not in _anchors(target)):
            yield link


def _anchors(page: Path) -> set[str]:
    """The headings of a page, as they are linked to."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(page.read_text()))
    return {heading.replace(" ", "-") for heading in plain}


def _unknown_commands(text: str) -> Iterator[str]:
    targets = set(_TARGET.findall((ROOT / "Makefile").read_text()))
    for named in _MAKE.findall(text):
        words = named.split()
        yield from (f"make {word}" for word in words if word not in targets and word.islower())


def _missing_paths(text: str) -> Iterator[str]:
    tests = [path for named in _PYTEST.findall(text) for path in named.split() if not path.startswith("-")]
    return (path for path in [*_PATH.findall(text), *tests] if not (ROOT / path).exists())


def test_every_point_of_the_seed_has_its_place_and_what_shows_it() -> None:
    rows = [
        line.split("|")[1:-1]
        for line in (ROOT / "docs" / "seed.md").read_text().splitlines()
        if line[:1] == "|"
    ]
    assert len(rows) > 60
    assert [row for row in rows if not all(cell.strip() for cell in row)] == []
