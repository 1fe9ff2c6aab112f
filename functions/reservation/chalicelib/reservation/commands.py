"""What other functions ask of this service: from the wire to a use case."""

from typing import Any

from chalicelib.reservation import representations as shown
from chalicelib.reservation.bootstrap import wiring
from chalicelib.reservation.schemas import KeptReservations
from chalicelib.reservation.usecases import people
from kernel.inputs import record


def standing(data: dict[str, Any]) -> dict[str, Any]:
    """The addresses of a person's open bookings; a few of them."""
    asked = record(data, KeptReservations)
    return shown.standing(people.open_bookings(asked.person_id, reservations=wiring.reservations))


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """A page of a person's reservations, as they see them."""
    asked = record(data, KeptReservations)
    return shown.kept(people.kept(asked.person_id, asked.cursor, reservations=wiring.reservations))


COMMANDS = {"standing": standing, "kept": kept}
