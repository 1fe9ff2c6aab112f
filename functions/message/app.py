"""The doors of the message service: its routes, the queue of what happened, and the queue of what is to be sent."""

from typing import Any

from chalice.app import DynamoDBEvent, Response, SQSEvent

from chalicelib.message import representations as shown
from chalicelib.message import schemas
from chalicelib.message.bootstrap import needs, wiring
from chalicelib.message.domain.message import Message, read, unread
from chalicelib.message.domain.profile import Profile
from chalicelib.message.hearing import HEARD, deliver
from chalicelib.message.usecases import personal_data, reading
from chalicelib.message.usecases import profiles as people
from kernel import budget, hal, inputs
from kernel import consumer as queue
from kernel import relay as outbox
from kernel.answers import check_if_match, fresh, no_content, representation
from kernel.aside import failure_queue
from kernel.clock import instant
from kernel.http import SIGNED_IN, Service
from kernel.identity import Caller, caller

app = Service("message", needs)


@app.route("/messages", methods=["GET"], authorizer=SIGNED_IN)
def list_messages() -> Response:
    query = inputs.query(app.request.query_params, schemas.MessagesQuery)
    listed = reading.own_unread if query.unread else reading.own_messages
    page = listed(_caller(), query.size, query.cursor, messages=wiring.messages)
    items = [shown.message_resource(message) for message in page.items]
    listing = hal.collection(
        "messages", items, "/messages", query=app.request.query_params, cursor=page.cursor
    )
    return fresh(
        app.request, {**listing, "unread": reading.count_unread(_caller(), messages=wiring.messages)}
    )


@app.route("/messages/{message_id}", methods=["GET"], authorizer=SIGNED_IN)
def read_message(message_id: str) -> Response:
    message = reading.read_message(_caller(), message_id, messages=wiring.messages)
    return fresh(app.request, shown.message_resource(message))


@app.route("/messages/{message_id}", methods=["PATCH"], authorizer=SIGNED_IN)
def mark_message(message_id: str) -> Response:
    body = inputs.body(app.request.raw_body, schemas.MarkMessage)
    now = instant(wiring.clock())

    def mark(message: Message) -> Message:
        return read(message, now) if body.read else unread(message)

    marked = reading.mark_message(_caller(), message_id, mark, _meant_message, messages=wiring.messages)
    return representation(shown.message_resource(marked))


@app.route("/me", methods=["GET"], authorizer=SIGNED_IN)
def read_profile() -> Response:
    profile = people.own_profile(_first_profile(), profiles=wiring.profiles)
    return fresh(app.request, shown.profile_resource(profile))


@app.route("/me", methods=["PUT"], authorizer=SIGNED_IN)
def replace_profile() -> Response:
    wanted = schemas.wanted(inputs.body(app.request.raw_body, schemas.ReplaceProfile))
    changed = people.change_profile(_first_profile(), wanted, _meant_profile, profiles=wiring.profiles)
    return representation(shown.profile_resource(changed))


@app.route("/me/data", methods=["GET"], authorizer=SIGNED_IN)
def export_personal_data() -> Response:
    kept = personal_data.export(
        _first_profile(), profiles=wiring.profiles, messages=wiring.messages, keepers=wiring.keepers
    )
    return fresh(app.request, shown.personal_data(*kept))


@app.route("/me/data", methods=["DELETE"], authorizer=SIGNED_IN)
def erase_personal_data() -> Response:
    personal_data.erase(
        _first_profile(),
        wiring.default_language,
        profiles=wiring.profiles,
        keepers=wiring.keepers,
        clock=wiring.clock,
    )
    return no_content()


@app.on_dynamodb_record(stream_arn="MESSAGE_STREAM_ARN", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    return outbox.relay(event.to_dict()["Records"], outbox.event_bus(), failure_queue())


@app.on_sqs_message(queue_arn="MESSAGE_EVENTS_ARN", name="consumer")
def consumer(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return queue.consume(event.to_dict()["Records"], HEARD)


@app.on_sqs_message(queue_arn="MESSAGE_DELIVERIES_ARN", name="delivery")
def delivery(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return queue.work(event.to_dict()["Records"], deliver)


def _meant_message(present: Message) -> None:
    check_if_match(app.request, shown.message_resource(present))


def _meant_profile(present: Profile) -> None:
    check_if_match(app.request, shown.profile_resource(present))


def _first_profile() -> Profile:
    return schemas.first_profile(_caller(), wiring.default_language)


def _caller() -> Caller:
    return caller(app.request.context)
