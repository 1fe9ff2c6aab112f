"""The local engine, run in one of two ways: on this host (the default), or in Docker (`ENGINE=docker`).

The Docker way is unverified: it was written where there is no Docker. See localstack/README.md.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from infra.layout import ROOT

COMMAND = ROOT / ".local" / "engine" / "bin" / "staybook-engine"
_COMPOSE = ("docker", "compose", "--file", str(ROOT / "localstack" / "compose.yaml"))
_IN_DOCKER: Mapping[str, Sequence[str]] = {
    "up": (*_COMPOSE, "up", "--build", "--detach", "--wait"),
    "down": (*_COMPOSE, "down"),
    "status": (*_COMPOSE, "ps"),
    "logs": (*_COMPOSE, "logs"),
}


class EngineFailed(Exception):
    """The engine did not start; the message is what it said."""


def in_docker() -> bool:
    """Whether ENGINE asks for the container."""
    return os.environ.get("ENGINE") == "docker"


def command(action: str, *more: str) -> list[str]:
    """What runs `up`, `down`, `status` or `logs`."""
    return [*(_IN_DOCKER[action] if in_docker() else (str(COMMAND), action)), *more]


def up() -> None:
    """Starts it. Raises `EngineFailed` with its words, one that is running already included."""
    try:
        done = subprocess.run(command("up"), capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise EngineFailed(f"There is no `{error.filename}` here: ENGINE=docker needs Docker.") from error
    if done.returncode != 0:
        raise EngineFailed(f"{done.stdout}{done.stderr}".strip())


def down() -> None:
    """Stops it; nothing remains."""
    subprocess.run(command("down"), capture_output=True, check=True)


def listens(url: str) -> bool:
    """Whether anything is there. One that is too busy to take a call still listens."""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except ConnectionRefusedError:
        return False
    except TimeoutError:
        return True
    return True


def main() -> int:
    """`python -m infra.engine up|down|status|logs ...`: hand over to the engine's own command."""
    action, *more = sys.argv[1:]
    asked = command(action, *more)
    os.execvp(Path(asked[0]).name if in_docker() else asked[0], asked)  # noqa: S606 - no shell, our own words


if __name__ == "__main__":
    sys.exit(main())
