"""Whether a service can do its work: it is loaded, and what it cannot do without answers."""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from kernel import aws
from kernel.errors import Unavailable, Unhealthy
from kernel.logs import logger
from kernel.remote import Peer

PROBE: Final[Mapping[str, Any]] = {
    "probe": "health",
    "Records": [],
    "id": "probe",
    "version": "0",
    "account": "",
    "region": "",
    "resources": [],
    "source": "staybook",
    "detail-type": "Health",
    "detail": {},
    "time": "",
}
"""What any function of ours can be invoked with to hear whether it is up: nothing is done. It has the shape of every
event there is, as Chalice reads that before anybody else.
"""
_FRESH_SECONDS = 1.0  # anybody may ask, however often: dependencies are asked once in this time
_PEER_SECONDS = 2
_KEY = "health"

Need = Callable[[], None]
"""Something that a service cannot do without. Raises Unavailable when it does not answer, within few seconds."""

Needs = Mapping[str, Need]
"""By the names they are shown under."""


class Health:
    """What a service says of itself. Dependencies are asked one after another, and not again within a second."""

    def __init__(
        self, service: str, needs: Callable[[], Needs], clock: Callable[[], float] = time.time
    ) -> None:
        """`needs` are called for when somebody asks; `clock` in seconds, going on while nothing runs here."""
        self._service, self._needs, self._clock = service, needs, clock
        self._asked_at = float("-inf")
        self._told: dict[str, str] = {}

    def present(self) -> dict[str, Any]:
        """{"status": "up", "service", "release", "version", "dependencies": {name: "up"}}.

        Raises Unhealthy with the same, but for the status, when a dependency is "down".
        """
        told = {**loaded(self._service), "dependencies": self._dependencies()}
        if missing := [name for name, status in told["dependencies"].items() if status != "up"]:
            del told["status"]
            raise Unhealthy(f"It does not answer: {', '.join(missing)}.", members=told)
        return told

    def _dependencies(self) -> dict[str, str]:
        if not 0 <= self._clock() - self._asked_at < _FRESH_SECONDS:
            self._told = {name: _status(name, need) for name, need in self._needs().items()}
            self._asked_at = self._clock()
        return dict(self._told)


def loaded(service: str) -> dict[str, Any]:
    """That this function has been loaded, of which release and version it is."""
    return {
        "status": "up",
        "service": service,
        "release": os.environ.get("RELEASE", "unnamed"),
        "version": os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "unreleased"),
    }


def is_probe(event: Mapping[str, Any]) -> bool:
    """Whether somebody only asks how it is. No client can: what clients send lies deeper in an event."""
    return bool(event.get("probe") == PROBE["probe"])


def table(name: str, *key: str) -> Need:
    """The table answers; `key` are the names of its key's attributes."""

    def ask() -> None:
        store = aws.client("dynamodb", read_timeout_seconds=1)
        try:
            store.get_item(TableName=name, Key={attribute: {"S": _KEY} for attribute in key})
        except (BotoCoreError, ClientError) as error:
            raise Unavailable from error

    return ask


def peer(function: str) -> Need:
    """The function of this ARN is there and starts."""
    return lambda: Peer(function, read_timeout_seconds=_PEER_SECONDS).greet(PROBE)


def _status(name: str, need: Need) -> str:
    try:
        need()
    except Unavailable as error:
        logger().warning(
            "dependency down", extra={"dependency": name, "reason": str(error.__cause__ or error)}
        )
        return "down"
    return "up"
