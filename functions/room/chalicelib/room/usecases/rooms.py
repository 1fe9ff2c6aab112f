"""Hosts register, describe and delete rooms; everybody reads them."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from chalicelib.room.domain import room as domain
from chalicelib.room.domain.calendar import Month
from chalicelib.room.domain.offer import HORIZON_DAYS
from chalicelib.room.domain.room import Details, Room, RoomNow
from chalicelib.room.errors import NotYourRoom, RoomHasBookings, RoomNotFound
from chalicelib.room.ports import Calendar, Rooms, Transition
from kernel.clock import Clock, epoch, today
from kernel.identity import Caller
from kernel.ids import is_id, new_id
from kernel.pages import Page

Guard = Callable[[RoomNow], None]


def register_room(host: Caller, details: Details, *, rooms: Rooms, clock: Clock) -> RoomNow:
    now = clock()
    room, events = domain.register(new_id(int(now.timestamp() * 1000)), host.subject, details, now)
    rooms.save(Transition(None, room, events), now)
    return RoomNow(room, "available")


def read_room(room_id: str, *, rooms: Rooms, calendar: Calendar, clock: Clock) -> RoomNow:
    """Raises RoomNotFound."""
    return _as_of_tonight(existing_room(room_id, rooms), calendar, clock)


def list_rooms(
    limit: int, cursor: str | None, *, rooms: Rooms, calendar: Calendar, clock: Clock
) -> Page[RoomNow]:
    page = rooms.page(limit, cursor)
    return Page(tuple(_as_of_tonight(room, calendar, clock) for room in page.items), page.cursor)


def modify_room(
    host: Caller,
    room_id: str,
    changes: Mapping[str, Any],
    guard: Guard,
    *,
    rooms: Rooms,
    calendar: Calendar,
    clock: Clock,
) -> RoomNow:
    """`guard` is shown the present state and raises when the client meant another. Raises RoomNotFound, NotYourRoom,
    ChangedMeanwhile.
    """
    present = _own(host, read_room(room_id, rooms=rooms, calendar=calendar, clock=clock))
    guard(present)
    now = clock()
    after, events = domain.modify(present.room, changes, now)
    if events:
        rooms.save(Transition(present.room, after, events), now)
    return RoomNow(after, present.status)


def delete_room(
    host: Caller, room_id: str, guard: Guard, *, rooms: Rooms, calendar: Calendar, clock: Clock
) -> None:
    """Closes the calendar up to the horizon and leaves a tombstone, in one write. Raises RoomNotFound, NotYourRoom,
    RoomHasBookings, ChangedMeanwhile.
    """
    present = _own(host, read_room(room_id, rooms=rooms, calendar=calendar, clock=clock))
    guard(present)
    now = clock()
    months = calendar.months(room_id, _months_to_horizon(present.room, clock))
    if taken := [
        night for month in months for night in month.live(epoch(now)) if night >= _today(present.room, clock)
    ]:
        raise RoomHasBookings(f"The night of {min(taken)} is held or booked.")
    gone, events = domain.delete(present.room, now)
    calendar.close(months, Transition(present.room, gone, events), now)


def existing_room(room_id: str, rooms: Rooms) -> Room:
    """Raises RoomNotFound for one that never was or is deleted."""
    room = rooms.get(room_id) if is_id(room_id) else None
    if room is None or room.deleted:
        raise RoomNotFound(f"No room has the id {room_id[:64]}.")
    return room


def _own(host: Caller, present: RoomNow) -> RoomNow:
    if host.subject != present.room.host_id and not host.is_admin:
        raise NotYourRoom
    return present


def _as_of_tonight(room: Room, calendar: Calendar, clock: Clock) -> RoomNow:
    tonight = _today(room, clock)
    month: Month = calendar.months(room.room_id, [f"{tonight:%Y-%m}"])[0]
    hold = month.nights.get(tonight)
    return RoomNow(room, "reserved" if hold is not None and hold.until is None else "available")


def _today(room: Room, clock: Clock) -> date:
    return today(clock(), room.details.time_zone)


def _months_to_horizon(room: Room, clock: Clock) -> list[str]:
    first = _today(room, clock)
    days = (first + timedelta(days=number) for number in range(HORIZON_DAYS + 1))
    return list(dict.fromkeys(f"{day:%Y-%m}" for day in days))
