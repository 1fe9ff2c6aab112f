"""How every use case changes a reservation: a conditional transition is won, or what was decided is found."""

from collections.abc import Callable, Iterator

from chalicelib.reservation.domain.life import Command, takes, transition
from chalicelib.reservation.domain.reservation import Reservation
from chalicelib.reservation.errors import UnknownReservation
from chalicelib.reservation.ports import Reservations
from kernel.clock import Clock
from kernel.deciding import until_written
from kernel.errors import Unavailable
from kernel.ids import is_id

_ATTEMPTS = 5  # a life has four transitions: losing more often than that is the store's fault


def existing(reservation_id: str, reservations: Reservations) -> Reservation:
    """The reservation as it is now. Raises UnknownReservation."""
    found = reservations.find(reservation_id) if is_id(reservation_id) else None
    if found is None:
        raise UnknownReservation
    return found


def advance(
    present: Reservation, command: Command, *, reservations: Reservations, clock: Clock
) -> Reservation:
    """The reservation after the command, stored and announced. Raises ChangedMeanwhile when `present` has passed."""
    after, events = transition(present, command)
    if events:
        reservations.save(present, after, events, clock())
    return after


def decide(
    present: Reservation, command: Command, *, reservations: Reservations, clock: Clock
) -> Reservation:
    """Wins the transition, or finds the state that leaves no place for it: a step that fails decides nothing."""
    states = _states(present, reservations)

    def attempt() -> Reservation:
        state = next(states)
        if not takes(state, command):
            return state
        return advance(state, command, reservations=reservations, clock=clock)

    return until_first(attempt)


def until_first(attempt: Callable[[], Reservation]) -> Reservation:
    """Makes the attempt until nobody was quicker. Raises Unavailable when others were again and again."""
    return until_written(
        attempt, attempts=_ATTEMPTS, otherwise=Unavailable("The reservation is changing quickly.")
    )


def _states(present: Reservation, reservations: Reservations) -> Iterator[Reservation]:
    """The state that was read already, then whatever it is whenever it is asked for again."""
    yield present
    while True:
        yield existing(present.reservation_id, reservations)
