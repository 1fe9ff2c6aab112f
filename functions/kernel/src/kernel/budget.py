"""How long this invocation may still take, so that what it waits for is cut off before it is cut off itself."""

import time
from contextvars import ContextVar
from typing import Any

_RESERVE = 1.0  # seconds kept for saying honestly that an answer did not come

_deadline: ContextVar[float] = ContextVar("deadline", default=float("inf"))


def begin(context: Any) -> None:
    """Called by an inbound door with Lambda's context; without one (None) there is no limit."""
    left = float("inf") if context is None else context.get_remaining_time_in_millis() / 1000
    _deadline.set(time.monotonic() + left - _RESERVE)


def answer_within(seconds: float) -> None:
    """Called by a door that promises its answer sooner than the time limit would have it."""
    _deadline.set(min(_deadline.get(), time.monotonic() + seconds))


def remaining() -> float:
    """Seconds until this invocation has to answer; infinite where nobody set a limit, negative past it."""
    return _deadline.get() - time.monotonic()
