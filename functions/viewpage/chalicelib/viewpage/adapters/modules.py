"""The page's modules as one script.

A browser could load the modules one by one, and while they are worked on that is what they are: plain modules with
plain imports. Served, they are one request instead of fifteen. Nothing is rewritten but their first lines (imports go,
each after what it needs) and the word `export`; so top-level names must differ between modules, which a test holds.
"""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (?:[^;]*? from )?"\./(?P<name>[\w.-]+)";\n', re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=async function|function|const|let|class)", re.MULTILINE)


def joined(folder: Path, first: str) -> str:
    """The module `first` and all that it imports, each once and before whatever needs it."""
    texts: dict[str, str] = {}
    _take(folder, first, texts, [])
    return "\n".join(texts.values())


def _take(folder: Path, name: str, texts: dict[str, str], above: list[str]) -> None:
    if name in texts or name in above:
        return
    text = (folder / name).read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        _take(folder, found["name"], texts, [*above, name])
    texts[name] = _EXPORT.sub("", _IMPORT.sub("", text))
