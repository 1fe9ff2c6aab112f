"""What a stay in a room would cost, and whether its nights are free. It all answers; nothing is reserved."""

from datetime import date, datetime

from chalicelib.room.domain.offer import LONGEST_NIGHTS, Quotation, quotation
from chalicelib.room.domain.room import Room
from chalicelib.room.errors import InvalidStay, StayNotTaken
from chalicelib.room.ports import Calendar, Rooms
from chalicelib.room.usecases.rooms import existing_room, offered_room
from kernel.clock import Clock, epoch, today
from kernel.errors import Invalid, Violation
from kernel.stay import Stay

Dates = tuple[date | None, date | None]
"""Check-in and check-out, as far as they are said: without them tonight, for the shortest time the room takes."""


def quote(room_id: str, dates: Dates, guests: int | None, *, rooms: Rooms, clock: Clock) -> Quotation:
    """For another function. Raises NoSuchRoom, InvalidStay."""
    return _quotation(offered_room(room_id, rooms), dates, guests, clock())


def show_quote(
    room_id: str, dates: Dates, guests: int | None, *, rooms: Rooms, calendar: Calendar, clock: Clock
) -> tuple[Quotation, bool]:
    """For whoever looks at a room: what a stay would cost, and whether its nights are free. Raises RoomNotFound,
    StayNotTaken.
    """
    room, now = existing_room(room_id, rooms), clock()
    try:
        quoted = _quotation(room, dates, guests, now)
    except InvalidStay as refused:
        faults = [Violation("?" + fault.pointer.removeprefix("/"), fault.detail) for fault in refused.errors]
        raise StayNotTaken(refused.detail, faults) from refused
    return quoted, _all_free(room, quoted.stay, calendar, now)


def is_free(room_id: str, dates: Dates, *, rooms: Rooms, calendar: Calendar, clock: Clock) -> bool:
    """Whether every night of the stay is free; never for one longer than any room takes. Raises RoomNotFound, and
    Invalid for dates that are no stay.
    """
    room, now = existing_room(room_id, rooms), clock()
    stay = _stay(room, dates, now)
    return stay.length <= LONGEST_NIGHTS and _all_free(room, stay, calendar, now)


def _quotation(room: Room, dates: Dates, guests: int | None, now: datetime) -> Quotation:
    try:
        stay = _stay(room, dates, now)
    except Invalid as error:
        raise InvalidStay(error.errors) from error
    return quotation(room, stay, guests or 1, today(now, room.details.time_zone))


def _stay(room: Room, dates: Dates, now: datetime) -> Stay:
    check_in, check_out = dates
    check_in = check_in or today(now, room.details.time_zone)
    return Stay(check_in, check_out) if check_out else Stay.of(check_in, room.details.min_nights)


def _all_free(room: Room, stay: Stay, calendar: Calendar, now: datetime) -> bool:
    months = calendar.months(room.room_id, list(stay.by_month))
    taken = {night for month in months for night in month.live(epoch(now))}
    return not any(month.closed for month in months) and taken.isdisjoint(stay.nights)
