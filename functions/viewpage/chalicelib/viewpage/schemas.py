"""What goes over the wire to readers: queries, and the representation of a room in view."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.viewpage.domain.order import Order
from chalicelib.viewpage.domain.row import Booking
from chalicelib.viewpage.domain.view import RoomView, Wish
from kernel import hal
from kernel.errors import Invalid, Violation
from kernel.events import CloudEvent
from kernel.inputs import Cursor, Input
from kernel.stay import Stay
from kernel.words import wire_name

PageSize = Annotated[int, msgspec.Meta(ge=1, le=100)]
Count = Annotated[int, msgspec.Meta(ge=1)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
City = Annotated[str, msgspec.Meta(max_length=80)]


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
    max_price: Annotated[int, msgspec.Meta(ge=0)] | None = None
    sort: Literal["newest", "price", "rating"] | None = None
    size: PageSize = 20
    cursor: Cursor | None = None


class ReservationQuery(Input, frozen=True, kw_only=True):
    reservation_id: Id


class PaymentQuery(Input, frozen=True, kw_only=True):
    payment_id: Id


class InspectView(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `inspect`: what the view shows of a reservation."""

    reservation_id: str


class Fold(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """The command `fold`: events as their service announced them, told once more."""

    events: list[CloudEvent]


COMMANDS = {"upkeep": {"inspect": InspectView, "fold": Fold}}
"""What other services ask of a function: part of the published contract."""


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


def view_resource(view: RoomView) -> dict[str, Any]:
    """A room in view; what a booking adds is there only for those it concerns."""
    facts = view.facts
    body = {
        "id": view.room_id,
        "roomId": view.room_id,
        "hostId": facts.host_id,
        "desc": facts.description,
        "title": facts.title,
        "city": facts.city,
        "timeZone": facts.time_zone,
        "maxGuests": facts.max_guests,
        "minNights": facts.min_nights,
        "pricePerNight": facts.price_per_night.shown,
        "cancellationPolicy": facts.cancellation_policy,
        "photos": [f"/rooms/{view.room_id}/photos/{photo_id}" for photo_id in facts.photos],
        "reviewCnt": facts.review_count,
        "rating": round(facts.rating_total / facts.rating_count, 2) if facts.rating_count else None,
        "roomStatus": "reserved" if view.is_reserved else "available",
        "bookedNights": [f"{span.check_in}/{span.check_out}" for span in view.booked],
        "blockedNights": [f"{span.check_in}/{span.check_out}" for span in view.blocked],
        "lastAction": view.last.name,
        "lastChange": view.last.time,
        **(_booking(view.booking) if view.booking else {}),
    }
    return hal.resource(body, f"/roomviews/{view.room_id}", room=f"/rooms/{view.room_id}")


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "rsvId": booking.reservation_id,
        "rsvStatus": booking.status,
        "payId": booking.payment_id or None,
        "payStatus": booking.payment_status or None,
    }
