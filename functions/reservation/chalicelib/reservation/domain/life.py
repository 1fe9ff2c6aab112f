"""The life of a reservation, as one table: guards, the diagram in docs and the property tests come from it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.reservation import events
from chalicelib.reservation.domain.reservation import (
    Asking,
    Lease,
    Limits,
    Quotation,
    Refusal,
    Reservation,
    Status,
)
from chalicelib.reservation.domain.terms import Split, split, whole
from chalicelib.reservation.events import ReservationFacts


class Party(StrEnum):
    """For whom a booking is cancelled. An admin acts for the host's side."""

    GUEST = "guest"
    HOST = "host"


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

    by: Party
    at: datetime


@dataclass(frozen=True, slots=True)
class FinishCancel:
    """Nothing stands in the way of the cancellation."""


@dataclass(frozen=True, slots=True)
class Complete:
    """Check-out may have passed."""

    at: datetime


Command = Confirm | Reject | Expire | RequestCancel | FinishCancel | Complete


def before_check_out(reservation: Reservation, command: Command) -> bool:
    return isinstance(command, RequestCancel) and command.at < reservation.ends_at


def after_check_out(reservation: Reservation, command: Command) -> bool:
    return isinstance(command, Complete) and command.at >= reservation.ends_at


@dataclass(frozen=True, slots=True)
class Step:
    """What a command leads to. Without an event nothing changes: it was asked for before. `when`: only then."""

    status: Status
    event: type[ReservationFacts] | None
    when: Callable[[Reservation, Command], bool] | None = None


_CANCELLING = (Status.CANCEL_REQUESTED, events.ReservationCancelRequested)

LIFE: dict[tuple[Status, type[Command]], Step] = {
    (Status.REQUESTED, Confirm): Step(Status.RESERVED, events.ReservationConfirmed),
    (Status.REQUESTED, Reject): Step(Status.REJECTED, events.ReservationRejected),
    (Status.REQUESTED, Expire): Step(Status.EXPIRED, events.ReservationExpired),
    (Status.REQUESTED, RequestCancel): Step(*_CANCELLING),
    (Status.RESERVED, RequestCancel): Step(*_CANCELLING, before_check_out),
    (Status.RESERVED, Complete): Step(Status.COMPLETED, events.ReservationCompleted, after_check_out),
    (Status.CANCEL_REQUESTED, FinishCancel): Step(Status.CANCELLED, events.ReservationCancelled),
    (Status.CANCEL_REQUESTED, RequestCancel): Step(Status.CANCEL_REQUESTED, None),
    (Status.CANCELLED, RequestCancel): Step(Status.CANCELLED, None),
}
"""Every state and every command that it takes. A pair that is not here is decided already: the command only finds."""

EXPIRED = Refusal("expired", "The booking was not finished before its nights were let go.")
CANCELLED_FIRST = Refusal("cancelled", "It was cancelled before it was confirmed.")


def takes(reservation: Reservation, command: Command) -> bool:
    """Whether the reservation's life has a place for the command now."""
    step = LIFE.get((reservation.status, type(command)))
    return step is not None and (step.when is None or step.when(reservation, command))


def transition(
    reservation: Reservation, command: Command
) -> tuple[Reservation, tuple[ReservationFacts, ...]]:
    """The next state and what is announced of it. Raises KeyError for a command that it does not take."""
    if not takes(reservation, command):
        raise KeyError(reservation.status, command)
    step = LIFE[reservation.status, type(command)]
    if step.event is None:
        return reservation, ()
    learnt = _learnt(reservation, command)
    after = replace(reservation, status=step.status, version=reservation.version + 1, **learnt)
    return after, (_facts(step.event, after),)


def begin(
    asking: Asking, quoted: Quotation, lease: Lease, limits: Limits, now: datetime
) -> tuple[Reservation, ReservationFacts]:
    """A reservation that is asked for now, and what is announced of it."""
    wish = asking.wish
    asked = Reservation(
        reservation_id=asking.reservation_id,
        guest_id=asking.guest_id,
        host_id=quoted.host_id,
        room_id=wish.room_id,
        stay=quoted.stay,
        guests=quoted.guests,
        shown_price=wish.price,
        payment_method=wish.payment_method,
        fingerprint=wish.fingerprint,
        created_at=now,
        expires_at=now + limits.hold,
        settle_at=now + limits.hold + limits.margin,
        lease=lease,
        offer=quoted.offer,
    )
    return asked, _facts(events.ReservationCreated, asked)


def cancelled_by(reservation: Reservation, by: Party, at: datetime) -> Split:
    """What a cancellation of a booking that stands would make of its price. A host who cancels keeps nothing, at
    whatever time; a guest is held to the terms.
    """
    offer = reservation.agreed
    if by is Party.HOST:
        return whole(offer.price)
    return split(offer.price, offer.terms, reservation.stay, at)


def _learnt(reservation: Reservation, command: Command) -> dict[str, Any]:
    match command:
        case Confirm(payment_id):
            return {"payment_id": payment_id, "confirmed": True}
        case Reject(refusal):
            return {"refusal": refusal}
        case Expire():
            return {"refusal": EXPIRED}
        case RequestCancel(by, at) if reservation.confirmed:
            return {"split": cancelled_by(reservation, by, at)}
        case RequestCancel():
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
        refund=reservation.split.refund if reservation.split else None,
        fee=reservation.split.fee if reservation.split else None,
    )
