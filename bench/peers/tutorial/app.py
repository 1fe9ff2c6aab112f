"""A booking as tutorials write it: one function, a table a thing, and the events sent when all is written.

It promises less than Staybook does: two guests may both find a night free, and an event is lost when the function ends
before it is sent. It is here to be measured, not to be used.
"""

import os
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from boto3.dynamodb.conditions import Key
from chalice import ChaliceViewError, ConflictError, NotFoundError
from chalice.app import Chalice, Response
from pydantic import BaseModel, Field

app = Chalice(app_name="tutorial", configure_logs=False)
logger = Logger(service="reservation")
metrics = Metrics(namespace="Tutorial", service="reservation")
dynamodb = boto3.resource("dynamodb")
events = boto3.client("events")
rooms = dynamodb.Table(os.environ.get("ROOMS_TABLE", "rooms"))
nights = dynamodb.Table(os.environ.get("NIGHTS_TABLE", "nights"))
reservations = dynamodb.Table(os.environ.get("RESERVATIONS_TABLE", "reservations"))
payments = dynamodb.Table(os.environ.get("PAYMENTS_TABLE", "payments"))


class Price(BaseModel):
    amount: int
    currency: str = Field(min_length=3, max_length=3)


class ReservationRequest(BaseModel):
    roomId: str  # noqa: N815 - a tutorial's models have the wire's names
    checkIn: date  # noqa: N815 - as above
    checkOut: date  # noqa: N815 - as above
    guests: int = Field(default=1, ge=1, le=50)


class Reservation(ReservationRequest):
    rsvId: str  # noqa: N815 - as above
    guestId: str  # noqa: N815 - as above
    payId: str  # noqa: N815 - as above
    status: str
    price: Price
    createdAt: datetime  # noqa: N815 - as above


@app.route("/reservations", methods=["POST"])
def create_reservation() -> Response:
    asked = ReservationRequest.model_validate(app.current_request.json_body)
    guest_id = app.current_request.context["authorizer"]["claims"]["sub"]
    room: dict[str, Any] | None = rooms.get_item(Key={"roomId": asked.roomId}).get("Item")
    if room is None:
        raise NotFoundError("There is no such room")
    taken = nights.query(KeyConditionExpression=Key("roomId").eq(asked.roomId))["Items"]
    wanted = [asked.checkIn + timedelta(days=n) for n in range((asked.checkOut - asked.checkIn).days)]
    if {night["date"] for night in taken} & {str(night) for night in wanted}:
        raise ConflictError("A night of this stay is taken")
    reservation = Reservation(
        **asked.model_dump(),
        rsvId=str(uuid.uuid4()),
        guestId=guest_id,
        payId=str(uuid.uuid4()),
        status="reserved",
        price=Price(amount=int(room["price"]) * len(wanted), currency=room["currency"]),
        createdAt=datetime.now(UTC),
    )
    save(reservation, wanted)
    metrics.add_metric(name="ReservationsCreated", unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()
    logger.info("reservation created", extra={"reservation_id": reservation.rsvId})
    return Response(reservation.model_dump(mode="json"), status_code=201)


def save(reservation: Reservation, wanted: list[date]) -> None:
    item = reservation.model_dump(mode="json")
    for night in wanted:
        nights.put_item(Item={"roomId": reservation.roomId, "date": str(night), "rsvId": reservation.rsvId})
    reservations.put_item(Item=item)
    payments.put_item(Item={"payId": reservation.payId, "rsvId": reservation.rsvId, "price": item["price"]})
    reply = events.put_events(
        Entries=[
            {
                "Source": "tutorial",
                "DetailType": "ReservationCreated",
                "Detail": reservation.model_dump_json(),
            }
        ]
    )
    if reply["FailedEntryCount"]:
        raise ChaliceViewError("The event was not sent")
