"""The nights of rooms: who may have them, who has them, and when they are free again."""

from datetime import date, datetime

from chalicelib.room.domain import calendar as domain
from chalicelib.room.domain.booking import Booking
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.offer import LONGEST_NIGHTS, Offer, Quotation, quotation
from chalicelib.room.domain.room import Room
from chalicelib.room.errors import (
    InvalidStay,
    NoSuchRoom,
    PriceChanged,
    StayNotTaken,
    TooLate,
)
from chalicelib.room.ports import Calendar, Rooms
from chalicelib.room.usecases.nights import Decision, decided, until_nights_written
from chalicelib.room.usecases.rooms import existing_room
from kernel.clock import Clock, epoch, today
from kernel.errors import Invalid, Violation
from kernel.events import Event
from kernel.ids import is_id
from kernel.money import Money
from kernel.stay import Stay


def quote(
    room_id: str, dates: tuple[date | None, date | None], guests: int | None, *, rooms: Rooms, clock: Clock
) -> Quotation:
    """Without dates the stay is tonight, for the shortest time the room takes. Raises NoSuchRoom, InvalidStay."""
    room = _room(room_id, rooms)
    day = today(clock(), room.details.time_zone)
    try:
        stay = _stay(room, dates, day)
    except Invalid as error:
        raise InvalidStay(error.errors) from error
    return quotation(room, stay, guests or 1, day)


def show_quote(
    room_id: str,
    dates: tuple[date | None, date | None],
    guests: int | None,
    *,
    rooms: Rooms,
    calendar: Calendar,
    clock: Clock,
) -> tuple[Quotation, bool]:
    """For whoever looks at a room: what a stay would cost, and whether its nights are free. Raises RoomNotFound,
    StayNotTaken.
    """
    existing_room(room_id, rooms)
    try:
        quoted = quote(room_id, dates, guests, rooms=rooms, clock=clock)
    except InvalidStay as refused:
        faults = [Violation("?" + fault.pointer.removeprefix("/"), fault.detail) for fault in refused.errors]
        raise StayNotTaken(refused.detail, faults) from refused
    return quoted, _all_free(quoted.room, quoted.stay, calendar, clock())


def is_free(
    room_id: str, dates: tuple[date | None, date | None], *, rooms: Rooms, calendar: Calendar, clock: Clock
) -> bool:
    """Whether every night of the stay is free; never for one longer than any room takes. It answers; it reserves
    nothing. Raises RoomNotFound.
    """
    room, now = existing_room(room_id, rooms), clock()
    stay = _stay(room, dates, today(now, room.details.time_zone))
    return stay.length <= LONGEST_NIGHTS and _all_free(room, stay, calendar, now)


def claim(
    booking: Booking,
    guests: int,
    until: int,
    shown: Money | None,
    *,
    rooms: Rooms,
    calendar: Calendar,
    clock: Clock,
) -> tuple[Room, Offer]:
    """Holds the nights until `until` (seconds since 1970), and says what they would be sold for now. Raises NoSuchRoom,
    TooLate, InvalidStay, PriceChanged, Taken, Closed.
    """
    now = clock()
    if until <= epoch(now):
        raise TooLate
    room = _room(booking.room_id, rooms)
    asked = quotation(room, booking.stay, guests, today(now, room.details.time_zone)).offer
    if shown is not None and shown != asked.price:
        raise PriceChanged(f"{asked.price.amount} {asked.price.currency}")
    hold = Hold(booking.reservation_id, until)
    calendar.claim(room.room_id, hold, booking.stay.by_month, epoch(now))
    return room, asked


def book(booking: Booking, *, calendar: Calendar, clock: Clock) -> None:
    """Makes the claim permanent. Raises NotHeld, ChangedMeanwhile."""

    def booked(month: Month, nights: tuple[date, ...]) -> domain.Change:
        return domain.book(month, booking.reservation_id, nights, epoch(clock()))

    _change(booking, booked, calendar, clock())


def release(booking: Booking, *, rooms: Rooms, calendar: Calendar, clock: Clock) -> None:
    """Frees every night the reservation still has. Raises ChangedMeanwhile."""

    def freed(month: Month, _: tuple[date, ...]) -> domain.Change:
        return domain.release(month, booking.reservation_id)

    if _change(booking, freed, calendar, clock()):
        rooms.note_action(booking.room_id, "cancelled", clock())


def booked(room_id: str, stay: Stay, *, calendar: Calendar) -> dict[date, str]:
    """Which reservation has booked which night, in all months of the stay; what is only held is left out."""
    months = calendar.months(room_id, list(stay.by_month))
    return {
        night: hold.reservation_id
        for month in months
        for night, hold in sorted(month.nights.items())
        if hold.booked
    }


def _change(booking: Booking, decide: Decision, calendar: Calendar, at: datetime) -> tuple[Event, ...]:
    """Decides on all months of the stay; what was announced of that."""

    def attempt() -> tuple[Event, ...]:
        changes = decided(booking.room_id, booking.stay, decide, calendar)
        if changes:
            calendar.save(changes, at)
        return tuple(event for change in changes for event in change.events)

    return until_nights_written(attempt)


def _room(room_id: str, rooms: Rooms) -> Room:
    room = rooms.get(room_id) if is_id(room_id) else None
    if room is None or room.deleted:
        raise NoSuchRoom
    return room


def _all_free(room: Room, stay: Stay, calendar: Calendar, now: datetime) -> bool:
    months = calendar.months(room.room_id, list(stay.by_month))
    taken = {night for month in months for night in month.live(epoch(now))}
    return not any(month.closed for month in months) and taken.isdisjoint(stay.nights)


def _stay(room: Room, dates: tuple[date | None, date | None], day: date) -> Stay:
    check_in = dates[0] or day
    return Stay(check_in, dates[1]) if dates[1] else Stay.of(check_in, room.details.min_nights)
