"""Disagreements planted into the services' tables: each is found, and what the rules allow is right after one run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.reservation import hearing
from chalicelib.reservation.adapters.comparing import AllReservations, AskedPeers
from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.adapters.reservations import DynamoReservations
from chalicelib.reservation.bootstrap import wiring
from chalicelib.reservation.domain.drift import Drift
from chalicelib.reservation.usecases.reconciling import reconcile
from kernel import budget, outbox
from kernel.clock import system_clock
from kernel.events import CloudEvent
from kernel.ids import new_id
from tests.by_hand import ByHand
from tests.doors import knock, load_app
from tests.tables import REGION, create_tables
from tests.wired import wire

SERVICES = ("room", "reservation", "payment", "viewpage")
REPAIRABLE = {Drift.OVERDUE, Drift.NIGHTS_KEPT, Drift.MONEY_KEPT, Drift.VIEW_BEHIND}


@dataclass
class Said:
    """The port `Findings`: what the last run reported."""

    found: Counter[Drift] = field(default_factory=Counter)
    repaired: Counter[Drift] = field(default_factory=Counter)

    def report(self, found: Mapping[Drift, int], repaired: Mapping[Drift, int]) -> None:
        self.found, self.repaired = Counter(found), Counter(repaired)


@dataclass
class Booking:
    """What was booked, by its ids."""

    reservation_id: str
    payment_id: str
    room_id: str
    night: date

    @property
    def month(self) -> dict[str, str]:
        return {"pk": self.room_id, "sk": f"nights#{self.night:%Y-%m}"}

    @property
    def day(self) -> str:
        return f"d{self.night:%d}"


@dataclass
class House:
    """The services' doors, and a reconciler who comes an hour later."""

    said: Said = field(default_factory=Said)

    def __post_init__(self) -> None:
        self.room, self.payment, self.view = (
            ByHand(load_app(service).__dict__[door])
            for service, door in (("room", "calendar"), ("payment", "charge"), ("viewpage", "upkeep"))
        )

    def reconcile(self) -> Said:
        def later() -> datetime:
            return system_clock() + timedelta(hours=1)

        budget.begin(None)  # it is no part of the requests before it
        reconcile(
            everything=AllReservations(),
            reservations=DynamoReservations(),
            rooms=RoomService(self.room),
            payments=PaymentService(self.payment),
            peers=AskedPeers(self.room, self.payment, self.view),
            findings=self.said,
            clock=later,
        )
        return self.said

    def books(self) -> Booking:
        room = knock("room", "POST", "/rooms", user="host", body={"desc": "Beautiful House"}).body
        asked = {"roomId": room["roomId"], "status": "reqReserve"}
        made = knock("reservation", "POST", "/reservations", user=f"guest-{new_id()}", body=asked).body
        booking = Booking(made["rsvId"], made["payId"], room["roomId"], date.fromisoformat(made["checkIn"]))
        self.tells_view(booking)
        return booking

    def books_and_cancels(self) -> Booking:
        booking = self.books()
        stored = item("reservation", booking.reservation_id, "reservation")
        path, body = {"reservation_id": booking.reservation_id}, {"status": "reqCancel"}
        resource = "/reservations/{reservation_id}"
        knock("reservation", "PATCH", resource, path=path, user=stored["guestId"], body=body)
        *_, event = announced(item("reservation", booking.reservation_id, "reservation"))
        hearing.finish_cancel(event)
        self.tells_view(booking)
        cancelled = DynamoReservations().find(booking.reservation_id)
        assert cancelled is not None
        RoomService(self.room).release(cancelled)
        PaymentService(self.payment).void(cancelled)
        return booking

    def tells_view(self, booking: Booking) -> None:
        stored = item("reservation", booking.reservation_id, "reservation")
        self.view.ask("fold", {"events": [msgspec.to_builtins(event) for event in announced(stored)]})


