"""Find the Python that Staybook runs on, or have it fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_WHICH = "import sys; print(sys.executable, '%d.%d.%d' % sys.version_info[:3])"


class NoPython(Exception):
    """There is no fitting Python and none could be fetched."""


def wanted_version(root: Path) -> str:
    """The minor version in `.python-version`, such as "3.13"."""
    return (root / ".python-version").read_text().strip()


def find_python(root: Path, uv: Path) -> tuple[Path, str]:
    """The interpreter to use and its full version.

    Looks at this interpreter, the path, pyenv and what uv manages; then asks uv to fetch one.
    Raises `NoPython`, saying what to do, when that fails too.
    """
    wanted = wanted_version(root)
    for candidate in _candidates(wanted):
        if found := _probe(candidate, wanted):
            return found
    for fetch_first in (False, True):
        if fetch_first:
            _ask(uv, "python", "install", wanted)
        managed = _ask(uv, "python", "find", "--no-project", "--managed-python", wanted)
        if managed and (found := _probe(managed, wanted)):
            return found
    raise NoPython(
        f"Staybook runs on Python {wanted}; there is none here and none could be fetched. Install one "
        f"(for example `pyenv install {wanted}`, or your system's python{wanted} package) and try again."
    )


def _candidates(wanted: str) -> Iterator[str]:
    yield sys.executable
    if on_path := shutil.which(f"python{wanted}"):
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from map(str, sorted(pyenv.glob(f"versions/{wanted}*/bin/python{wanted}"), reverse=True))


def _probe(candidate: str, wanted: str) -> tuple[Path, str] | None:
    words = (_ask(candidate, "-c", _WHICH) or "").rsplit(maxsplit=1)
    if len(words) != 2 or not words[1].startswith(f"{wanted}."):
        return None
    return Path(words[0]), words[1]


def _ask(*command: str | Path) -> str | None:
    """What a command prints; None if it fails, as a candidate may."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
