"""Which events this service hears, and in which queue: from the wire to a use case."""

from chalicelib.reservation.bootstrap import clock, limits, payments, reservations, rooms
from chalicelib.reservation.schemas import KeptReservations, PaymentFacts, ReservationFacts
from chalicelib.reservation.usecases import cancelling, driving, people, settling
from kernel.events import CloudEvent
from kernel.inputs import record


def payment_approved(event: CloudEvent) -> None:
    facts = record(event.data, PaymentFacts)
    driving.payment_approved(
        facts.reservation_id,
        facts.payment_id,
        reservations=reservations(),
        rooms=rooms(),
        clock=clock(),
    )


def finish_cancel(event: CloudEvent) -> None:
    facts = record(event.data, ReservationFacts)
    cancelling.finish_cancel(facts.reservation_id, reservations=reservations(), clock=clock())


def forget(event: CloudEvent) -> None:
    people.forget(record(event.data, KeptReservations).person_id, reservations=reservations())


def settle(event: CloudEvent) -> None:
    facts = record(event.data, ReservationFacts)
    settling.settle(
        facts.reservation_id,
        reservations=reservations(),
        rooms=rooms(),
        payments=payments(),
        clock=clock(),
    )


def sweep_due() -> int:
    return settling.sweep(
        reservations=reservations(), rooms=rooms(), payments=payments(), clock=clock(), limits=limits()
    )


HEARD = {
    "PaymentApproved": payment_approved,
    "ReservationCancelRequested": finish_cancel,
    "PersonErased": forget,
}
SETTLED = {"ReservationCreated": settle}
