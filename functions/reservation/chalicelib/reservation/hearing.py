"""Which events this service hears, and in which queue: from the wire to a use case."""

from chalicelib.reservation.bootstrap import wiring
from chalicelib.reservation.schemas import PaymentFacts, PersonFacts, ReservationFacts
from chalicelib.reservation.usecases import cancelling, driving, people, settling
from kernel.events import CloudEvent
from kernel.inputs import record


def confirm_paid(event: CloudEvent) -> None:
    paid = record(event.data, PaymentFacts)
    driving.confirm_paid(
        paid.reservation_id,
        paid.payment_id,
        reservations=wiring.reservations,
        rooms=wiring.rooms,
        clock=wiring.clock,
    )


def finish_cancel(event: CloudEvent) -> None:
    requested = record(event.data, ReservationFacts)
    cancelling.finish_cancel(requested.reservation_id, reservations=wiring.reservations, clock=wiring.clock)


def forget(event: CloudEvent) -> None:
    people.forget(record(event.data, PersonFacts).person_id, reservations=wiring.reservations)


def settle(event: CloudEvent) -> None:
    created = record(event.data, ReservationFacts)
    settling.settle(
        created.reservation_id,
        reservations=wiring.reservations,
        rooms=wiring.rooms,
        payments=wiring.payments,
        clock=wiring.clock,
    )


HEARD = {
    "PaymentApproved": confirm_paid,
    "ReservationCancelRequested": finish_cancel,
    "PersonErased": forget,
}
SETTLED = {"ReservationCreated": settle}
"""In the queue that brings it when the hold and its margin are over."""