def announced(stored: dict[str, Any]) -> list[CloudEvent]:
    return outbox.since(map(bytes, stored["outbox"]), 0)


def table(service: str) -> Any:
    return boto3.resource("dynamodb", region_name=REGION).Table(f"staybook-{service}")


def item(service: str, key: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = table(service).get_item(Key={"pk": key, "sk": kind})["Item"]
    return found


def change(service: str, key: dict[str, str], **values: Any) -> None:
    """Writes attributes behind the service's back; None removes one."""
    for name, value in values.items():
        if value is None:
            table(service).update_item(
                Key=key, UpdateExpression="REMOVE #n", ExpressionAttributeNames={"#n": name}
            )
        else:
            table(service).update_item(
                Key=key,
                UpdateExpression="SET #n = :v",
                ExpressionAttributeNames={"#n": name},
                ExpressionAttributeValues={":v": value},
            )


@pytest.fixture
def house(store: None, monkeypatch: pytest.MonkeyPatch) -> House:
    for service in SERVICES:
        create_tables(service)
    made = House()
    rooms, payments = RoomService(made.room), PaymentService(made.payment)
    wire(
        monkeypatch,
        wiring,
        rooms=rooms,
        payments=payments,
        guarded_rooms=rooms,
        guarded_payments=payments,
    )
    return made


def overdue(house: House) -> None:
    booking = house.books()
    change("reservation", {"pk": booking.reservation_id, "sk": "reservation"}, status="reqCancel")


def nights_kept(house: House) -> None:
    booking = house.books_and_cancels()
    change("room", booking.month, **{booking.day: {"r": booking.reservation_id}})


def money_kept(house: House) -> None:
    booking = house.books_and_cancels()
    change("payment", {"pk": booking.payment_id, "sk": "payment"}, status="paid")


def view_behind(house: House) -> None:
    booking = house.books()
    key = {"pk": booking.room_id, "sk": f"part#{booking.reservation_id}#{booking.reservation_id}"}
    assert table("viewpage").delete_item(Key=key, ReturnValues="ALL_OLD")["Attributes"]


def nights_lost(house: House) -> None:
    booking = house.books()
    change("room", booking.month, **{booking.day: None})


def money_lost(house: House) -> None:
    booking = house.books()
    table("payment").delete_item(Key={"pk": booking.payment_id, "sk": "payment"})


def nights_of_nobody(house: House) -> None:
    booking = house.books()
    another = "d01" if booking.day != "d01" else "d02"
    change("room", booking.month, **{another: {"r": new_id()}})


PLANTED = {
    Drift.OVERDUE: overdue,
    Drift.NIGHTS_KEPT: nights_kept,
    Drift.MONEY_KEPT: money_kept,
    Drift.VIEW_BEHIND: view_behind,
    Drift.NIGHTS_LOST: nights_lost,
    Drift.MONEY_LOST: money_lost,
    Drift.NIGHTS_OF_NOBODY: nights_of_nobody,
}


def test_services_that_agree_are_left_alone(house: House) -> None:
    house.books()
    house.books_and_cancels()
    assert house.reconcile().found == {}


def test_every_kind_of_drift_is_found_and_repaired_within_one_run_where_it_may_be(house: House) -> None:
    for plant in PLANTED.values():
        plant(house)
    first = house.reconcile()
    assert {*first.found} == {*PLANTED} == {*Drift}
    assert {*first.repaired} == REPAIRABLE
    assert all(first.repaired[drift] == first.found[drift] for drift in REPAIRABLE)
    second = house.reconcile()
    assert {*second.found} == {*Drift} - REPAIRABLE
    assert second.repaired == {}


@pytest.mark.parametrize("drift", PLANTED)
def test_a_drift_is_found_alone(house: House, drift: Drift) -> None:
    PLANTED[drift](house)
    said = house.reconcile()
    assert drift in said.found
    assert (said.repaired[drift] == said.found[drift]) is (drift in REPAIRABLE)
