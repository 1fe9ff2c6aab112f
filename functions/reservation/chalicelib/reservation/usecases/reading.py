"""Who may read which reservations."""

from chalicelib.reservation.domain.reservation import Reservation
from chalicelib.reservation.errors import NotYourReservation
from chalicelib.reservation.ports import Reservations
from chalicelib.reservation.usecases.decisions import existing
from kernel.identity import Caller
from kernel.pages import Page


def read_reservation(caller: Caller, reservation_id: str, *, reservations: Reservations) -> Reservation:
    """Raises UnknownReservation, NotYourReservation."""
    found = existing(reservation_id, reservations)
    if not (caller.is_admin or found.concerns(caller.subject)):
        raise NotYourReservation
    return found


def list_reservations(
    caller: Caller, size: int, cursor: str | None, *, reservations: Reservations
) -> Page[Reservation]:
    """The caller's own, as guest or as host, the newest first."""
    return reservations.page(caller.subject, size, cursor)
