"""How every use case changes a reservation: a conditional transition is won, or what was decided is found."""

from chalicelib.reservation.domain.life import Command, takes, transition
from chalicelib.reservation.domain.reservation import Reservation
from chalicelib.reservation.errors import UnknownReservation
from chalicelib.reservation.ports import Reservations
from kernel.clock import Clock
from kernel.errors import Unavailable
from kernel.ids import is_id

ATTEMPTS = 5  # a life has four transitions: losing more often than that is the store's fault


def existing(reservation_id: str, reservations: Reservations) -> Reservation:
    """The reservation as it is now. Raises UnknownReservation."""
    found = reservations.find(reservation_id) if is_id(reservation_id) else None
    if found is None:
        raise UnknownReservation
    return found


def advance(
    present: Reservation, command: Command, *, reservations: Reservations, clock: Clock
) -> Reservation | None:
    """The reservation after the command, None when `present` has passed meanwhile."""
    after, events = transition(present, command)
    if not events or reservations.save(present, after, events, clock()):
        return after
    return None


def decide(
    present: Reservation, command: Command, *, reservations: Reservations, clock: Clock
) -> Reservation:
    """Wins the transition, or finds the state that leaves no place for it: a step that fails decides nothing."""
    for _ in range(ATTEMPTS):
        if not takes(present, command):
            return present
        if after := advance(present, command, reservations=reservations, clock=clock):
            return after
        present = existing(present.reservation_id, reservations)
    raise Unavailable("The reservation is changing quickly.")
