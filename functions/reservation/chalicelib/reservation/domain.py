"""The life of a reservation, as one table, and what a guest's key answers in every state of it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from chalicelib.reservation import events
from chalicelib.reservation.events import ReservationFacts
from kernel.errors import Violation
from kernel.money import Money
from kernel.stay import Stay


class Status(StrEnum):
    """The words of the wire."""

    REQUESTED = "reqReserve"
    RESERVED = "reserved"
    CANCEL_REQUESTED = "reqCancel"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    COMPLETED = "completed"


ENDED = frozenset({Status.CANCELLED, Status.REJECTED, Status.EXPIRED})
"""It stands no more: nights are freed, money goes back. (`completed` stands: its nights and money are its own.)"""

CLOSED = ENDED | {Status.COMPLETED}
"""It is no open booking of its guest any more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`hold`: how long a booking may take. `margin`: how much longer clocks are mistrusted.
    `lease`: how long one driver has it to itself, at least the time limit of a request.
    `open_bookings`: how many one guest may have at a time.
    """

    hold: timedelta
    margin: timedelta
    lease: timedelta
    open_bookings: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What a guest asks for, as asked: without dates the room decides which."""

    room_id: str
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None
    price: Money | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal wishes, however their bodies were written."""
        return sha256(msgspec.json.encode(self)).hexdigest()


@dataclass(frozen=True, slots=True)
class Offer:
    """What the nights cost and under which terms, frozen when they were first held."""

    price: Money
    policy: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a booking did not come to stand; `reason` is a word of `errors.REFUSALS`' keys."""

    reason: str
    detail: str
    errors: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True)
class Lease:
    """Who drives a booking on, and until when nobody else does."""

    driver: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """`confirmed`: it was `reserved` at some time. `version` counts announced transitions."""

    reservation_id: str
    guest_id: str
    host_id: str
    room_id: str
    stay: Stay
    guests: int
    shown_price: Money | None
    fingerprint: str
    created_at: datetime
    expires_at: datetime
    lease: Lease
    status: Status = Status.REQUESTED
    version: int = 1
    offer: Offer | None = None
    payment_id: str | None = None
    refusal: Refusal | None = None
    confirmed: bool = False

    @property
    def in_flight(self) -> bool:
        return self.status is Status.REQUESTED

    def concerns(self, person: str) -> bool:
        return person in {self.guest_id, self.host_id}

    def as_confirmed(self) -> "Reservation":
        """As it was when it was confirmed: nothing that a client was told then has changed since but the status."""
        return replace(self, status=Status.RESERVED, refusal=None)


@dataclass(frozen=True, slots=True)
class Confirm:
    payment_id: str


@dataclass(frozen=True, slots=True)
class Reject:
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Expire:
    """The hold has run out."""


@dataclass(frozen=True, slots=True)
class RequestCancel:
    """Guest or host want it back."""


@dataclass(frozen=True, slots=True)
class FinishCancel:
    """Nothing stands in the way of the cancellation."""


@dataclass(frozen=True, slots=True)
class Complete:
    """The check-out day has come."""


Command = Confirm | Reject | Expire | RequestCancel | FinishCancel | Complete


@dataclass(frozen=True, slots=True)
class Step:
    """What a command leads to. Without an event nothing changes: it was asked for before."""

    status: Status
    event: type[ReservationFacts] | None


_CANCELLING = Step(Status.CANCEL_REQUESTED, events.ReservationCancelRequested)

LIFE: dict[tuple[Status, type[Command]], Step] = {
    (Status.REQUESTED, Confirm): Step(Status.RESERVED, events.ReservationConfirmed),
    (Status.REQUESTED, Reject): Step(Status.REJECTED, events.ReservationRejected),
    (Status.REQUESTED, Expire): Step(Status.EXPIRED, events.ReservationExpired),
    (Status.REQUESTED, RequestCancel): _CANCELLING,
    (Status.RESERVED, RequestCancel): _CANCELLING,
    (Status.RESERVED, Complete): Step(Status.COMPLETED, events.ReservationCompleted),
    (Status.CANCEL_REQUESTED, FinishCancel): Step(Status.CANCELLED, events.ReservationCancelled),
    (Status.CANCEL_REQUESTED, RequestCancel): Step(Status.CANCEL_REQUESTED, None),
    (Status.CANCELLED, RequestCancel): Step(Status.CANCELLED, None),
}
"""Every state and every command that it takes. A pair that is not here is decided already: the command only finds."""

EXPIRED = Refusal("expired", "The booking was not finished before its nights were let go.")
CANCELLED_FIRST = Refusal("cancelled", "It was cancelled before it was confirmed.")


def takes(reservation: Reservation, command: Command) -> bool:
    """Whether the reservation's life has a place for the command now."""
    return (reservation.status, type(command)) in LIFE


def transition(
    reservation: Reservation, command: Command
) -> tuple[Reservation, tuple[ReservationFacts, ...]]:
    """The next state and what is announced of it. Raises KeyError for a command that it does not take."""
    step = LIFE[reservation.status, type(command)]
    if step.event is None:
        return reservation, ()
    learnt = _learnt(reservation, command)
    after = replace(reservation, status=step.status, version=reservation.version + 1, **learnt)
    return after, (_facts(step.event, after),)


def created(reservation: Reservation) -> ReservationFacts:
    """What is announced of a reservation that has just been asked for."""
    return _facts(events.ReservationCreated, reservation)


def over_everywhere(now: datetime) -> date:
    """The date whose beginning every time zone has seen: a stay that checked out before it is over."""
    return (now.astimezone(UTC) - timedelta(hours=12)).date()


def _learnt(reservation: Reservation, command: Command) -> dict[str, Any]:
    match command:
        case Confirm(payment_id):
            return {"payment_id": payment_id, "confirmed": True}
        case Reject(refusal):
            return {"refusal": refusal}
        case Expire():
            return {"refusal": EXPIRED}
        case RequestCancel() if not reservation.confirmed:
            return {"refusal": CANCELLED_FIRST}
        case _:
            return {}


def _facts(event: type[ReservationFacts], reservation: Reservation) -> ReservationFacts:
    return event(
        reservation_id=reservation.reservation_id,
        room_id=reservation.room_id,
        guest_id=reservation.guest_id,
        host_id=reservation.host_id,
        check_in=reservation.stay.check_in,
        check_out=reservation.stay.check_out,
        guests=reservation.guests,
        status=reservation.status.value,
        payment_id=reservation.payment_id,
        price=reservation.offer.price if reservation.offer else None,
        reason=reservation.refusal.reason if reservation.refusal else None,
    )
