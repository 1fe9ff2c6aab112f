"""The examples in docstrings do what they say."""

import doctest
import importlib

import pytest

from infra.layout import KERNEL, ROOT

SOURCES = [KERNEL.parent, *ROOT.glob("functions/*")]


def modules() -> list[str]:
    """Those that give examples, by the names they are imported under."""
    return sorted(
        ".".join(path.relative_to(root).with_suffix("").parts)
        for root in SOURCES
        for folder in ("kernel", "chalicelib")
        for path in (root / folder).rglob("*.py")
        if ">>> " in path.read_text()
    )


@pytest.mark.parametrize("name", modules())
def test_an_example_gives_what_it_says(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name), raise_on_error=True)
    assert results.attempted
