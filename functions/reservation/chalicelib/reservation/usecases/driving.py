"""Driving a booking on, from what is stored: claim, charge, book, confirm.

Each step is idempotent, so anybody may drive: the request, its retry, the news that the money came.
"""

from dataclasses import replace

from chalicelib.reservation.domain.life import Command, Confirm, Expire, Reject
from chalicelib.reservation.domain.reservation import Refusal, Reservation
from chalicelib.reservation.ports import Payments, Reservations, Rooms
from chalicelib.reservation.usecases.decisions import decide, existing
from kernel import metrics
from kernel.clock import Clock
from kernel.errors import Refused, Violation
from kernel.money import Money

_REJECTING = {"not-found", "closed", "taken", "invalid-stay", "price-changed", "declined"}
_EXPIRING = {"too-late", "not-held", "voided"}


def drive(
    reservation: Reservation,
    *,
    reservations: Reservations,
    rooms: Rooms,
    payments: Payments,
    clock: Clock,
) -> Reservation:
    """Drives a reservation in flight to a decision, and returns it decided, by whomever.

    Raises Unavailable when a part does not answer: nothing is decided then, and it may be driven again.
    """
    try:
        _check_shown(reservation)
        held = _claimed(reservation, reservation.shown_price, rooms)
        present = existing(reservation.reservation_id, reservations)
        if not present.in_flight:  # cancelled meanwhile: nobody is charged to be paid back
            return present
        payment_id = payments.charge(held, held.agreed.price)
    except Refused as refused:
        return _lose(reservation, refused, reservations=reservations, clock=clock)
    return _book_and_confirm(held, payment_id, reservations=reservations, rooms=rooms, clock=clock)


def confirm_paid(
    reservation_id: str, payment_id: str, *, reservations: Reservations, rooms: Rooms, clock: Clock
) -> None:
    """The money came: books and confirms, if the request that asked for it has not. One that is decided is left as it
    is: what has ended gets its money back by its own event. Raises UnknownReservation.
    """
    present = existing(reservation_id, reservations)
    if present.in_flight:
        held = present if present.offer else _claimed(present, None, rooms)
        _book_and_confirm(held, payment_id, reservations=reservations, rooms=rooms, clock=clock)


def _check_shown(reservation: Reservation) -> None:
    """What was frozen when it was put is held against what the guest was shown: so the key is told the same always."""
    if reservation.offer is None or reservation.shown_price in (None, reservation.offer.price):
        return
    price = reservation.offer.price
    now = f"{price.amount} {price.currency}"
    raise Refused("price-changed", f"The price is now {now}.", (Violation("/price", f"is now {now}"),))


def _claimed(reservation: Reservation, shown: Money | None, rooms: Rooms) -> Reservation:
    """With its nights held. What was frozen when it was put counts; the release before put nothing, and left it to the
    first claim.
    """
    asked_now = rooms.claim(reservation, None if reservation.offer else shown)
    return replace(reservation, offer=reservation.offer or asked_now)


def _book_and_confirm(
    held: Reservation, payment_id: str, *, reservations: Reservations, rooms: Rooms, clock: Clock
) -> Reservation:
    try:
        rooms.book(held)
    except Refused as refused:
        return _lose(held, refused, reservations=reservations, clock=clock)
    decided = decide(held, Confirm(payment_id), reservations=reservations, clock=clock)
    if decided.confirmed:
        metrics.took("TimeToConfirm", (clock() - held.created_at).total_seconds())
    return decided


def _lose(
    reservation: Reservation, refused: Refused, *, reservations: Reservations, clock: Clock
) -> Reservation:
    """A refusal is no decision yet: the booking ends by it, or is found decided otherwise."""
    return decide(reservation, _ending(refused), reservations=reservations, clock=clock)


def _ending(refused: Refused) -> Command:
    if refused.reason in _EXPIRING:
        return Expire()
    if refused.reason in _REJECTING:
        return Reject(Refusal(refused.reason, refused.detail, refused.errors))
    raise refused  # a word that nobody agreed on: a fault of ours, which decides nothing
