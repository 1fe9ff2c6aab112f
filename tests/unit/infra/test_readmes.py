"""The two READMEs stay in step: what one says in English the other says in Korean, section by section."""

import re
from pathlib import Path

import pytest

from infra.layout import ROOT

ENGLISH, KOREAN = (ROOT / name for name in ("README.md", "README.ko.md"))
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"\]\(([^)]+)\)|`([^`\n]+)`")


def prose(page: Path) -> str:
    return FENCED.sub("", page.read_text())


def headings(page: Path) -> list[int]:
    """The level of each, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", prose(page), re.MULTILINE)]


def runnable(page: Path) -> list[str]:
    """The code blocks, but for drawings: their words are translated."""
    return [block for block in FENCED.findall(page.read_text()) if not block.startswith("```mermaid")]


def commands(page: Path) -> list[str]:
    """Those of indented blocks, without what is said of them."""
    return re.findall(r"^    (make \w+)", prose(page), re.MULTILINE)


def named(page: Path) -> set[str]:
    """Every file and command that is linked to or set as code, but for the other README."""
    return {link or code for link, code in PLACES.findall(prose(page))} - {"README.md", "README.ko.md"}


@pytest.mark.parametrize("part", [headings, runnable, commands, named], ids=lambda part: part.__name__)
def test_both_have_the_same(part: object) -> None:
    assert callable(part)
    assert part(KOREAN) == part(ENGLISH)


def test_each_points_to_the_other() -> None:
    assert "(README.ko.md)" in ENGLISH.read_text()
    assert "(README.md)" in KOREAN.read_text()
