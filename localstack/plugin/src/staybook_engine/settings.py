"""The engine's settings, read from the environment once: one name, one meaning, one default each.

The folder the engine's own environment stands in (`.local/` below the repository) holds everything else too, so the
engine finds its place whatever the working directory is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOST = "STAYBOOK_HOST"
AWS_PORT = "STAYBOOK_AWS_PORT"
GATEWAY_PORT = "STAYBOOK_GATEWAY_PORT"
REGION = "STAYBOOK_REGION"
STATE_DIR = "STAYBOOK_STATE_DIR"
ENDPOINTS = "STAYBOOK_ENDPOINTS"
LAMBDA_PYTHON = "STAYBOOK_LAMBDA_PYTHON"
MAX_ENVIRONMENTS = "STAYBOOK_MAX_ENVIRONMENTS"
ENVIRONMENT_WAIT = "STAYBOOK_ENVIRONMENT_WAIT"
ENVIRONMENT_IDLE = "STAYBOOK_ENVIRONMENT_IDLE"
SLOTS = "STAYBOOK_SLOTS"
QUEUE_WAIT = "STAYBOOK_QUEUE_WAIT"
BOOKING_SLOTS = "STAYBOOK_BOOKING_SLOTS"
BOOKING_WAIT = "STAYBOOK_BOOKING_WAIT"
TRIAL = "STAYBOOK_TRIAL"
START_WAIT = "STAYBOOK_START_WAIT"


class BadSetting(ValueError):
    """A setting that can't be used; the message names the variable and what was expected."""


@dataclass(frozen=True)
class Settings:
    """What the engine was told.

    Paths are absolute; the waits, `environment_idle` and `trial_seconds` are seconds; `max_environments` counts Lambda
    processes of one function, `slots` requests in progress at the front door, `booking_slots` those of the reservation
    service, which have a line of their own.
    """

    host: str
    aws_port: int
    gateway_port: int
    region: str
    state_dir: Path
    endpoints: Path
    lambda_python: Path
    max_environments: int
    environment_wait: float
    environment_idle: float
    slots: int
    queue_wait: float
    booking_slots: int
    booking_wait: float
    trial_seconds: float
    start_wait: float

    @property
    def aws_url(self) -> str:
        """Where the AWS APIs answer, as processes on this machine reach them."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def gateway_url(self) -> str:
        """Where Staybook answers, as people and browsers reach it."""
        return f"http://localhost:{self.gateway_port}"

    @property
    def logs_dir(self) -> Path:
        """The folder of `engine.log` and of one log a function."""
        return self.state_dir / "logs"


def read(environment: Mapping[str, str], local: Path) -> Settings:
    """Reads the settings; `local` is the folder that the defaults lie in. Raises BadSetting."""
    state_dir = environment.get(STATE_DIR)
    endpoints = environment.get(ENDPOINTS) or Path(state_dir or local) / "endpoints.json"
    cap = _whole(environment, MAX_ENVIRONMENTS, 4)
    return Settings(
        host=environment.get(HOST) or "127.0.0.1",
        aws_port=_whole(environment, AWS_PORT, 4566),
        gateway_port=_whole(environment, GATEWAY_PORT, 8088),
        region=environment.get(REGION) or "ap-northeast-2",
        state_dir=Path(state_dir or local / "state").absolute(),
        endpoints=Path(endpoints).absolute(),
        lambda_python=Path(environment.get(LAMBDA_PYTHON) or local / "lambda/bin/python").absolute(),
        max_environments=cap,
        environment_wait=_seconds(environment, ENVIRONMENT_WAIT, 10),
        environment_idle=_seconds(environment, ENVIRONMENT_IDLE, 300),
        slots=_whole(environment, SLOTS, 2 * cap),
        queue_wait=_seconds(environment, QUEUE_WAIT, 10),
        booking_slots=_whole(environment, BOOKING_SLOTS, cap),
        booking_wait=_seconds(environment, BOOKING_WAIT, 2),
        trial_seconds=_seconds(environment, TRIAL, 5),
        start_wait=_seconds(environment, START_WAIT, 90),
    )


@cache
def current() -> Settings:
    """The settings of this process."""
    return read(os.environ, Path(sys.prefix).parent)


def _whole(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isdigit() or int(text) < 1:
        raise BadSetting(f"{name} must be a whole number of at least 1, not {text!r}")
    return int(text)


def _seconds(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name) or str(default)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise BadSetting(f"{name} must be a number of seconds from 0 to 86400, not {text!r}")
    return seconds
