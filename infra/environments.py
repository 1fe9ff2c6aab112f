"""Make the environments that Staybook is built, tested and run with.

Runs under any Python from 3.11 on with nothing but the standard library:

    python3 infra/environments.py            every environment that is needed every day
    python3 infra/environments.py dev        only .venv

An environment is made again when its lock, its interpreter or its plugin's description changed; otherwise
this takes a few hundredths of a second.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # said before anything newer is imported
    sys.exit(f"Staybook needs Python 3.11 or newer to start from; this is {sys.version.split()[0]}.")

import argparse
import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if not __package__:  # started as a file, which would find this folder there, and nothing else of ours
    sys.path[0] = str(ROOT)

from infra.exclusive import exclusive  # noqa: E402 - the line above makes it importable
from infra.package_index import settings_for_uv  # noqa: E402 - as above
from infra.progress import say, step  # noqa: E402 - as above
from infra.pythons import NoPython, find_python  # noqa: E402 - as above

TOOLS = ROOT / ".local" / "uv"
TOOLS_LOCK = ROOT / "requirements" / "tools.lock"
STAMP = "staybook-stamp"
NEEDED_GB = 2  # the environments are half of it; the rest is for what is built and run


@dataclass(frozen=True)
class Environment:
    """One virtual environment: where it is, what is locked for it, and our own package inside it, if any."""

    name: str
    directory: Path
    lock: Path
    plugin: Path | None = None
    compiling: tuple[str, ...] = ()  # what tells uv to compile it ahead
    seldom: bool = False  # made only when it is asked for by name

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.directory / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """The file that remembers what the environment was made from."""
        return self.directory / STAMP


ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        Environment("dev", ROOT / ".venv", ROOT / "requirements" / "dev.lock"),
        Environment(
            "engine",
            ROOT / ".local" / "engine",
            ROOT / "localstack" / "engine.lock",
            plugin=ROOT / "localstack" / "plugin",
        ),
        Environment(
            "lambda",
            ROOT / ".local" / "lambda",
            ROOT / "localstack" / "lambda.lock",
            compiling=("--compile-bytecode",),
        ),
        Environment(
            "security", ROOT / ".local" / "security", ROOT / "requirements" / "security.lock", seldom=True
        ),
    )
}


class Failed(Exception):
    """A command failed; the message holds what it said."""


def fingerprint(environment: Environment, python_version: str) -> str:
    """A hash of everything the environment is made from."""
    digest = hashlib.sha256(python_version.encode())
    sources = [TOOLS_LOCK, environment.lock]
    if environment.plugin is not None:
        sources.append(environment.plugin / "pyproject.toml")
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def is_current(environment: Environment, wanted: str) -> bool:
    """Whether the environment stands and was made from what is wanted now."""
    return (
        environment.python.exists()
        and environment.stamp.exists()
        and environment.stamp.read_text().strip() == wanted
    )


def run(command: Sequence[str | Path], variables: dict[str, str], folder: Path = ROOT) -> None:
    """Run a command in a folder; raise `Failed` with its words if it fails."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}".rstrip())


def check_room() -> None:
    """Raise `Failed` when the disk is too full to begin."""
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        raise Failed(
            f"The disk of {ROOT} has {free:.1f} GB free; what Staybook is built and run with takes {NEEDED_GB}. "
            "Make room there, or clone onto another disk, and try again."
        )


def make_tools() -> Path:
    """The path of the pinned uv, installed by pip into an environment of its own."""
    uv = TOOLS / "bin" / "uv"
    wanted = hashlib.sha256(TOOLS_LOCK.read_bytes()).hexdigest()
    stamp = TOOLS / STAMP
    if uv.exists() and stamp.exists() and stamp.read_text() == wanted:
        return uv
    check_room()
    with step("uv"):
        run([sys.executable, "-m", "venv", "--clear", TOOLS], {})
        pip: list[str | Path] = [TOOLS / "bin" / "pip", "--disable-pip-version-check", "--quiet"]
        run([*pip, "install", "--require-hashes", "--only-binary", ":all:", "-r", TOOLS_LOCK], {})
        stamp.write_text(wanted)
    return uv


def make(environment: Environment, uv: Path, python: Path, variables: dict[str, str]) -> None:
    """Bring one environment to what its lock says.

    Byte code is written where it is first imported: compiling all of it up front takes ten times as long as
    installing it. Only what every Lambda process loads, at once and again and again, is compiled ahead.
    """
    pip: list[str | Path] = [uv, "pip"]
    target: list[str | Path] = ["--quiet", "--python", environment.python]
    environment.stamp.unlink(missing_ok=True)
    run([uv, "venv", "--quiet", "--allow-existing", "--python", python, environment.directory], variables)
    run([*pip, "sync", *target, "--require-hashes", *environment.compiling, environment.lock], variables)
    if environment.plugin is not None:
        # LocalStack's plugin loader reads an editable package's entry points from its egg-info, so that comes first.
        describe = ["-c", "import setuptools; setuptools.setup()", "--quiet", "egg_info"]
        run([environment.python, *describe], variables, environment.plugin)
        options = ["--no-deps", "--no-build-isolation", "--editable"]
        run([*pip, "install", *target, *options, environment.plugin], variables)


def make_all(wanted: list[Environment]) -> None:
    """Make those environments that are missing or out of date, side by side."""
    uv = make_tools()
    python, version = find_python(ROOT, uv)
    if not _stale(wanted, version):
        return
    check_room()
    with exclusive(ROOT / ".local" / "environments.lock", "making the environments"):
        variables = settings_for_uv(TOOLS / "bin" / "python")
        with ThreadPoolExecutor() as pool:
            for made in [
                pool.submit(_make_one, environment, mark, uv, python, variables)
                for environment, mark in _stale(wanted, version)  # another command may have made some
            ]:
                made.result()


def _stale(wanted: list[Environment], version: str) -> list[tuple[Environment, str]]:
    """The environments to make, each with the fingerprint that it will have."""
    marked = [(environment, fingerprint(environment, version)) for environment in wanted]
    return [(environment, mark) for environment, mark in marked if not is_current(environment, mark)]


def _make_one(environment: Environment, mark: str, uv: Path, python: Path, variables: dict[str, str]) -> None:
    with step(f"{environment.directory.relative_to(ROOT)} from {environment.lock.relative_to(ROOT)}"):
        make(environment, uv, python, variables)
        environment.stamp.write_text(mark)


def main() -> int:
    """Make the environments named on the command line; when none is named, those for every day."""
    parser = argparse.ArgumentParser(description="Make Staybook's environments.")
    parser.add_argument("environment", nargs="*", help=f"any of {', '.join(ENVIRONMENTS)}")
    every_day = [name for name, environment in ENVIRONMENTS.items() if not environment.seldom]
    names = parser.parse_args().environment or every_day
    if unknown := sorted(set(names) - ENVIRONMENTS.keys()):
        parser.error(f"no environment {', '.join(unknown)}; there are {', '.join(ENVIRONMENTS)}")
    try:
        make_all([ENVIRONMENTS[name] for name in names])
    except (Failed, NoPython) as problem:
        say(f"{problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
