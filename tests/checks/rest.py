"""What must be so when nothing is under way any more: the promises of a booking, read from the tables alone."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from kernel.events import CloudEvent
from tests.checks.ledger import Books, imbalances
from tests.checks.snapshot import Snapshot

STANDS = frozenset({"reserved", "completed"})
ENDED = frozenset({"rejected", "expired", "cancelled"})
_TOLD = frozenset(
    {"ReservationConfirmed", "ReservationCancelled", "ReservationRejected", "ReservationExpired"}
)
_TOLD_TO = 2  # people: guest and host


def violations(snapshot: Snapshot) -> list[str]:
    """Each broken promise, as a sentence that begins with its number."""
    return [
        *_nights(snapshot),
        *_blocked(snapshot),
        *_money(snapshot),
        *_announced(snapshot),
        *_told(snapshot),
        *_open(snapshot),
    ]


def unsettled(snapshot: Snapshot) -> list[str]:
    """What settlement has not let go of yet: nothing, once the hold and its margin have passed."""
    return [
        f"5: {name} is {reservation['status']} and is still to be settled"
        for name, reservation in snapshot.reservations.items()
        if reservation["status"] in ENDED and "dueAt" in reservation
    ]


def stay(reservation: Mapping[str, Any]) -> set[str]:
    """The nights of a reservation, or of whatever has a checkIn and a checkOut."""
    first, last = (date.fromisoformat(reservation[name]) for name in ("checkIn", "checkOut"))
    return {(first + timedelta(days=number)).isoformat() for number in range((last - first).days)}


def _nights(snapshot: Snapshot) -> Iterator[str]:
    reservations = snapshot.reservations
    for name, reservation in reservations.items():
        own = {night.date for night in snapshot.nights_of[name]}
        booked = {night.date for night in snapshot.nights_of[name] if night.until is None}
        if reservation["status"] in STANDS and not (own == booked == stay(reservation)):
            yield f"1: {name} is {reservation['status']} and has booked {sorted(booked)}, holds {sorted(own)}"
        if reservation["status"] not in STANDS and own:
            yield f"5: {name} is {reservation['status']} and still has {sorted(own)}"


def _blocked(snapshot: Snapshot) -> Iterator[str]:
    """A night is a reservation's or a block's, and a block has all of its nights or, lifted, none."""
    blocks = snapshot.blocks
    for night in snapshot.nights:
        if night.owner not in snapshot.reservations and night.owner not in blocks:
            yield f"5: {night} is nobody's"
    for name, block in blocks.items():
        own = {night.date for night in snapshot.nights_of[name]}
        if own != (set() if block.get("lifted") else stay(block)):
            yield f"1: block {name} has {sorted(own)}"


def _money(snapshot: Snapshot) -> Iterator[str]:
    charges, payments = snapshot.charges, snapshot.payments
    tables = snapshot.tables
    books = Books.of(tables["payment"], tables["reservation"], tables["payment-provider"])
    yield from (f"2: {each}" for each in imbalances(books))
    for name, reservation in snapshot.reservations.items():
        payment = payments.get(name)
        outcome = charges.get(payment["pk"], {}).get("outcome") if payment else None
        if (outcome == "approved") != (reservation["status"] in STANDS):
            yield f"2: {name} is {reservation['status']} and its money is {outcome}"
        if payment and (payment["status"] == "paid") != (outcome == "approved"):
            yield f"2: {name}'s payment is {payment['status']} and its money is {outcome}"
    known = {payment["pk"] for payment in payments.values()}
    for key in charges.keys() - known:
        yield f"2: the provider knows {key}, and no payment does"


def _announced(snapshot: Snapshot) -> Iterator[str]:
    for identity, count in Counter(event.id for event in snapshot.events).items():
        if count > 1:
            yield f"3: {identity} is announced {count} times"
    for name, reservation in snapshot.reservations.items():
        versions = snapshot.versions_of[name]
        if versions != list(range(1, reservation["version"] + 1)):
            yield f"3: {name} is at version {reservation['version']} and announced {versions}"


def _told(snapshot: Snapshot) -> Iterator[str]:
    messages = Counter(message["rsvId"] for message in snapshot.messages)
    events = Counter(event.data["rsvId"] for event in snapshot.events if _to_be_told(event))
    for name in messages.keys() | events.keys():
        if messages[name] != _TOLD_TO * events[name]:
            yield f"3: {messages[name]} messages for {events[name]} changes of {name}"
    for same, count in Counter(
        (message["rsvId"], message["personId"], message["kind"]) for message in snapshot.messages
    ).items():
        if count > 1:
            yield f"3: {same} is told {count} times"


def _to_be_told(event: CloudEvent) -> bool:
    """Of a payment that was undone people hear when money went back."""
    if event.type == "PaymentCancelled":
        return bool((event.data.get("refunded") or {}).get("amount"))
    return event.type in _TOLD


def _open(snapshot: Snapshot) -> Iterator[str]:
    for name, reservation in snapshot.reservations.items():
        status = reservation["status"]
        if status not in STANDS | ENDED:
            yield f"5: {name} is still {status}"
        listed = name in snapshot.open.get(reservation["guestId"], set())
        if listed != (status == "reserved"):
            yield f"5: {name} is {status}, and its guest's map {'lists' if listed else 'misses'} it"
