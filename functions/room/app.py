"""The room service's doors: each reads what comes in, calls one use case, and says what goes out."""

from collections.abc import Callable
from typing import Any, TypedDict

from chalice.app import DynamoDBEvent, Response, SQSEvent

from chalicelib.room import representations as shown
from chalicelib.room import schemas
from chalicelib.room.bootstrap import needs, wiring
from chalicelib.room.commands import COMMANDS
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Details, Room, RoomNow
from chalicelib.room.hearing import HEARD
from chalicelib.room.ports import Calendar, Rooms
from chalicelib.room.usecases import blocks, photos, quoting, reviews, rooms
from kernel import answers, budget, direct, hal, inputs
from kernel import consumer as queue
from kernel import relay as outbox
from kernel.answers import check_if_match, created, fresh, no_content, picture, representation
from kernel.aside import failure_queue
from kernel.clock import Clock
from kernel.http import SIGNED_IN, Service
from kernel.identity import Caller
from kernel.identity import caller as caller_in

app = Service("room", needs)


class _OfRooms(TypedDict):
    """What most that is asked of a room touches."""

    rooms: Rooms
    calendar: Calendar
    clock: Clock


@app.route("/rooms", methods=["POST"], authorizer=SIGNED_IN)
def register_room() -> Response:
    body = inputs.body(app.request.raw_body, schemas.RegisterRoom)
    rooms.check_brake(takes_rooms=wiring.takes_rooms())
    details = body.over(wiring.default_details)
    registered = rooms.register_room(_caller(), details, _key(), rooms=wiring.rooms, clock=wiring.clock)
    return created(shown.room_resource(registered.made), replayed=registered.replayed)


@app.route("/rooms", methods=["GET"])
def list_rooms() -> Response:
    query = inputs.query(app.request.query_params, schemas.RoomsQuery)
    page = rooms.list_rooms(query.size, query.cursor, **_of_rooms())
    items = [shown.room_resource(room) for room in page.items]
    return answers.page(app.request, "rooms", items, "/rooms", page.cursor)


@app.route("/rooms/{room_id}", methods=["GET"])
def read_room(room_id: str) -> Response:
    return fresh(app.request, shown.room_resource(rooms.read_room(room_id, **_of_rooms())))


@app.route("/rooms/{room_id}", methods=["PUT"], authorizer=SIGNED_IN)
def replace_room(room_id: str) -> Response:
    body = inputs.body(app.request.raw_body, schemas.ReplaceRoom)
    return _modify(room_id, lambda _: body.over(wiring.default_details))


@app.route("/rooms/{room_id}", methods=["PATCH"], authorizer=SIGNED_IN)
def modify_room(room_id: str) -> Response:
    return _modify(room_id, inputs.body(app.request.raw_body, schemas.ChangeRoom).over)


@app.route("/rooms/{room_id}", methods=["DELETE"], authorizer=SIGNED_IN)
def delete_room(room_id: str) -> Response:
    rooms.delete_room(_caller(), room_id, _meant_room, **_of_rooms())
    return no_content()


@app.route("/rooms/{room_id}/rates", methods=["GET"])
def read_rates(room_id: str) -> Response:
    return fresh(app.request, shown.rates_resource(rooms.read_rates(room_id, rooms=wiring.rooms)))


@app.route("/rooms/{room_id}/rates", methods=["PUT"], authorizer=SIGNED_IN)
def set_rates(room_id: str) -> Response:
    rates = inputs.body(app.request.raw_body, schemas.SetRates).rates
    room = rooms.set_rates(_caller(), room_id, rates, _meant_rates, rooms=wiring.rooms, clock=wiring.clock)
    return representation(shown.rates_resource(room))


@app.route("/rooms/{room_id}/quote", methods=["GET"])
def quote(room_id: str) -> Response:
    query = inputs.query(app.request.query_params, schemas.QuoteQuery)
    dates = (query.check_in, query.check_out)
    quoted, available = quoting.show_quote(room_id, dates, query.guests, **_of_rooms())
    return fresh(app.request, shown.quote_resource(quoted, available=available))


@app.route("/rooms/{room_id}/blocks", methods=["POST"], authorizer=SIGNED_IN)
def block_nights(room_id: str) -> Response:
    body = inputs.body(app.request.raw_body, schemas.BlockNights)
    block = blocks.block_nights(
        _caller(), room_id, body.stay, body.reason, _key(), blocks=wiring.blocks, **_of_rooms()
    )
    return created(shown.block_resource(block.made), replayed=block.replayed)


@app.route("/rooms/{room_id}/blocks", methods=["GET"], authorizer=SIGNED_IN)
def list_blocks(room_id: str) -> Response:
    found = blocks.list_blocks(
        _caller(), room_id, rooms=wiring.rooms, blocks=wiring.blocks, clock=wiring.clock
    )
    items = [shown.block_resource(block) for block in found]
    return fresh(app.request, hal.collection("blocks", items, f"/rooms/{room_id}/blocks"))


@app.route("/rooms/{room_id}/blocks/{block_id}", methods=["DELETE"], authorizer=SIGNED_IN)
def unblock_nights(room_id: str, block_id: str) -> Response:
    blocks.unblock_nights(_caller(), room_id, block_id, blocks=wiring.blocks, **_of_rooms())
    return no_content()


