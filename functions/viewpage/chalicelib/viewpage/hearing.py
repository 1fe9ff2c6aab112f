"""Which events of the other services the view hears, and what each tells it: from the wire to a part.

A reservation that is confirmed says that its nights are booked and its payment came, so what the calendar and the
payment announce of the same is passed by: one aggregate tells of a booking, and one write of the row shows it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import convert

from chalicelib.viewpage import schemas
from chalicelib.viewpage.domain.parts import (
    ROOM_GROUP,
    BlockFacts,
    Facts,
    Part,
    PaymentFacts,
    ReservationFacts,
    RoomFacts,
    RoomGone,
)
from kernel.events import CloudEvent


def parts_of(events: Iterable[CloudEvent]) -> Sequence[Part]:
    """What the events tell the view; nothing of those that do not concern it. Raises msgspec.ValidationError when one
    that does is not as it was agreed.
    """
    return [_part(event) for event in events if event.type in HEARD]


def _part(event: CloudEvent) -> Part:
    room_id, group, facts = HEARD[event.type](event.data)
    return Part(room_id, group, event.subject, event.sequence, event.time, facts)


_Reading = tuple[str, str, Facts]  # the room, the group of parts, and what is said of it


def _room(data: Mapping[str, Any]) -> _Reading:
    told = convert(data, schemas.RoomTold)
    return told.room_id, ROOM_GROUP, RoomFacts(**{name: getattr(told, name) for name in RoomFacts.__slots__})


def _room_gone(data: Mapping[str, Any]) -> _Reading:
    told = convert(data, schemas.RoomDeletedTold)
    return told.room_id, ROOM_GROUP, RoomGone(told.host_id)


def _blocked(data: Mapping[str, Any]) -> _Reading:
    told = convert(data, schemas.BlockTold)
    return told.room_id, told.block_id, BlockFacts(told.nights)


def _unblocked(data: Mapping[str, Any]) -> _Reading:
    told = convert(data, schemas.BlockTold)
    return told.room_id, told.block_id, BlockFacts(())


def _reservation(status: str) -> Callable[[Mapping[str, Any]], _Reading]:
    def read(data: Mapping[str, Any]) -> _Reading:
        told = convert(data, schemas.ReservationTold)
        facts = ReservationFacts(
            told.guest_id, told.host_id, told.check_in, told.check_out, status, told.payment_id or ""
        )
        return told.room_id, told.reservation_id, facts

    return read


def _payment(status: str) -> Callable[[Mapping[str, Any]], _Reading]:
    def read(data: Mapping[str, Any]) -> _Reading:
        told = convert(data, schemas.PaymentTold)
        return told.room_id, told.reservation_id, PaymentFacts(told.payment_id, status)

    return read


HEARD: Mapping[str, Callable[[Mapping[str, Any]], _Reading]] = {
    "RoomRegistered": _room,
    "RoomModified": _room,
    "RoomDeleted": _room_gone,
    "RoomBlocked": _blocked,
    "RoomUnblocked": _unblocked,
    "ReservationCreated": _reservation("reqReserve"),
    "ReservationConfirmed": _reservation("reserved"),
    "ReservationCancelRequested": _reservation("reqCancel"),
    "ReservationCancelled": _reservation("cancelled"),
    "ReservationRejected": _reservation("rejected"),
    "ReservationExpired": _reservation("expired"),
    "ReservationCompleted": _reservation("completed"),
    "PaymentDeclined": _payment("declined"),
    "PaymentCancelled": _payment("cancelled"),
}
