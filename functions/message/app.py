"""The doors of the message service: its routes, the queue of what happened, and the queue of what is to be sent."""

from typing import Any

from chalice.app import DynamoDBEvent, Response, SQSEvent

from chalicelib.message import schemas
from chalicelib.message.bootstrap import (
    clock,
    courier,
    default_language,
    keepers,
    messages,
    needs,
    profiles,
    requests,
)
from chalicelib.message.domain.message import TOLD, Message, read, unread
from chalicelib.message.domain.profile import Profile
from chalicelib.message.usecases import delivering, personal_data, reading, telling
from chalicelib.message.usecases import profiles as people
from kernel import budget, hal, inputs
from kernel import relay as outbox
from kernel.answers import check_if_match, fresh, no_content, representation
from kernel.aside import failure_queue
from kernel.clock import instant
from kernel.consumer import consume, work
from kernel.events import Cause, CloudEvent
from kernel.http import SIGNED_IN, Service
from kernel.identity import Caller, caller
from kernel.logs import begin_story

app = Service("message", needs)


@app.route("/messages", methods=["GET"], authorizer=SIGNED_IN)
def list_messages() -> Response:
    query = inputs.query(app.request.query_params, schemas.MessagesQuery)
    listed = reading.own_unread if query.unread else reading.own_messages
    page = listed(_caller(), query.size, query.cursor, messages=messages())
    items = [schemas.message_resource(message) for message in page.items]
    shown = hal.collection("messages", items, "/messages", query=app.request.query_params, cursor=page.cursor)
    return fresh(app.request, {**shown, "unread": reading.count_unread(_caller(), messages=messages())})


@app.route("/messages/{message_id}", methods=["GET"], authorizer=SIGNED_IN)
def read_message(message_id: str) -> Response:
    message = reading.read_message(_caller(), message_id, messages=messages())
    return fresh(app.request, schemas.message_resource(message))


@app.route("/messages/{message_id}", methods=["PATCH"], authorizer=SIGNED_IN)
def mark_message(message_id: str) -> Response:
    body = inputs.body(app.request.raw_body, schemas.MarkMessage)
    now = instant(clock()())

    def mark(message: Message) -> Message:
        return read(message, now) if body.read else unread(message)

    marked = reading.mark_message(_caller(), message_id, mark, _meant_message, messages=messages())
    return representation(schemas.message_resource(marked))


@app.route("/me", methods=["GET"], authorizer=SIGNED_IN)
def read_profile() -> Response:
    profile = people.own_profile(_first_profile(), profiles=profiles())
    return fresh(app.request, schemas.profile_resource(profile))


@app.route("/me", methods=["PUT"], authorizer=SIGNED_IN)
def replace_profile() -> Response:
    wanted = schemas.wanted(inputs.body(app.request.raw_body, schemas.ReplaceProfile))
    changed = people.change_profile(_first_profile(), wanted, _meant_profile, profiles=profiles())
    return representation(schemas.profile_resource(changed))


@app.route("/me/data", methods=["GET"], authorizer=SIGNED_IN)
def export_personal_data() -> Response:
    kept = personal_data.export(_first_profile(), profiles=profiles(), messages=messages(), keepers=keepers())
    return fresh(app.request, schemas.personal_data(*kept))


@app.route("/me/data", methods=["DELETE"], authorizer=SIGNED_IN)
def erase_personal_data() -> Response:
    personal_data.erase(
        _first_profile(), default_language(), profiles=profiles(), keepers=keepers(), clock=clock()
    )
    return no_content()


@app.on_dynamodb_record(stream_arn="MESSAGE_STREAM_ARN", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    return outbox.relay(event.to_dict()["Records"], outbox.event_bus(), failure_queue())


@app.on_sqs_message(queue_arn="MESSAGE_EVENTS_ARN", name="consumer")
def consumer(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return consume(event.to_dict()["Records"], {**dict.fromkeys(TOLD, _tell), "PersonErased": _forget})


@app.on_sqs_message(queue_arn="MESSAGE_DELIVERIES_ARN", name="delivery")
def delivery(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return work(event.to_dict()["Records"], _deliver)


def _tell(event: CloudEvent) -> None:
    if happening := schemas.happening(event):
        telling.tell(
            happening,
            messages=messages(),
            profiles=profiles(),
            requests=requests(),
            default_language=default_language(),
        )


def _forget(event: CloudEvent) -> None:
    personal_data.forget_messages(schemas.erased_person(event), messages=messages())


def _deliver(body: str) -> None:
    request = schemas.delivery_request(body)
    begin_story(Cause(request.correlation_id, request.causation_id))
    delivering.deliver(
        request.message_id, messages=messages(), profiles=profiles(), courier=courier(), clock=clock()
    )


def _meant_message(present: Message) -> None:
    check_if_match(app.request, schemas.message_resource(present))


def _meant_profile(present: Profile) -> None:
    check_if_match(app.request, schemas.profile_resource(present))


def _first_profile() -> Profile:
    return schemas.first_profile(_caller(), default_language())


def _caller() -> Caller:
    return caller(app.request.context)
