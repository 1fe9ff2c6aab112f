"""What this service keeps of a person, and how it forgets what they paid with."""

from collections.abc import Iterator

from chalicelib.reservation.domain.reservation import CLOSED, Reservation
from chalicelib.reservation.ports import Reservations
from kernel.errors import Unavailable
from kernel.pages import Page, every

_PAGE = 100


def open_bookings(person_id: str, *, reservations: Reservations) -> Iterator[Reservation]:
    """Those that stand or are on their way, in which the person is guest or host."""
    return (each for each in _all(person_id, reservations) if each.status not in CLOSED)


def kept(person_id: str, cursor: str | None, *, reservations: Reservations) -> Page[Reservation]:
    """The person's reservations, page by page."""
    return reservations.page(person_id, _PAGE, cursor)


def forget(person_id: str, *, reservations: Reservations) -> None:
    """Takes out what the person paid with; nights, price and ids stay. Asked again it does nothing.

    Raises Unavailable while a booking of theirs is open, which began when they had themselves erased: it needs what it
    is paid with.
    """
    own = [each for each in _all(person_id, reservations) if each.guest_id == person_id]
    for reservation in own:
        if reservation.payment_method is not None and reservation.status in CLOSED:
            reservations.forget_method(reservation.reservation_id)
    if any(reservation.status not in CLOSED for reservation in own):
        raise Unavailable("A booking of the person is open.")


def _all(person_id: str, reservations: Reservations) -> Iterator[Reservation]:
    return every(lambda cursor: kept(person_id, cursor, reservations=reservations))
