"""Each service by Chalice's development server, from its sources, against the running engine's tables."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from infra.dev import PORTS
from infra.layout import ROOT
from kernel.ids import new_id
from tests.house import House, Person
from tests.waiting import eventually


@contextmanager
def served(house: House, service: str, person: Person) -> Iterator[Person]:
    """The same person at the service's own development server."""
    address = f"http://127.0.0.1:{PORTS[service]}"
    server = subprocess.Popen([sys.executable, "-m", "infra.dev", service], cwd=ROOT)
    try:
        with httpx.Client(base_url=address, timeout=30) as http:
            eventually(lambda: _up(http, service), within=60, what=f"chalice local of {service}")
            yield Person(http, person.headers)
    finally:
        server.terminate()
        assert server.wait(20) == 0


def _up(http: httpx.Client, service: str) -> bool:
    try:
        return http.get(f"/health/{service}").status_code == 200
    except httpx.TransportError:
        return False


def stored(house: House, table: str, key: str, kind: str) -> dict[str, dict[str, str]]:
    """The item as the engine's table holds it."""
    keys = {"pk": {"S": key}, "sk": {"S": kind}}
    found: dict[str, dict[str, str]] = house.aws("dynamodb").get_item(TableName=table, Key=keys)["Item"]
    return found


@pytest.fixture
def host(house: House) -> Person:
    return house.person(f"host-{new_id()}", "host")


@pytest.fixture
def guest(house: House) -> Person:
    return house.person(f"guest-{new_id()}")


def test_room_writes_a_room(house: House, host: Person) -> None:
    with served(house, "room", host) as here:
        room = here.lists_room(desc="By the development server")
    assert stored(house, "staybook-room", room["roomId"], "room")["desc"]["S"] == "By the development server"


def test_reservation_books_and_cancels(house: House, host: Person, guest: Person) -> None:
    room_id = host.lists_room()["roomId"]
    with served(house, "reservation", guest) as here:
        booking = here.books(room_id, new_id())
        assert booking.status_code == 201, booking.text
        reservation_id = booking.json()["rsvId"]
        cancelled = here.ask("PATCH", f"/reservations/{reservation_id}", {"status": "reqCancel"})
        assert cancelled.status_code == 200, cancelled.text
    status = stored(house, "staybook-reservation", reservation_id, "reservation")["status"]["S"]
    assert status in ("reqCancel", "cancelled")


def test_payment_shows_what_a_booking_charged(house: House, host: Person, guest: Person) -> None:
    """Clients write no payments: the booking does, through the direct function."""
    booking = guest.books(host.lists_room()["roomId"], new_id()).json()
    with served(house, "payment", guest) as here:
        shown = here.get(f"/payments/{booking['payId']}")
    assert (
        shown["status"]
        == stored(house, "staybook-payment", booking["payId"], "payment")["status"]["S"]
        == "paid"
    )


def test_message_shows_what_an_event_put_there(house: House, host: Person, guest: Person) -> None:
    guest.books(host.lists_room()["roomId"], new_id())
    with served(house, "message", host) as here:
        (message,) = eventually(lambda: here.items("/messages"), what="the host's message")
    content = stored(house, "staybook-message", message["msgId"], "message")["content"]["S"]
    assert content == message["content"]


def test_viewpage_shows_what_an_event_put_there(house: House, host: Person) -> None:
    room_id = host.lists_room(desc="To be viewed")["roomId"]
    with served(house, "viewpage", host) as here:
        at = f"/roomviews/{room_id}"
        eventually(lambda: here.ask("GET", at).status_code == 200, what=at)
        assert here.get(at)["desc"] == "To be viewed"
        assert here.ask("GET", "/").headers["Content-Type"].startswith("text/html")
