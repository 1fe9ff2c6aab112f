"""The doors of the message service: its routes, and the queue of what happened to bookings."""

from typing import Any

from chalice.app import Response, SQSEvent

from chalicelib.message import schemas, usecases
from chalicelib.message.bootstrap import messages
from chalicelib.message.domain import TOLD
from kernel import hal, inputs
from kernel.consumer import consume
from kernel.events import CloudEvent
from kernel.http import SIGNED_IN, Service, fresh
from kernel.identity import Caller, caller

app = Service("message")


@app.route("/messages", methods=["GET"], authorizer=SIGNED_IN)
def list_messages() -> Response:
    query = inputs.query(app.request.query_params, schemas.MessagesQuery)
    page = usecases.own_messages(_caller(), query.size, query.cursor, messages=messages())
    items = [schemas.message_resource(message) for message in page.items]
    asked = dict(app.request.query_params or {})
    return fresh(app.request, hal.collection("messages", items, "/messages", query=asked, cursor=page.cursor))


@app.route("/messages/{message_id}", methods=["GET"], authorizer=SIGNED_IN)
def read_message(message_id: str) -> Response:
    message = usecases.read_message(_caller(), message_id, messages=messages())
    return fresh(app.request, schemas.message_resource(message))


@app.on_sqs_message(queue_arn="MESSAGE_EVENTS_ARN", name="consumer")
def consumer(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict()["Records"], dict.fromkeys(TOLD, _tell))


def _tell(event: CloudEvent) -> None:
    usecases.tell(schemas.happening(event), messages=messages())


def _caller() -> Caller:
    return caller(app.request.context)
