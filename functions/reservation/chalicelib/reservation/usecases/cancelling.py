"""Guest, host or admin take a booking back."""

from collections.abc import Callable

from chalicelib.reservation.domain import FinishCancel, RequestCancel, Reservation, takes
from chalicelib.reservation.errors import NotCancellable
from chalicelib.reservation.ports import Reservations
from chalicelib.reservation.usecases.decisions import ATTEMPTS, advance, decide, existing
from chalicelib.reservation.usecases.reading import read_reservation
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.identity import Caller

Guard = Callable[[Reservation], None]


def request_cancel(
    caller: Caller, reservation_id: str, guard: Guard, *, reservations: Reservations, clock: Clock
) -> Reservation:
    """The reservation as it is then; cancelling what is cancelled changes nothing.

    `guard` is shown the present state and raises when the caller meant another. Raises UnknownReservation,
    NotYourReservation, NotCancellable.
    """
    for _ in range(ATTEMPTS):
        present = read_reservation(caller, reservation_id, reservations=reservations)
        guard(present)
        if not takes(present, RequestCancel()):
            raise NotCancellable(f"It is {present.status.value}.")
        if after := advance(present, RequestCancel(), reservations=reservations, clock=clock):
            return after
    raise Unavailable("The reservation is changing quickly.")


def finish_cancel(reservation_id: str, *, reservations: Reservations, clock: Clock) -> None:
    """reqCancel -> cancelled, which lets the nights and the money go. Raises UnknownReservation."""
    decide(existing(reservation_id, reservations), FinishCancel(), reservations=reservations, clock=clock)
