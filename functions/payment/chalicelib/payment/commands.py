"""What other functions ask of this service: from the wire to a use case."""

from typing import Any

from chalicelib.payment import representations as shown
from chalicelib.payment import schemas
from chalicelib.payment.bootstrap import wiring
from chalicelib.payment.usecases import charging, people, reading, voiding
from kernel.inputs import record


def charge(data: dict[str, Any]) -> dict[str, Any]:
    charged = charging.charge(
        record(data, schemas.Charge).bill,
        payments=wiring.payments,
        provider=wiring.provider,
        reminders=wiring.reminders,
        clock=wiring.clock,
    )
    return shown.charged(charged)


def void(data: dict[str, Any]) -> dict[str, Any]:
    ended = record(data, schemas.Void)
    voiding.void(
        ended.reservation_id,
        ended.refund,
        payments=wiring.payments,
        provider=wiring.provider,
        clock=wiring.clock,
    )
    return {}


def inspect(data: dict[str, Any]) -> dict[str, Any]:
    asked = record(data, schemas.InspectPayment)
    return shown.inspected(reading.known_status(asked.reservation_id, payments=wiring.payments))


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """A page of a person's payments, as they see them."""
    asked = record(data, schemas.KeptPayments)
    return shown.kept(people.kept(asked.person_id, asked.cursor, payments=wiring.payments))


COMMANDS = {"charge": charge, "void": void, "inspect": inspect, "kept": kept}
