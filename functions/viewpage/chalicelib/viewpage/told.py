"""What the events of the other services tell the view: the part of their contract that it reads.

A reservation that is confirmed says that its nights are booked and its payment came, so what the calendar and the
payment announce of the same is passed by: one aggregate tells of a booking, and one write of the row shows it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

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
from kernel.money import Money
from kernel.words import wire_name


class _Told(msgspec.Struct, frozen=True, kw_only=True, rename=wire_name):
    """Base of what is read of an event's data; whatever else it says passes by."""

    room_id: str


class _RoomTold(_Told, frozen=True, kw_only=True):
    host_id: str
    description: str
    title: str
    city: str
    time_zone: str
    max_guests: int
    min_nights: int
    price_per_night: Money
    cancellation_policy: str
    review_count: int
    rating_total: int
    last_action: str
    rating_count: int = 0
    photos: tuple[str, ...] = ()


class _RoomDeletedTold(_Told, frozen=True, kw_only=True):
    host_id: str


class _BlockTold(_Told, frozen=True, kw_only=True):
    block_id: str
    nights: tuple[date, ...]


class _ReservationTold(_Told, frozen=True, kw_only=True):
    reservation_id: str
    guest_id: str
    host_id: str
    check_in: date
    check_out: date
    payment_id: str | None = None


class _PaymentTold(_Told, frozen=True, kw_only=True):
    reservation_id: str
    payment_id: str


def part_of(event: CloudEvent) -> Part | None:
    """What the event tells the view; None for one that does not concern it. Raises msgspec.ValidationError when an
    event that does is not as it was agreed.
    """
    reader = _READERS.get(event.type)
    if reader is None:
        return None
    room_id, group, facts = reader(event.data)
    return Part(room_id, group, event.subject, event.sequence, event.time, facts)


_Reading = tuple[str, str, Facts]


def _room(data: Mapping[str, Any]) -> _Reading:
    told = msgspec.convert(data, _RoomTold)
    return told.room_id, ROOM_GROUP, RoomFacts(**{name: getattr(told, name) for name in RoomFacts.__slots__})


def _room_gone(data: Mapping[str, Any]) -> _Reading:
    told = msgspec.convert(data, _RoomDeletedTold)
    return told.room_id, ROOM_GROUP, RoomGone(told.host_id)


def _blocked(data: Mapping[str, Any]) -> _Reading:
    told = msgspec.convert(data, _BlockTold)
    return told.room_id, told.block_id, BlockFacts(told.nights)


def _unblocked(data: Mapping[str, Any]) -> _Reading:
    told = msgspec.convert(data, _BlockTold)
    return told.room_id, told.block_id, BlockFacts(())


def _reservation(status: str) -> Callable[[Mapping[str, Any]], _Reading]:
    def read(data: Mapping[str, Any]) -> _Reading:
        told = msgspec.convert(data, _ReservationTold)
        facts = ReservationFacts(
            told.guest_id, told.host_id, told.check_in, told.check_out, status, told.payment_id or ""
        )
        return told.room_id, told.reservation_id, facts

    return read


def _payment(status: str) -> Callable[[Mapping[str, Any]], _Reading]:
    def read(data: Mapping[str, Any]) -> _Reading:
        told = msgspec.convert(data, _PaymentTold)
        return told.room_id, told.reservation_id, PaymentFacts(told.payment_id, status)

    return read


_READERS: Mapping[str, Callable[[Mapping[str, Any]], _Reading]] = {
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
