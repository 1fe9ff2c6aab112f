"""What the other services announce is what the view reads."""

from datetime import date
from types import ModuleType

import pytest

from chalicelib.payment import events as payment
from chalicelib.reservation import events as reservation
from chalicelib.room import events as room
from chalicelib.viewpage.domain.parts import (
    ROOM_GROUP,
    BlockFacts,
    Facts,
    PaymentFacts,
    ReservationFacts,
    RoomFacts,
    RoomGone,
)
from chalicelib.viewpage.hearing import parts_of
from tests.samples import announced, event_types

PASSED_BY = {"ReviewCreated", "ReviewModified", "ReviewDeleted"}  # RoomModified brings the count
PASSED_BY |= {"RoomReserved", "RoomCancelled", "PaymentApproved"}  # the reservation tells the same
PASSED_BY |= {"CircuitOpened", "CircuitClosed"}  # of no room
BOTH_NIGHTS = (date(2026, 12, 24), date(2026, 12, 25))


def reserved(status: str) -> ReservationFacts:
    return ReservationFacts(
        "guest_id", "host_id", date(2026, 12, 24), date(2026, 12, 26), status, "payment_id"
    )


def paid(status: str) -> PaymentFacts:
    return PaymentFacts("payment_id", status)


@pytest.mark.parametrize(
    ("events", "event_type", "facts"),
    [
        (room, "RoomDeleted", RoomGone("host_id")),
        (room, "RoomBlocked", BlockFacts(BOTH_NIGHTS)),
        (room, "RoomUnblocked", BlockFacts(())),
        (reservation, "ReservationCreated", reserved("reqReserve")),
        (reservation, "ReservationConfirmed", reserved("reserved")),
        (reservation, "ReservationCancelRequested", reserved("reqCancel")),
        (reservation, "ReservationCancelled", reserved("cancelled")),
        (reservation, "ReservationRejected", reserved("rejected")),
        (reservation, "ReservationExpired", reserved("expired")),
        (reservation, "ReservationCompleted", reserved("completed")),
        (payment, "PaymentDeclined", paid("declined")),
        (payment, "PaymentCancelled", paid("cancelled")),
    ],
)
def test_an_event_is_read_as_it_is_announced(events: ModuleType, event_type: str, facts: Facts) -> None:
    (part,) = parts_of([announced(events, event_type)])
    groups = {RoomGone: ROOM_GROUP, BlockFacts: "block_id"}
    group = groups.get(type(facts), "reservation_id")
    assert (part.room_id, part.group, part.subject, part.version) == ("room_id", group, "SUBJECT", 3)
    assert part.facts == facts


@pytest.mark.parametrize("event_type", ["RoomRegistered", "RoomModified"])
def test_a_room_is_read_as_it_is_announced(event_type: str) -> None:
    (part,) = parts_of([announced(room, event_type)])
    assert isinstance(part.facts, RoomFacts)
    assert (part.facts.title, part.facts.review_count, part.facts.last_action) == ("title", 1, "last_action")


@pytest.mark.parametrize("events", [room, reservation, payment], ids=lambda events: events.__name__)
def test_every_event_is_read_or_passed_by_on_purpose(events: ModuleType) -> None:
    unread = {name for name in event_types(events) if not parts_of([announced(events, name)])}
    assert unread == event_types(events) & PASSED_BY
