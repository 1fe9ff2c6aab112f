"""Where the running engine is: the file that it writes when it is ready."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from infra.layout import ROOT


class NoEngine(Exception):
    """No engine is running; the message says how to start one."""


@dataclass(frozen=True)
class Endpoints:
    """The engine's two doors and its region."""

    gateway: str
    aws: str
    region: str


def endpoints_file() -> Path:
    """The file's path; STAYBOOK_ENDPOINTS may name another."""
    written = (
        ".local/docker/endpoints.json" if os.environ.get("ENGINE") == "docker" else ".local/endpoints.json"
    )
    return Path(os.environ.get("STAYBOOK_ENDPOINTS") or ROOT / written)


def read_endpoints() -> Endpoints:
    """What the engine wrote. Raises `NoEngine` when it did not."""
    try:
        return Endpoints(**json.loads(endpoints_file().read_text()))
    except FileNotFoundError as error:
        raise NoEngine("No engine is running: start one with `make up`, then `make deploy`.") from error