@app.route("/rooms/{room_id}/photos", methods=["POST"], authorizer=SIGNED_IN)
def prepare_photo(room_id: str) -> Response:
    wanted = inputs.body(app.request.raw_body, schemas.PreparePhoto).content_type
    photo = photos.prepare_photo(_caller(), room_id, wanted, rooms=wiring.rooms, pictures=wiring.pictures)
    return representation(shown.photo_resource(room_id, photo.photo_id, photo.form))  # nothing is made as yet


@app.route("/rooms/{room_id}/photos", methods=["GET"])
def list_photos(room_id: str) -> Response:
    found = photos.list_photos(room_id, rooms=wiring.rooms)
    items = [shown.photo_resource(room_id, photo_id) for photo_id in found]
    return fresh(app.request, hal.collection("photos", items, f"/rooms/{room_id}/photos"))


@app.route("/rooms/{room_id}/photos/{photo_id}", methods=["PUT"], authorizer=SIGNED_IN)
def keep_photo(room_id: str, photo_id: str) -> Response:
    photos.keep_photo(
        _caller(), room_id, photo_id, rooms=wiring.rooms, pictures=wiring.pictures, clock=wiring.clock
    )
    return representation(shown.photo_resource(room_id, photo_id))


@app.route("/rooms/{room_id}/photos/{photo_id}", methods=["GET"])
def read_photo(room_id: str, photo_id: str) -> Response:
    return picture(app.request, photo_id, lambda: _picture(room_id, photo_id))


@app.route("/rooms/{room_id}/photos/{photo_id}", methods=["DELETE"], authorizer=SIGNED_IN)
def remove_photo(room_id: str, photo_id: str) -> Response:
    photos.remove_photo(
        _caller(), room_id, photo_id, rooms=wiring.rooms, pictures=wiring.pictures, clock=wiring.clock
    )
    return no_content()


@app.route("/reviews", methods=["POST"], authorizer=SIGNED_IN)
def create_review() -> Response:
    body = inputs.body(app.request.raw_body, schemas.CreateReview)
    written = reviews.create_review(
        _caller(),
        body.room_id,
        body.opinion,
        _key(),
        stays=wiring.stays,
        rooms=wiring.rooms,
        reviews=wiring.reviews,
        clock=wiring.clock,
    )
    return created(shown.review_resource(written.made), replayed=written.replayed)


@app.route("/reviews", methods=["GET"])
def list_reviews() -> Response:
    query = inputs.query(app.request.query_params, schemas.ReviewsQuery)
    page = reviews.list_reviews(query.room_id, query.size, query.cursor, reviews=wiring.reviews)
    items = [shown.review_resource(review) for review in page.items]
    return answers.page(app.request, "reviews", items, "/reviews", page.cursor)


@app.route("/reviews/{review_id}", methods=["GET"])
def read_review(review_id: str) -> Response:
    return fresh(app.request, shown.review_resource(reviews.read_review(review_id, reviews=wiring.reviews)))


@app.route("/reviews/{review_id}", methods=["PATCH"], authorizer=SIGNED_IN)
def modify_review(review_id: str) -> Response:
    body = inputs.body(app.request.raw_body, schemas.ChangeReview)
    review = reviews.modify_review(
        _caller(),
        review_id,
        body.over,
        _meant_review,
        rooms=wiring.rooms,
        reviews=wiring.reviews,
        clock=wiring.clock,
    )
    return representation(shown.review_resource(review))


@app.route("/reviews/{review_id}", methods=["DELETE"], authorizer=SIGNED_IN)
def delete_review(review_id: str) -> Response:
    reviews.delete_review(
        _caller(),
        review_id,
        _meant_review,
        rooms=wiring.rooms,
        reviews=wiring.reviews,
        clock=wiring.clock,
    )
    return no_content()


@app.route("/check/chkAndReqReserve", methods=["GET"])
def check() -> Response:
    query = inputs.query(app.request.query_params, schemas.CheckQuery)
    free = quoting.is_free(query.room_id, (query.check_in, query.check_out), **_of_rooms())
    return Response(free, {"Content-Type": "application/json"})


@app.lambda_function(name="calendar")
def calendar(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return direct.answer(event, COMMANDS)


@app.on_dynamodb_record(stream_arn="ROOM_STREAM_ARN", name="relay")
def relay(event: DynamoDBEvent) -> dict[str, Any]:
    return outbox.relay(event.to_dict()["Records"], outbox.event_bus(), failure_queue())


@app.on_sqs_message(queue_arn="ROOM_EVENTS_ARN", name="consumer")
def consumer(event: SQSEvent) -> dict[str, Any]:
    budget.begin(event.context)
    return queue.consume(event.to_dict()["Records"], HEARD)


def _caller() -> Caller:
    return caller_in(app.request.context)


def _key() -> str | None:
    return inputs.idempotency_key(app.request.headers)


def _of_rooms() -> _OfRooms:
    return {"rooms": wiring.rooms, "calendar": wiring.calendar, "clock": wiring.clock}


def _picture(room_id: str, photo_id: str) -> tuple[bytes, str]:
    found = photos.read_photo(room_id, photo_id, pictures=wiring.pictures)
    return found.content, found.content_type


def _modify(room_id: str, change: Callable[[Details], Details]) -> Response:
    modified = rooms.modify_room(_caller(), room_id, change, _meant_room, **_of_rooms())
    return representation(shown.room_resource(modified))


def _meant_room(present: RoomNow) -> None:
    check_if_match(app.request, shown.room_resource(present))


def _meant_rates(present: Room) -> None:
    check_if_match(app.request, shown.rates_resource(present))


def _meant_review(present: Review) -> None:
    check_if_match(app.request, shown.review_resource(present))
