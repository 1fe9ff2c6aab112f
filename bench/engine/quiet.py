"""When nothing is going on any more."""

import time
from collections.abc import Sequence
from typing import Any

from tests.house import House
from tests.waiting import eventually

_STILL = 0.6  # seconds in which no function was asked anything
_WITHIN = 180  # seconds


def come_to_rest(house: House) -> None:
    """Waits until what was asked for has happened, with all that follows from it."""
    eventually(lambda: at_rest(house.environments(), time.time()), within=_WITHIN, what="rest")


def at_rest(environments: Sequence[dict[str, Any]], now: float) -> bool:
    """Whether these Lambda processes, as the engine shows them, are idle, and have been for a while."""
    return all(each["state"] == "idle" and now - each["since"] > _STILL for each in environments)
