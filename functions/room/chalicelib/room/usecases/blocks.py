"""Hosts keep nights for themselves, and give them back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.room.domain import block as domain
from chalicelib.room.domain import calendar as nights
from chalicelib.room.domain.block import Block
from chalicelib.room.domain.calendar import Month
from chalicelib.room.errors import BlockNotFound, ChangedMeanwhile, KeyReused
from chalicelib.room.ports import Blocks, Calendar, Rooms, Transition
from chalicelib.room.usecases.rooms import own_room
from kernel.clock import Clock, epoch, today
from kernel.identity import Caller
from kernel.ids import derived_id, fingerprint, is_id, new_id
from kernel.stay import Stay

_ATTEMPTS = 8  # bookings and blocks of one month of one room meet at its version

Change = Callable[[Month, tuple[date, ...]], nights.Change]


@dataclass(frozen=True, slots=True)
class Made[T]:
    """What a request made; `replayed`: an earlier request with its key did."""

    made: T
    replayed: bool


def block_nights(
    host: Caller,
    room_id: str,
    stay: Stay,
    reason: str,
    key: str | None,
    *,
    rooms: Rooms,
    calendar: Calendar,
    blocks: Blocks,
    clock: Clock,
) -> Made[Block]:
    """Takes the nights if all of them are free. Raises RoomNotFound, NotYourRoom, Invalid, NightsTaken, KeyReused,
    ChangedMeanwhile.
    """
    room, now = own_room(host, room_id, rooms), clock()
    asked = Block(
        room_id=room_id,
        block_id=derived_id("block", room_id, host.subject, key) if key else new_id(),
        stay=stay,
        reason=reason,
        created_at=now,
        fingerprint=fingerprint((stay, reason)),
    )
    if key and (found := blocks.get(room_id, asked.block_id)):
        return _replayed(found, asked)
    domain.check(stay, today(now, room.details.time_zone))

    def taken(month: Month, wanted: tuple[date, ...]) -> nights.Change:
        return nights.block(month, asked.block_id, wanted, epoch(now))

    try:
        _save(None, asked, taken, calendar, blocks, now)
    except ChangedMeanwhile:
        if found := blocks.get(room_id, asked.block_id):
            return _replayed(found, asked)
        raise
    return Made(asked, replayed=False)


def list_blocks(host: Caller, room_id: str, *, rooms: Rooms, blocks: Blocks, clock: Clock) -> list[Block]:
    """Those that are not over, by check-in. Raises RoomNotFound, NotYourRoom."""
    room = own_room(host, room_id, rooms)
    day = today(clock(), room.details.time_zone)
    present = [block for block in blocks.of_room(room_id) if block.stay.check_out > day]
    return sorted(present, key=lambda block: block.stay.check_in)


def unblock_nights(
    host: Caller,
    room_id: str,
    block_id: str,
    *,
    rooms: Rooms,
    calendar: Calendar,
    blocks: Blocks,
    clock: Clock,
) -> None:
    """Raises RoomNotFound, NotYourRoom, BlockNotFound, ChangedMeanwhile."""
    own_room(host, room_id, rooms)
    before = blocks.get(room_id, block_id) if is_id(block_id) else None
    if before is None or before.lifted:
        raise BlockNotFound

    def freed(month: Month, _: tuple[date, ...]) -> nights.Change:
        return nights.unblock(month, block_id)

    _save(before, replace(before, lifted=True), freed, calendar, blocks, clock())


def _replayed(found: Block, asked: Block) -> Made[Block]:
    if found.fingerprint != asked.fingerprint:
        raise KeyReused("Use a new key for a new block.")
    return Made(replace(found, lifted=False), replayed=True)


def _save(
    before: Block | None, after: Block, change: Change, calendar: Calendar, blocks: Blocks, now: datetime
) -> None:
    """The block and its nights in one write, as long as it is only others' nights that have changed meanwhile."""
    by_month = after.stay.by_month
    for _ in range(_ATTEMPTS):
        months = calendar.months(after.room_id, list(by_month))
        changes = [Transition(month, *change(month, by_month[month.month])) for month in months]
        try:
            return blocks.save(before, after, [each for each in changes if each.after != each.before], now)
        except ChangedMeanwhile:
            if blocks.get(after.room_id, after.block_id) != before:
                raise
    raise ChangedMeanwhile("The calendar of this room is changing quickly; try again.")
