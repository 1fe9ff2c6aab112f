"""Hosts keep nights for themselves, and give them back."""

from dataclasses import replace
from datetime import date

from chalicelib.room.domain import block as domain
from chalicelib.room.domain import calendar as nights
from chalicelib.room.domain.block import Block
from chalicelib.room.domain.calendar import Month
from chalicelib.room.errors import BlockNotFound
from chalicelib.room.ports import Blocks, Calendar, Rooms
from chalicelib.room.usecases.nights import decided, until_nights_written
from chalicelib.room.usecases.rooms import own_room
from kernel.clock import Clock, epoch, today
from kernel.deciding import Made
from kernel.errors import ChangedMeanwhile, KeyReused
from kernel.identity import Caller
from kernel.ids import derived_id, fingerprint, is_id, new_id
from kernel.stay import Stay


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

    def attempt() -> Made[Block]:
        try:
            blocks.save(None, asked, decided(room_id, stay, taken, calendar), now)
        except ChangedMeanwhile:
            if found := blocks.get(room_id, asked.block_id):
                return _replayed(found, asked)
            raise  # it is only others' nights that have changed
        return Made(asked, replayed=False)

    return until_nights_written(attempt)


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

    lifted, now = replace(before, lifted=True), clock()

    def freed(month: Month, _: tuple[date, ...]) -> nights.Change:
        return nights.unblock(month, block_id)

    def attempt() -> bool:
        """Whether the block was as before. Raises ChangedMeanwhile when it is only others' nights that have changed."""
        try:
            blocks.save(before, lifted, decided(room_id, before.stay, freed, calendar), now)
        except ChangedMeanwhile:
            if blocks.get(room_id, block_id) == before:
                raise
            return False
        return True

    if not until_nights_written(attempt):
        raise ChangedMeanwhile


def _replayed(found: Block, asked: Block) -> Made[Block]:
    if found.fingerprint != asked.fingerprint:
        raise KeyReused("Use a new key for a new block.")
    return Made(found, replayed=True)
