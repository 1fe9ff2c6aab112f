"""What comes in: what readers ask for, what other functions and operators ask, and what is read of events."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.viewpage.domain.order import Order
from chalicelib.viewpage.domain.sameness import Side
from chalicelib.viewpage.domain.view import Wish
from kernel.errors import Invalid, Violation
from kernel.events import CloudEvent
from kernel.inputs import Cursor, Input
from kernel.money import Money
from kernel.stay import Stay
from kernel.words import wire_name

PageSize = Annotated[int, Meta(ge=1, le=100)]
Count = Annotated[int, Meta(ge=1)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]
City = Annotated[str, Meta(max_length=80)]


class ViewsQuery(Input, frozen=True, kw_only=True):
    """GET /roomviews. `max_price` is for a night, in minor units of the room's currency; without `sort` the newest come
    first.
    """

    host_id: Id | None = None
    city: City | None = None
    status: Literal["available", "reserved"] | None = None
    check_in: date | None = None
    check_out: date | None = None
    guests: Count | None = None
    max_price: Annotated[int, Meta(ge=0)] | None = None
    sort: Literal["newest", "price", "rating"] | None = None
    size: PageSize = 20
    cursor: Cursor | None = None


class ReservationQuery(Input, frozen=True, kw_only=True):
    reservation_id: Id


class PaymentQuery(Input, frozen=True, kw_only=True):
    payment_id: Id


class InspectView(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `inspect`: what the view shows of a reservation."""

    reservation_id: str


class Fold(Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `fold`: events as their service announced them, told once more."""

    events: list[CloudEvent]


COMMANDS = {"upkeep": {"inspect": InspectView, "fold": Fold}}
"""What other services ask of a function: part of the published contract."""


class BeginRebuild(Struct, frozen=True, kw_only=True, rename="camel"):
    """The step `begin`. `until`: the rooms are to be shown as they were then; None: as they are."""

    until: datetime | None = None


class RebuildStep(Struct, frozen=True, kw_only=True, rename="camel"):
    """Any later step. `position`: where the one before ended, of a step over a whole table."""

    rebuild_id: str = ""
    position: str | None = None


class FoldStep(RebuildStep, frozen=True, kw_only=True):
    """The step `fold`: what lies in outboxes, told once more."""

    events: list[CloudEvent]


class CompareStep(RebuildStep, frozen=True, kw_only=True):
    """The step `compare`. `side`: the table that is gone through."""

    side: Side


class Told(Struct, frozen=True, kw_only=True, rename=wire_name):
    """Base of what is read of an event's data; whatever else it says passes by."""

    room_id: str


class RoomTold(Told, frozen=True, kw_only=True):
    host_id: str
    description: str
    title: str
    city: str
    time_zone: str
    max_guests: int
    min_nights: int
    price_per_night: Money
    cancellation_policy: str
    review_count: int
    rating_total: int
    last_action: str
    rating_count: int = 0
    photos: tuple[str, ...] = ()


class RoomDeletedTold(Told, frozen=True, kw_only=True):
    host_id: str


class BlockTold(Told, frozen=True, kw_only=True):
    block_id: str
    nights: tuple[date, ...]


class ReservationTold(Told, frozen=True, kw_only=True):
    reservation_id: str
    guest_id: str
    host_id: str
    check_in: date
    check_out: date
    payment_id: str | None = None


class PaymentTold(Told, frozen=True, kw_only=True):
    reservation_id: str
    payment_id: str


def wish(query: ViewsQuery) -> Wish:
    """Raises Invalid when only one end of the stay is given, or it has no night, and for an order of a host's rooms."""
    if query.host_id is not None and query.sort is not None:
        raise Invalid("A host's rooms come in no order.", [Violation("?sort", "not together with hostId")])
    return Wish(
        host_id=query.host_id,
        city=query.city,
        is_reserved=None if query.status is None else query.status == "reserved",
        stay=_stay(query.check_in, query.check_out),
        guests=query.guests,
        most_per_night=query.max_price,
        order=Order(query.sort) if query.sort else Order.NEWEST,
    )


def _stay(check_in: date | None, check_out: date | None) -> Stay | None:
    if check_in is None and check_out is None:
        return None
    if check_in is None or check_out is None:
        missing = "?checkIn" if check_in is None else "?checkOut"
        raise Invalid("A stay has two ends.", [Violation(missing, "required with the other")])
    if check_out <= check_in:
        raise Invalid("A stay has at least one night.", [Violation("?checkOut", "must be after checkIn")])
    return Stay(check_in, check_out)
