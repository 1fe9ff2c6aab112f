"""Events: what a service says happened, and the envelope (CloudEvents 1.0) it travels in."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from kernel.clock import instant
from kernel.words import wire_name


class Event(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """Base of every domain event. The class name, in the past tense, is its type on the wire."""


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One announced event. `id` is `<aggregate id>:<version>:<n>`, so that a redelivery is recognisable."""

    id: str
    source: str
    type: str
    subject: str
    time: str
    sequence: int
    correlationid: str
    data: dict[str, Any]
    causationid: str | msgspec.UnsetType = msgspec.UNSET
    specversion: str = "1.0"
    datacontenttype: str = "application/json"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something happens: the story it belongs to, and the event that led to it (None: a request)."""

    correlation_id: str
    causation_id: str | None = None


_NONE = Cause("none")
_present: ContextVar[Cause] = ContextVar("cause", default=_NONE)


def present_cause() -> Cause:
    """The cause of what this invocation does; the inbound doors set it."""
    return _present.get()


def begin(cause: Cause) -> None:
    """Called by an inbound door before a use case runs."""
    _present.set(cause)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Which state announces: `subject` is its id, `source` is `staybook.<service>`."""

    source: str
    subject: str


def announce(aggregate: Aggregate, version: int, events: Iterable[Event], at: datetime) -> list[CloudEvent]:
    """Wraps the events of one transition to `version`, under the present cause."""
    cause = present_cause()
    return [
        CloudEvent(
            id=f"{aggregate.subject}:{version}:{number}",
            source=aggregate.source,
            type=type(event).__name__,
            subject=aggregate.subject,
            time=instant(at),
            sequence=version,
            correlationid=cause.correlation_id,
            causationid=cause.causation_id or msgspec.UNSET,
            data=msgspec.to_builtins(event),
        )
        for number, event in enumerate(events, 1)
    ]
