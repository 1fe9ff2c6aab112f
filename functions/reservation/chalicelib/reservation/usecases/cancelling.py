"""Guest, host or admin take a booking back, and can see before what it would give."""

from collections.abc import Callable

from chalicelib.reservation.domain.life import (
    FinishCancel,
    Party,
    RequestCancel,
    cancelled_by,
    takes,
    transition,
)
from chalicelib.reservation.domain.reservation import Reservation, Status
from chalicelib.reservation.domain.terms import Split
from chalicelib.reservation.errors import NotCancellable, RefundChanged
from chalicelib.reservation.ports import Reservations
from chalicelib.reservation.usecases.decisions import advance, decide, existing, until_first
from chalicelib.reservation.usecases.reading import read_reservation
from kernel.clock import Clock
from kernel.identity import Caller
from kernel.money import Money

Guard = Callable[[Reservation], None]


def request_cancel(
    caller: Caller,
    reservation_id: str,
    shown: Money | None,
    guard: Guard,
    *,
    reservations: Reservations,
    clock: Clock,
) -> Reservation:
    """The reservation as it is then; cancelling what is cancelled changes nothing.

    What comes back is decided here, once. `shown` is what the caller was shown of that, if anything; `guard` is shown
    the present state and raises when the caller meant another. Raises UnknownReservation, NotYourReservation,
    NotCancellable, RefundChanged.
    """

    def attempt() -> Reservation:
        present = read_reservation(caller, reservation_id, reservations=reservations)
        guard(present)
        command = RequestCancel(_party(caller, present), clock())
        if not takes(present, command):
            raise _not_cancellable(present)
        _check_shown(shown, transition(present, command)[0].split)
        return advance(present, command, reservations=reservations, clock=clock)

    return until_first(attempt)


def refund_now(
    caller: Caller, reservation_id: str, *, reservations: Reservations, clock: Clock
) -> tuple[Reservation, Split]:
    """What a cancellation would make of the price if this caller asked for it now, or what it did make of it.

    Raises UnknownReservation, NotYourReservation; NotCancellable for what never stood or is over.
    """
    present = read_reservation(caller, reservation_id, reservations=reservations)
    if present.split:
        return present, present.split
    party, now = _party(caller, present), clock()
    if not (present.confirmed and takes(present, RequestCancel(party, now))):
        raise _not_cancellable(present)
    return present, cancelled_by(present, party, now)


def finish_cancel(reservation_id: str, *, reservations: Reservations, clock: Clock) -> None:
    """reqCancel -> cancelled, which lets the nights and the money go. Raises UnknownReservation."""
    decide(existing(reservation_id, reservations), FinishCancel(), reservations=reservations, clock=clock)


def _party(caller: Caller, reservation: Reservation) -> Party:
    """A host who stays in a room of their own takes it back from nobody else: that counts as the host's doing."""
    is_guest = caller.subject == reservation.guest_id != reservation.host_id
    return Party.GUEST if is_guest else Party.HOST


def _check_shown(shown: Money | None, split: Split | None) -> None:
    if shown and split and shown != split.refund:
        raise RefundChanged(f"What comes back is now {split.refund.amount} {split.refund.currency}.")


def _not_cancellable(present: Reservation) -> NotCancellable:
    over = present.status is Status.RESERVED
    return NotCancellable("The stay is over." if over else f"It is {present.status.value}.")
