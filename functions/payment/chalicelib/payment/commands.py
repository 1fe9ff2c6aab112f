"""What other functions ask of this service, and which events it hears: from the wire to a use case."""

from typing import Any

from chalicelib.payment.bootstrap import clock, payments, provider
from chalicelib.payment.schemas import Charge, ReservationFacts, charged
from chalicelib.payment.usecases import charging, voiding
from kernel.events import CloudEvent
from kernel.inputs import record


def charge(data: dict[str, Any]) -> dict[str, Any]:
    bill = record(data, Charge).bill
    return charged(charging.charge(bill, payments=payments(), provider=provider(), clock=clock()))


def void(event: CloudEvent) -> None:
    facts = record(event.data, ReservationFacts)
    voiding.void(facts.reservation_id, payments=payments(), provider=provider(), clock=clock())


COMMANDS = {"charge": charge}
HEARD = {"ReservationRejected": void, "ReservationExpired": void, "ReservationCancelled": void}
