"""Hosts register, describe and delete rooms; everybody reads them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from chalicelib.room.domain import horizon
from chalicelib.room.domain import room as domain
from chalicelib.room.domain.calendar import Hold, Month, holders
from chalicelib.room.domain.rates import Rates
from chalicelib.room.domain.room import Details, Room, RoomNow
from chalicelib.room.errors import (
    NoSuchRoom,
    NotYourRoom,
    RoomHasBookings,
    RoomNotFound,
)
from chalicelib.room.ports import Calendar, Rooms, Transition
from kernel.clock import Clock, epoch, today
from kernel.deciding import Made
from kernel.errors import ChangedMeanwhile, KeyReused, Unavailable
from kernel.identity import Caller
from kernel.ids import derived_id, fingerprint, is_id, new_id
from kernel.pages import Page

Guard = Callable[[RoomNow], None]
_BRAKED_SECONDS = 60  # an operator's brake is seen to be off within that time


def check_brake(*, takes_rooms: bool) -> None:
    """Raises Unavailable while the operator takes no new rooms."""
    if not takes_rooms:
        raise Unavailable("No new rooms are taken just now.", retry_after=_BRAKED_SECONDS)


def register_room(
    host: Caller, details: Details, key: str | None, *, rooms: Rooms, clock: Clock
) -> Made[RoomNow]:
    """Raises KeyReused when the key registered another room than this."""
    now = clock()
    room_id = derived_id("room", host.subject, key) if key else new_id(int(now.timestamp() * 1000))
    room, events = domain.register(room_id, host.subject, details, now, fingerprint(details))
    try:
        rooms.save(Transition(None, room, events), now)
    except ChangedMeanwhile:
        # Somebody was here before: an earlier request with this key, or this very one, whose reply was lost.
        return _registered_before(room, rooms.get(room_id))
    return Made(RoomNow(room, "available"), replayed=False)


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
    change: Callable[[Details], Details],
    guard: Guard,
    *,
    rooms: Rooms,
    calendar: Calendar,
    clock: Clock,
) -> RoomNow:
    """`change` makes the new details of the present ones; `guard` is shown the present state and raises when the client
    meant another. Raises RoomNotFound, NotYourRoom, CurrencyOfRates, ChangedMeanwhile.
    """
    present = read_room(room_id, rooms=rooms, calendar=calendar, clock=clock)
    _own(host, present.room)
    guard(present)
    now = clock()
    after, events = domain.modify(present.room, change(present.room.details), now)
    if events:
        rooms.save(Transition(present.room, after, events), now)
    return RoomNow(after, present.status)


def delete_room(
    host: Caller, room_id: str, guard: Guard, *, rooms: Rooms, calendar: Calendar, clock: Clock
) -> None:
    """Closes the calendar up to the horizon and leaves a tombstone, in one write; blocks do not keep a room. Raises
    RoomNotFound, NotYourRoom, RoomHasBookings, ChangedMeanwhile.
    """
    present = read_room(room_id, rooms=rooms, calendar=calendar, clock=clock)
    _own(host, present.room)
    guard(present)
    now = clock()
    tonight = today(now, present.room.details.time_zone)
    months = calendar.months(room_id, horizon.months(tonight))
    if taken := _bookings(months, epoch(now), tonight):
        raise RoomHasBookings(holders(taken))
    gone, events = domain.delete(present.room, now)
    calendar.close(months, Transition(present.room, gone, events), now)


def read_rates(room_id: str, *, rooms: Rooms) -> Room:
    """The room with its rates. Raises RoomNotFound."""
    return existing_room(room_id, rooms)


def set_rates(
    host: Caller, room_id: str, rates: Rates, guard: Callable[[Room], None], *, rooms: Rooms, clock: Clock
) -> Room:
    """All rates anew. What was claimed before keeps its price. Raises RoomNotFound, NotYourRoom, Invalid,
    ChangedMeanwhile.
    """
    present = own_room(host, room_id, rooms)
    guard(present)
    after, events = domain.price_nights(present, rates, now := clock())
    if events:
        rooms.save(Transition(present, after, events), now)
    return after


def own_room(host: Caller, room_id: str, rooms: Rooms) -> Room:
    """The room, for its host. Raises RoomNotFound, NotYourRoom."""
    return _own(host, existing_room(room_id, rooms))


def existing_room(room_id: str, rooms: Rooms) -> Room:
    """Raises RoomNotFound for one that never was or is deleted."""
    room = rooms.get(room_id) if is_id(room_id) else None
    if room is None or room.deleted:
        raise RoomNotFound(f"No room has the id {room_id[:64]}.")
    return room


def offered_room(room_id: str, rooms: Rooms) -> Room:
    """The room, for another function. Raises NoSuchRoom."""
    try:
        return existing_room(room_id, rooms)
    except RoomNotFound as error:
        raise NoSuchRoom from error


def _own(host: Caller, room: Room) -> Room:
    if host.subject != room.host_id and not host.is_admin:
        raise NotYourRoom
    return room


def _registered_before(asked: Room, found: Room | None) -> Made[RoomNow]:
    """As it was answered then, whatever has become of the room."""
    if found is None or found.fingerprint != asked.fingerprint:
        raise KeyReused("Use a new key for a new room.")
    first = replace(asked, created_at=found.created_at, last_action_at=found.created_at)
    return Made(RoomNow(first, "available"), replayed=True)


def _bookings(months: Sequence[Month], now: int, first: date) -> dict[date, Hold]:
    """The nights from `first` on that guests hold or have booked."""
    live = {night: hold for month in months for night, hold in month.live(now).items()}
    return {night: hold for night, hold in live.items() if night >= first and not hold.blocked}


def _as_of_tonight(room: Room, calendar: Calendar, clock: Clock) -> RoomNow:
    tonight = today(clock(), room.details.time_zone)
    month: Month = calendar.months(room.room_id, [f"{tonight:%Y-%m}"])[0]
    hold = month.nights.get(tonight)
    return RoomNow(room, "reserved" if hold is not None and hold.booked else "available")
