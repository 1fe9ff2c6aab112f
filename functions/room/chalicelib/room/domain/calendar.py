"""A month of a room's calendar: who has which night.

A night is free, held by a reservation until an instant (a claim), booked by one, or blocked by the host. A claim
announces nothing and has no version: all else does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib.room.errors import Closed, Holder, NightsTaken, NotHeld, RoomNotFound, Taken
from chalicelib.room.events import RoomBlocked, RoomCancelled, RoomReserved, RoomUnblocked
from kernel.events import Event
from kernel.outbox import Entry


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` in seconds since 1970; None when the night is booked or `blocked`, then by the block of this id."""

    reservation_id: str
    until: int | None
    blocked: bool = False

    @property
    def booked(self) -> bool:
        return self.until is None and not self.blocked

    def is_of(self, reservation_id: str) -> bool:
        return self.reservation_id == reservation_id and not self.blocked

    def live(self, now: int) -> bool:
        return self.until is None or self.until >= now


@dataclass(frozen=True, slots=True)
class Month:
    """`month` is "2026-12"; `nights` holds those that are not free. `outbox` is carried along, never looked at here."""

    room_id: str
    month: str
    nights: Mapping[date, Hold] = field(default_factory=dict)
    closed: bool = False
    version: int = 0
    outbox: tuple[Entry, ...] = field(default=(), compare=False, repr=False)

    def live(self, now: int) -> dict[date, Hold]:
        """The nights that somebody has, and who."""
        return {night: hold for night, hold in sorted(self.nights.items()) if hold.live(now)}


Change = tuple[Month, tuple[Event, ...]]


def claim(month: Month, hold: Hold, nights: Iterable[date], now: int) -> Month:
    """Takes nights that are free, run out, or held by the same reservation. Booked by it already is success, and never
    turned back into a claim. Raises Taken or Closed.
    """
    wanted = tuple(nights)
    if all(month.nights.get(night) == Hold(hold.reservation_id, None) for night in wanted):
        return month
    if month.closed:
        raise Closed
    for night in wanted:
        found = month.nights.get(night)
        if found and found.live(now) and (found.reservation_id != hold.reservation_id or found.until is None):
            raise Taken
    return replace(month, nights={**month.nights, **dict.fromkeys(wanted, hold)})


def book(month: Month, reservation_id: str, nights: Iterable[date], now: int) -> Change:
    """Makes a claim permanent. Booked by it already is success and announces nothing. Raises NotHeld."""
    wanted = tuple(nights)
    for night in wanted:
        found = month.nights.get(night)
        if (
            found is None
            or found.reservation_id != reservation_id
            or (found.until is not None and found.until <= now)
        ):
            raise NotHeld
    fresh = [night for night in wanted if month.nights[night].until is not None]
    if not fresh:
        return month, ()
    booked = dict.fromkeys(wanted, Hold(reservation_id, None))
    after = replace(month, nights={**month.nights, **booked}, version=month.version + 1)
    return after, (_announced(RoomReserved, after, reservation_id, wanted),)


def release(month: Month, reservation_id: str) -> Change:
    """Frees every night of the reservation, claimed or booked; announced when one had been booked."""
    own = {night: hold for night, hold in month.nights.items() if hold.is_of(reservation_id)}
    if not own:
        return month, ()
    kept = {night: hold for night, hold in month.nights.items() if night not in own}
    after = replace(month, nights=kept, version=month.version + 1)
    booked = sorted(night for night, hold in own.items() if hold.until is None)
    return after, (_announced(RoomCancelled, after, reservation_id, booked),) if booked else ()


def block(month: Month, block_id: str, nights: Iterable[date], now: int) -> Change:
    """Takes free nights for the host. What the block has already is success and announces nothing. Raises NightsTaken
    when a guest or another block has one, RoomNotFound when the room has gone.
    """
    wanted, own = tuple(nights), Hold(block_id, None, blocked=True)
    if all(month.nights.get(night) == own for night in wanted):
        return month, ()
    if month.closed:
        raise RoomNotFound
    taken = {night: hold for night, hold in month.live(now).items() if night in wanted and hold != own}
    if taken:
        raise NightsTaken(holders(taken))
    blocked = {**month.nights, **dict.fromkeys(wanted, own)}
    after = replace(month, nights=blocked, version=month.version + 1)
    return after, (_blocked(RoomBlocked, after, block_id, wanted),)


def unblock(month: Month, block_id: str) -> Change:
    """Gives every night of the block back."""
    own = [
        night for night, hold in sorted(month.nights.items()) if hold == Hold(block_id, None, blocked=True)
    ]
    if not own:
        return month, ()
    kept = {night: hold for night, hold in month.nights.items() if night not in own}
    after = replace(month, nights=kept, version=month.version + 1)
    return after, (_blocked(RoomUnblocked, after, block_id, own),)


def holders(nights: Mapping[date, Hold]) -> list[Holder]:
    """Who has which of these nights."""
    found: dict[Hold, list[date]] = {}
    for night, hold in sorted(nights.items()):
        found.setdefault(hold, []).append(night)
    return [Holder(hold.reservation_id, tuple(own), hold.blocked) for hold, own in found.items()]


def _blocked(
    event: type[RoomBlocked | RoomUnblocked], month: Month, block_id: str, nights: Iterable[date]
) -> Event:
    return event(room_id=month.room_id, block_id=block_id, nights=list(nights))


def _announced(
    event: type[RoomReserved | RoomCancelled], month: Month, reservation_id: str, nights: Iterable[date]
) -> Event:
    reserved = event is RoomReserved
    return event(
        room_id=month.room_id,
        reservation_id=reservation_id,
        nights=list(nights),
        status="reserved" if reserved else "available",
        last_action="reserved" if reserved else "cancelled",
    )
