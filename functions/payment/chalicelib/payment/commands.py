"""What other functions ask of this service, and which events it hears: from the wire to a use case."""

from typing import Any

from chalicelib.payment.bootstrap import clock, payments, provider
from chalicelib.payment.schemas import Charge, ReservationFacts, Void, charged
from chalicelib.payment.usecases import charging, voiding
from kernel.events import CloudEvent
from kernel.inputs import record


def charge(data: dict[str, Any]) -> dict[str, Any]:
    bill = record(data, Charge).bill
    return charged(charging.charge(bill, payments=payments(), provider=provider(), clock=clock()))


def void_now(data: dict[str, Any]) -> dict[str, Any]:
    _void(record(data, Void))
    return {}


def void(event: CloudEvent) -> None:
    _void(record(event.data, ReservationFacts))


def _void(facts: ReservationFacts | Void) -> None:
    voiding.void(facts.reservation_id, facts.refund, payments=payments(), provider=provider(), clock=clock())


COMMANDS = {"charge": charge, "void": void_now}
HEARD = {"ReservationRejected": void, "ReservationExpired": void, "ReservationCancelled": void}
