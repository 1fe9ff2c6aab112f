"""The payment service's doors: each reads what comes in, calls one use case, and says what goes out."""

from typing import Any

from chalice.app import DynamoDBEvent, Response, SQSEvent

from chalicelib.payment import representations as shown
from chalicelib.payment import schemas
from chalicelib.payment.bootstrap import needs, wiring
from chalicelib.payment.commands import COMMANDS
from chalicelib.payment.hearing import HEARD, REMINDED
from chalicelib.payment.usecases import catching_up, reading
from kernel import answers, budget, direct, inputs
from kernel import consumer as queue
from kernel import relay as outbox
from kernel.answers import fresh
from kernel.aside import failure_queue
from kernel.http import SIGNED_IN, Service
from kernel.identity import Caller
from kernel.identity import caller as caller_in

app = Service("payment", needs)


@app.route("/payments", methods=["GET"], authorizer=SIGNED_IN)
def list_payments() -> Response:
    query = inputs.query(app.request.query_params, schemas.PaymentsQuery)
    page = reading.list_payments(_caller(), query.size, query.cursor, payments=wiring.payments)
    items = [shown.payment_resource(payment) for payment in page.items]
    return answers.page(app.request, "payments", items, "/payments", page.cursor)


@app.route("/payments/{payment_id}", methods=["GET"], authorizer=SIGNED_IN)
def read_payment(payment_id: str) -> Response:
    found = reading.read_payment(_caller(), payment_id, payments=wiring.payments)
    return fresh(app.request, shown.payment_resource(found))


@app.route("/payments/webhooks/stripe", methods=["POST"])
def hear_stripe() -> Response:
    """Public: whose word it is, its signature says."""
    catching_up.hear_provider(
        app.request.raw_body,
        app.request.headers.get("stripe-signature"),
        webhook=wiring.webhook,
        payments=wiring.payments,
        provider=wiring.provider,
        clock=wiring.clock,
    )
    return Response({"received": True})


@app.lambda_function(name="charge")
def charge(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return direct.answer(event, COMMANDS)


@app.on_dynamodb_record(stream_arn="PAYMENT_STREAM_ARN", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    return outbox.relay(event.to_dict()["Records"], outbox.event_bus(), failure_queue())


@app.on_sqs_message(queue_arn="PAYMENT_EVENTS_ARN", name="consumer")
def consumer(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return queue.consume(event.to_dict()["Records"], HEARD | REMINDED)


def _caller() -> Caller:
    return caller_in(app.request.context)
