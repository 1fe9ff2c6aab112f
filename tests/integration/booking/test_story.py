"""A booking through three services' doors on DynamoDB: what one announces reaches those whose rules ask for it."""

from collections.abc import Iterator
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.bootstrap import wiring
from infra.layout import TEMPLATES
from infra.template_files import read_template
from kernel import outbox
from kernel.events import CloudEvent
from tests.by_hand import ByHand
from tests.checks.ledger import Books, imbalances
from tests.doors import Answer, knock, load_app
from tests.tables import REGION, create_tables
from tests.wired import wire

SERVICES = ("room", "reservation", "payment")


class Bus:
    """Takes what lies in the tables' outboxes to the consumers whose rules ask for it, until nothing is new."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._rules = {service: _pattern(service) for service in SERVICES}

    def deliver(self) -> list[str]:
        """The types of the events that went out."""
        told: list[str] = []
        while events := [event for event in _outboxes() if event.id not in self._seen]:
            for event in events:
                self._seen.add(event.id)
                told.append(event.type)
                self._hand_on(event)
        return told

    def _hand_on(self, event: CloudEvent) -> None:
        record = {"messageId": event.id, "body": msgspec.json.encode({"detail": event}).decode()}
        for service, pattern in self._rules.items():
            if event.source in pattern["source"] and event.type in pattern["detail-type"]:
                reply = load_app(service).consumer({"Records": [record]}, None)
                assert reply == {"batchItemFailures": []}


def _pattern(service: str) -> dict[str, list[str]]:
    rule = read_template(TEMPLATES / f"{service}.yaml")["Resources"]["Rule"]["Properties"]
    pattern: dict[str, list[str]] = rule["EventPattern"]
    return pattern


def _outboxes() -> Iterator[CloudEvent]:
    tables = boto3.resource("dynamodb", region_name=REGION)
    for service in SERVICES:
        items: list[dict[str, Any]] = tables.Table(f"staybook-{service}").scan()["Items"]
        for item in items:
            yield from outbox.since(map(bytes, item.get("outbox", [])), 0)


@pytest.fixture
def bus(store: None, monkeypatch: pytest.MonkeyPatch) -> Bus:
    for service in SERVICES:
        create_tables(service)
    room = RoomService(ByHand(load_app("room").calendar))
    payment = PaymentService(ByHand(load_app("payment").charge))
    wire(
        monkeypatch,
        wiring,
        rooms=room,
        payments=payment,
        guarded_rooms=room,
        guarded_payments=payment,
    )
    return Bus()


def listed(price: int = 100_000) -> str:
    body = {"desc": "Beautiful House", "pricePerNight": {"amount": price, "currency": "KRW"}}
    room_id: str = knock("room", "POST", "/rooms", user="host", body=body).body["roomId"]
    return room_id


def reserve(room_id: str, user: str) -> Answer:
    body = {"roomId": room_id, "status": "reqReserve"}
    return knock("reservation", "POST", "/reservations", user=user, body=body)


def shown(service: str, resource: str, identity: str, user: str) -> Any:
    name = resource.split("{")[1].rstrip("}")
    return knock(service, "GET", resource, path={name: identity}, user=user).body


def test_a_booking_is_made_refused_to_others_and_cancelled(bus: Bus) -> None:
    room_id = listed()
    booked = reserve(room_id, "guest")
    assert booked.status == 201
    reservation_id, payment_id = booked.body["rsvId"], booked.body["payId"]
    bus.deliver()
    assert shown("room", "/rooms/{room_id}", room_id, "guest")["status"] == "reserved"
    assert shown("payment", "/payments/{payment_id}", payment_id, "guest")["status"] == "paid"

    assert reserve(room_id, "another").status == 409
    assert "PaymentCancelled" not in bus.deliver()
    assert (
        shown("reservation", "/reservations/{reservation_id}", reservation_id, "host")["status"] == "reserved"
    )

    path = {"reservation_id": reservation_id}
    body = {"status": "reqCancel"}
    knock("reservation", "PATCH", "/reservations/{reservation_id}", path=path, user="guest", body=body)
    told = bus.deliver()
    assert {"ReservationCancelRequested", "ReservationCancelled", "PaymentCancelled", "RoomCancelled"} <= set(
        told
    )
    assert shown("room", "/rooms/{room_id}", room_id, "guest")["status"] == "available"
    assert shown("payment", "/payments/{payment_id}", payment_id, "guest")["status"] == "cancelled"
    assert (
        shown("reservation", "/reservations/{reservation_id}", reservation_id, "guest")["status"]
        == "cancelled"
    )
    assert reserve(room_id, "another").status == 201


@pytest.mark.usefixtures("bus")
class TestBooks:
    """The ledger against the provider's own record."""

    def test_they_balance_while_bookings_stand_and_after_they_were_taken_back(self, bus: Bus) -> None:
        for user in ("guest", "another"):
            booked = reserve(listed(), user)
        bus.deliver()
        assert (books().held, imbalances(books())) == (200_000, [])
        path = {"reservation_id": booked.body["rsvId"]}
        body = {"status": "reqCancel"}
        knock("reservation", "PATCH", "/reservations/{reservation_id}", path=path, user="another", body=body)
        bus.deliver()
        assert imbalances(books()) == []
        payment = shown("payment", "/payments/{payment_id}", booked.body["payId"], "host")
        assert payment["refunded"]["amount"] + payment["fee"]["amount"] == payment["charged"]["amount"]

    def test_a_card_may_be_named_and_declined(self, bus: Bus) -> None:
        room_id = listed()
        declined = {"roomId": room_id, "paymentMethod": "card_declined"}
        assert knock("reservation", "POST", "/reservations", user="guest", body=declined).status == 402
        bus.deliver()
        assert imbalances(books()) == []
        assert reserve(room_id, "guest").status == 201


def books() -> Books:
    return Books.read(boto3.resource("dynamodb", region_name=REGION))


def test_a_declined_payment_frees_the_room_at_once(bus: Bus) -> None:
    room_id = listed(price=100_402)
    assert reserve(room_id, "guest").status == 402
    assert {"PaymentDeclined", "ReservationRejected"} <= set(bus.deliver())
    free = knock("room", "GET", "/check/chkAndReqReserve", query={"roomId": room_id})
    assert free.body is True
