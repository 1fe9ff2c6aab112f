"""What a route promises whoever calls it. Read when the API's document is written, and by no function that runs.

A service's `promises.py` says, by the name of each view in its app.py, what the view takes, what it gives and how it
may refuse. What the route says already (path, method, authorizer) is said there alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

import msgspec

from kernel.errors import Malformed, StaybookError
from kernel.inputs import Input
from kernel.words import wire_name

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Instant = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", extra_json_schema={"format": "date-time"}
    ),
]
NightSpan = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d$")]


class Shown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=wire_name):
    """Base of what clients are shown: just these fields, no other."""


class Link(Shown, frozen=True, kw_only=True):
    """Where a related thing is."""

    href: str


class Resource(Shown, frozen=True, kw_only=True):
    """Base of what has an address of its own: `_links.self`."""

    links: dict[str, Link] = msgspec.field(name="_links")


@dataclass(frozen=True, slots=True)
class Many:
    """A page of resources under `_embedded.<family>`, and what the page says besides."""

    family: str
    each: type[Shown]
    besides: Mapping[str, type] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """Bytes of one of these media types."""

    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Json:
    """JSON that is no resource."""

    schema: object


Gift = type[Shown] | Many | File | Json | None


class Header(StrEnum):
    """What a client may say beside path, query and body."""

    IF_MATCH = "If-Match"
    IF_NONE_MATCH = "If-None-Match"
    IDEMPOTENCY_KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Promise:
    """One operation. `gives` is None where the answer has no body; `refuses` are the errors of its use case, beside
    those that follow from what it takes and from who may call it.
    """

    summary: str
    gives: Gift
    status: int = 200
    takes: type[Input] | None = None
    asks: type[Input] | None = None
    heeds: tuple[Header, ...] = ()
    refuses: tuple[type[StaybookError], ...] = ()


def reads(
    summary: str, gives: Gift, *refuses: type[StaybookError], asks: type[Input] | None = None
) -> Promise:
    """A read, which costs no body when nothing has changed."""
    return Promise(summary, gives, asks=asks, heeds=(Header.IF_NONE_MATCH,), refuses=refuses)


def creates(summary: str, takes: type[Input], gives: Gift, *refuses: type[StaybookError]) -> Promise:
    """Makes something at an address of its own, once for each Idempotency-Key."""
    heeds = (Header.IDEMPOTENCY_KEY,)
    return Promise(summary, gives, 201, takes, heeds=heeds, refuses=(Malformed, *refuses))


def changes(summary: str, takes: type[Input], gives: Gift, *refuses: type[StaybookError]) -> Promise:
    """Changes the state that the client means."""
    return Promise(summary, gives, takes=takes, heeds=(Header.IF_MATCH,), refuses=refuses)


def removes(summary: str, *refuses: type[StaybookError], heeds: tuple[Header, ...] = ()) -> Promise:
    """Takes something away."""
    return Promise(summary, None, 204, heeds=heeds, refuses=refuses)
