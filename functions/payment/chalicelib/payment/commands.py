"""What other functions ask of this service, and which events it hears: from the wire to a use case."""

from typing import Any

from chalicelib.payment.bootstrap import clock, payments, provider, reminders
from chalicelib.payment.domain.payment import Status
from chalicelib.payment.schemas import (
    Charge,
    InspectPayment,
    KeptPayments,
    PaymentFacts,
    ReservationFacts,
    Void,
    charged,
    payment_resource,
)
from chalicelib.payment.usecases import charging, hearing, people, reading, voiding
from kernel.events import CloudEvent
from kernel.inputs import record


def charge(data: dict[str, Any]) -> dict[str, Any]:
    bill = record(data, Charge).bill
    payment = charging.charge(bill, payments=payments(), provider=provider(), clock=clock())
    if payment.status is Status.PENDING:
        reminders().look_again(payment.payment_id)
    return charged(payment)


def void_now(data: dict[str, Any]) -> dict[str, Any]:
    _void(record(data, Void))
    return {}


def inspect(data: dict[str, Any]) -> dict[str, Any]:
    status = reading.known_status(record(data, InspectPayment).reservation_id, payments=payments())
    return {"status": status and status.value}


def kept(data: dict[str, Any]) -> dict[str, Any]:
    """A page of a person's payments, as they see them."""
    asked = record(data, KeptPayments)
    page = people.kept(asked.person_id, asked.cursor, payments=payments())
    return {"items": {"payments": [payment_resource(each) for each in page.items]}, "cursor": page.cursor}


def forget(event: CloudEvent) -> None:
    people.forget(record(event.data, KeptPayments).person_id, payments=payments())


def void(event: CloudEvent) -> None:
    _void(record(event.data, ReservationFacts))


def _void(facts: ReservationFacts | Void) -> None:
    voiding.void(facts.reservation_id, facts.refund, payments=payments(), provider=provider(), clock=clock())


def look_again(event: CloudEvent) -> None:
    hear(record(event.data, PaymentFacts).payment_id)


def hear(payment_id: str) -> None:
    """The provider has a late word about this payment, or may have one."""
    hearing.hear(payment_id, payments=payments(), provider=provider(), clock=clock())


COMMANDS = {"charge": charge, "void": void_now, "inspect": inspect, "kept": kept}
HEARD = {
    "ReservationRejected": void,
    "ReservationExpired": void,
    "ReservationCancelled": void,
    "PersonErased": forget,
}
REMINDED = {"PaymentUndecided": look_again}
"""Not announced by anybody: what this service puts onto its own queue."""
