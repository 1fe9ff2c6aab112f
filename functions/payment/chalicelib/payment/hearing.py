"""Which events this service hears, and of what it reminds itself: from the wire to a use case."""

from chalicelib.payment import schemas
from chalicelib.payment.bootstrap import wiring
from chalicelib.payment.usecases import catching_up, people, voiding
from kernel.events import CloudEvent
from kernel.inputs import record


def void(event: CloudEvent) -> None:
    ended = record(event.data, schemas.ReservationFacts)
    voiding.void(
        ended.reservation_id,
        ended.refund,
        payments=wiring.payments,
        provider=wiring.provider,
        clock=wiring.clock,
    )


def forget(event: CloudEvent) -> None:
    people.forget(record(event.data, schemas.PersonFacts).person_id, payments=wiring.payments)


def look_again(event: CloudEvent) -> None:
    undecided = record(event.data, schemas.PaymentFacts)
    catching_up.catch_up(
        undecided.payment_id, payments=wiring.payments, provider=wiring.provider, clock=wiring.clock
    )


HEARD = {
    "ReservationRejected": void,
    "ReservationExpired": void,
    "ReservationCancelled": void,
    "PersonErased": forget,
}
REMINDED = {"PaymentUndecided": look_again}
"""Announced by nobody: `adapters/reminders.py` puts it straight onto this service's own queue."""
