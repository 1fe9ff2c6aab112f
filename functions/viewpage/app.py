"""The doors of the viewpage service: the page, the room view's routes, three streams, what the archive plays again,
the steps of a rebuild, who a reader is, and what other functions ask.
"""

from functools import partial
from typing import Any

from chalice.app import DynamoDBEvent, Response, SQSEvent

from chalicelib.viewpage import schemas
from chalicelib.viewpage.adapters.optional_sign_in import OptionalSignIn
from chalicelib.viewpage.adapters.page import (
    DOCUMENT,
    INDEX,
    REFERENCE,
    TEXT_TYPES,
    page_file,
    where_it_stands,
)
from chalicelib.viewpage.adapters.replays import fold_replayed
from chalicelib.viewpage.adapters.streams import project
from chalicelib.viewpage.bootstrap import needs, wiring
from chalicelib.viewpage.commands import COMMANDS, STEPS
from chalicelib.viewpage.representations import view_resource
from chalicelib.viewpage.usecases import projection, rebuilding, views
from kernel import answers, direct, inputs
from kernel.answers import fresh
from kernel.http import SIGNED_IN, Service
from kernel.identity import Caller, caller, optional_caller

OPTIONAL_SIGN_IN = OptionalSignIn()

app = Service("viewpage", needs)
app.api.binary_types = TEXT_TYPES  # the page goes out packed, as bytes


@app.route("/", methods=["GET"])
def show_page() -> Response:
    return page_file(app.request, INDEX)


@app.route("/assets/{name}", methods=["GET"])
def show_asset(name: str) -> Response:
    return page_file(app.request, name)


@app.route("/config.json", methods=["GET"])
def show_config() -> Response:
    return where_it_stands(app.request)


@app.route("/openapi.json", methods=["GET"])
def show_document() -> Response:
    return page_file(app.request, DOCUMENT)


@app.route("/docs", methods=["GET"])
def show_reference() -> Response:
    return page_file(app.request, REFERENCE)


@app.route("/roomviews", methods=["GET"], authorizer=OPTIONAL_SIGN_IN)
def list_views() -> Response:
    query = inputs.query(app.request.query_params, schemas.ViewsQuery)
    wish = schemas.wish(query)
    page = views.list_views(_reader(), wish, query.size, query.cursor, store=wiring.store, clock=wiring.clock)
    items = [view_resource(view) for view in page.items]
    return answers.page(app.request, "roomviews", items, "/roomviews", page.cursor)


@app.route("/roomviews/{room_id}", methods=["GET"], authorizer=OPTIONAL_SIGN_IN)
def read_view(room_id: str) -> Response:
    view = views.read_view(_reader(), room_id, store=wiring.store, clock=wiring.clock)
    return fresh(app.request, view_resource(view))


@app.route("/roomviews/search/findByRsvId", methods=["GET"], authorizer=SIGNED_IN)
def find_by_reservation() -> Response:
    query = inputs.query(app.request.query_params, schemas.ReservationQuery)
    view = views.find_by_reservation(_caller(), query.reservation_id, store=wiring.store, clock=wiring.clock)
    return fresh(app.request, view_resource(view))


@app.route("/roomviews/search/findByPayId", methods=["GET"], authorizer=SIGNED_IN)
def find_by_payment() -> Response:
    query = inputs.query(app.request.query_params, schemas.PaymentQuery)
    view = views.find_by_payment(_caller(), query.payment_id, store=wiring.store, clock=wiring.clock)
    return fresh(app.request, view_resource(view))


@app.on_dynamodb_record(stream_arn="ROOM_STREAM_ARN", name="projector")
def projector(event: DynamoDBEvent) -> dict[str, Any]:
    everywhere = projection.everywhere(
        generations=wiring.generations, store_of=wiring.store_of, clock=wiring.clock
    )
    return project(event.to_dict()["Records"], everywhere, wiring.aside)


@app.on_sqs_message(queue_arn="VIEWPAGE_EVENTS_ARN", name="rebuilder")
def rebuilder(event: SQSEvent) -> dict[str, Any]:
    under_way = wiring.generations.present().rebuild
    into = partial(rebuilding.into_rebuilt, store_of=wiring.store_of, clock=wiring.clock)
    return fold_replayed(event.to_dict()["Records"], under_way, into)


@app.lambda_function(name="rebuild")
def rebuild(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return direct.answer(event, STEPS)


@app.lambda_function(name="identify")
def identify(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return wiring.authorizer.answer(event)


@app.lambda_function(name="upkeep")
def upkeep(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return direct.answer(event, COMMANDS)


def _reader() -> Caller | None:
    return optional_caller(app.request.context)


def _caller() -> Caller:
    return caller(app.request.context)
