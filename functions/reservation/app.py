"""The reservation service's doors: each reads what comes in, calls one use case, and says what goes out."""

from typing import Any

from chalice.app import CloudWatchEvent, DynamoDBEvent, Rate, Response, SQSEvent

from chalicelib.reservation import representations as shown
from chalicelib.reservation import schemas
from chalicelib.reservation.bootstrap import needs, wiring
from chalicelib.reservation.commands import COMMANDS
from chalicelib.reservation.domain.reservation import Asking, Reservation
from chalicelib.reservation.hearing import HEARD, SETTLED
from chalicelib.reservation.usecases import booking, cancelling, reading, settling
from kernel import answers, budget, direct, inputs
from kernel import consumer as queue
from kernel import relay as outbox
from kernel.answers import check_if_match, created, fresh, representation
from kernel.aside import failure_queue
from kernel.errors import Unavailable
from kernel.events import Cause
from kernel.http import SIGNED_IN, Service, waited
from kernel.identity import Caller
from kernel.identity import caller as caller_in
from kernel.ids import new_id
from kernel.logs import begin_story

_ANSWER_SECONDS = 4.0  # since the gateway took the request; what cannot be cut short fits below five
_BOOKING_SECONDS = 1.5  # what a booking takes on a busy day

app = Service("reservation", needs)


@app.route("/reservations", methods=["POST"], authorizer=SIGNED_IN)
def make_reservation() -> Response:
    body = inputs.body(app.request.raw_body, schemas.MakeReservation)
    key = inputs.idempotency_key(app.request.headers) or new_id()
    _promise_answer()
    booked = booking.make_reservation(
        Asking(_caller().subject, key, body.wish),
        reservations=wiring.reservations,
        rooms=wiring.guarded_rooms,
        payments=wiring.guarded_payments,
        circuits=wiring.circuits,
        clock=wiring.clock,
        limits=wiring.limits(),
    )
    return created(shown.reservation_resource(booked.made), replayed=booked.replayed)


@app.route("/reservations", methods=["GET"], authorizer=SIGNED_IN)
def list_reservations() -> Response:
    query = inputs.query(app.request.query_params, schemas.ReservationsQuery)
    page = reading.list_reservations(_caller(), query.size, query.cursor, reservations=wiring.reservations)
    items = [shown.reservation_resource(reservation) for reservation in page.items]
    return answers.page(app.request, "reservations", items, "/reservations", page.cursor)


@app.route("/reservations/{reservation_id}", methods=["GET"], authorizer=SIGNED_IN)
def read_reservation(reservation_id: str) -> Response:
    found = reading.read_reservation(_caller(), reservation_id, reservations=wiring.reservations)
    return fresh(app.request, shown.reservation_resource(found))


@app.route("/reservations/{reservation_id}", methods=["PATCH"], authorizer=SIGNED_IN)
def cancel_reservation(reservation_id: str) -> Response:
    asked = inputs.body(app.request.raw_body, schemas.ChangeReservation)
    cancelled = cancelling.request_cancel(
        _caller(),
        reservation_id,
        asked.shown_refund,
        _meant_reservation,
        reservations=wiring.reservations,
        clock=wiring.clock,
    )
    return representation(shown.reservation_resource(cancelled))


@app.route("/reservations/{reservation_id}/refund", methods=["GET"], authorizer=SIGNED_IN)
def read_refund(reservation_id: str) -> Response:
    found, now = cancelling.refund_now(
        _caller(), reservation_id, reservations=wiring.reservations, clock=wiring.clock
    )
    return fresh(app.request, shown.refund_resource(found, now))


@app.lambda_function(name="people")
def people(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return direct.answer(event, COMMANDS)


@app.on_dynamodb_record(stream_arn="RESERVATION_STREAM_ARN", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    return outbox.relay(event.to_dict()["Records"], outbox.event_bus(), failure_queue())


@app.on_sqs_message(queue_arn="RESERVATION_EVENTS_ARN", name="consumer")
def consumer(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return queue.consume(event.to_dict()["Records"], HEARD)


@app.on_sqs_message(queue_arn="RESERVATION_SETTLEMENT_ARN", name="settlement")
def settlement(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return queue.consume(event.to_dict()["Records"], SETTLED)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> dict[str, int]:
    budget.begin(event.context)
    settled = settling.sweep(
        reservations=wiring.reservations,
        rooms=wiring.rooms,
        payments=wiring.payments,
        clock=wiring.clock,
        limits=wiring.limits(),
    )
    return {"settled": settled}


@app.schedule(Rate(1, unit=Rate.HOURS), name="reconcile")
def reconcile(event: CloudWatchEvent) -> dict[str, Any]:
    """From the reservation on that `detail.cursor` names, else from the first."""
    from chalicelib.reservation.usecases import reconciling  # no other function compares anything

    budget.begin(event.context)
    begin_story(Cause(f"reconcile-{event.event_id}"))
    done = reconciling.reconcile(
        event.detail.get("cursor"),
        everything=wiring.everything,
        reservations=wiring.reservations,
        rooms=wiring.rooms,
        payments=wiring.payments,
        peers=wiring.peers,
        findings=wiring.findings,
        clock=wiring.clock,
    )
    return {
        "lookedAt": done.looked_at,
        "found": dict(done.found),
        "repaired": dict(done.repaired),
        "cursor": done.cursor,
    }


def _promise_answer() -> None:
    """A booking is answered in time, or not begun: one that had to stop half way would hold nights for nobody."""
    left = _ANSWER_SECONDS - waited(app.request)
    if left < _BOOKING_SECONDS:
        raise Unavailable("Too many want to book just now; nothing was stored.", retry_after=2)
    budget.answer_within(left)


def _caller() -> Caller:
    return caller_in(app.request.context)


def _meant_reservation(present: Reservation) -> None:
    check_if_match(app.request, shown.reservation_resource(present))
