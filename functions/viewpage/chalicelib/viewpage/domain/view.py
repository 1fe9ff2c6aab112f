"""What a reader sees of a row: the room for everyone, a booking for those it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.viewpage.domain.order import Order, city_key
from chalicelib.viewpage.domain.parts import RoomFacts
from chalicelib.viewpage.domain.row import Action, Booking, Row
from kernel.clock import today
from kernel.identity import Caller
from kernel.stay import Stay


@dataclass(frozen=True, slots=True)
class RoomView:
    """`booked` and `blocked` are spans of nights from tonight on, [first, day after the last): those that guests and
    those that the host has. `booking` is one that the reader may see. `is_reserved` says that tonight, in the room's
    own time zone, is booked.
    """

    room_id: str
    facts: RoomFacts
    is_reserved: bool
    booked: tuple[Stay, ...]
    blocked: tuple[Stay, ...]
    last: Action
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader looks for; None: anything. `most_per_night` is held against the base price of a night, as the view
    knows no rates of single dates: what a stay costs says its quote.
    """

    host_id: str | None = None
    city: str | None = None
    is_reserved: bool | None = None
    stay: Stay | None = None
    guests: int | None = None
    most_per_night: int | None = None
    order: Order = Order.NEWEST

    def fits(self, view: RoomView) -> bool:
        facts = view.facts
        return (
            self.host_id in (None, facts.host_id)
            and (self.city is None or city_key(self.city) == city_key(facts.city))
            and (self.is_reserved is None or self.is_reserved == view.is_reserved)
            and (self.guests is None or self.guests <= facts.max_guests)
            and (self.most_per_night is None or facts.price_per_night.amount <= self.most_per_night)
            and (self.stay is None or _is_free(view, self.stay))
        )


def view_of(row: Row, facts: RoomFacts, reader: Caller | None, now: datetime) -> RoomView:
    """The room as the reader sees it at `now`, with the booking that concerns the reader most, if any."""
    tonight = today(now, facts.time_zone)
    nights = {night for booking in row.bookings.values() if not booking.blocked for night in booking.nights}
    blocked = {night for booking in row.bookings.values() if booking.blocked for night in booking.nights}
    return RoomView(
        room_id=row.room_id,
        facts=facts,
        is_reserved=tonight in nights,
        booked=_spans(nights, tonight),
        blocked=_spans(blocked, tonight),
        last=row.last,
        booking=_nearest(_bookings_for(reader, row, facts), tonight),
    )


def concerns(reader: Caller, booking: Booking, facts: RoomFacts) -> bool:
    """Whether the reader is the booking's guest, the room's host, or an admin."""
    return reader.is_admin or reader.subject in {booking.guest_id, booking.host_id, facts.host_id}


def _bookings_for(reader: Caller | None, row: Row, facts: RoomFacts) -> list[Booking]:
    if reader is None:
        return []
    known = [*row.bookings.values(), *([row.ended] if row.ended else [])]
    return [booking for booking in known if booking.status and concerns(reader, booking, facts)]


def _nearest(bookings: list[Booking], tonight: date) -> Booking | None:
    """The current or else the next booking; without one the booking that changed last."""
    coming = [
        (booking.check_in, booking.reservation_id, booking)
        for booking in bookings
        if booking.is_open and booking.check_in and booking.check_out and booking.check_out > tonight
    ]
    if coming:
        return min(coming, key=lambda entry: entry[:2])[2]
    return max(bookings, key=lambda booking: (booking.changed, booking.reservation_id), default=None)


def _spans(nights: Iterable[date], first: date) -> tuple[Stay, ...]:
    spans: list[Stay] = []
    for night in sorted(night for night in nights if night >= first):
        after = night + timedelta(days=1)
        if spans and spans[-1].check_out == night:
            spans[-1] = Stay(spans[-1].check_in, after)
        else:
            spans.append(Stay(night, after))
    return tuple(spans)


def _is_free(view: RoomView, stay: Stay) -> bool:
    return stay.length >= view.facts.min_nights and not any(
        span.check_in < stay.check_out and stay.check_in < span.check_out
        for span in (*view.booked, *view.blocked)
    )
