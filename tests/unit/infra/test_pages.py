"""What the pages point to is there: other pages and their headings, files, tests, commands."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.layout import ROOT

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_MAKE = re.compile(r"`make ([a-z0-9 -]+)")
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
    return (path for path in _PATH.findall(text) if not (ROOT / path).exists())
