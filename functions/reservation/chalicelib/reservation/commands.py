"""What other functions ask of this service: from the wire to a use case."""

from itertools import islice
from typing import Any

from chalicelib.reservation.bootstrap import reservations
from chalicelib.reservation.schemas import KeptReservations, reservation_resource
from chalicelib.reservation.usecases import people
from kernel.inputs import record

_SHOWN = 5


def standing(data: dict[str, Any]) -> dict[str, Any]:
    """The addresses of a person's open bookings; a few of them."""
    found = people.open_bookings(record(data, KeptReservations).person_id, reservations=reservations())
    return {"standing": [f"/reservations/{each.reservation_id}" for each in islice(found, _SHOWN)]}


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """A page of a person's reservations, as they see them."""
    asked = record(data, KeptReservations)
    page = people.kept(asked.person_id, asked.cursor, reservations=reservations())
    return {
        "items": {"reservations": [reservation_resource(each) for each in page.items]},
        "cursor": page.cursor,
    }


COMMANDS = {"standing": standing, "kept": kept}
