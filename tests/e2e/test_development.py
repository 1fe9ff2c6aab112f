"""Each service by `chalice local`, from its sources, against the running engine: what `make dev` starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.layout import KERNEL, ROOT
from kernel.ids import new_id
from tests.house import House, Person
from tests.waiting import eventually

STARTS_WITHIN = 60  # seconds, on a busy machine


@contextmanager
def developed(service: str, log: Path = Path(os.devnull)) -> Iterator[httpx.Client]:
    """A client of the service as its developer runs it; it ends with all that it started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "infra.local.dev", service, "--port", str(port)]
    with log.open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            eventually(
                lambda: _serves(client, service), within=STARTS_WITHIN, what=f"{service} by chalice local"
            )
            yield client
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _serves(client: httpx.Client, service: str) -> bool:
    try:
        return client.get(f"/health/{service}").status_code == 200
    except httpx.TransportError:
        return False


def items(house: House, service: str, key: str) -> list[dict[str, Any]]:
    """What the engine's table holds under a partition key."""
    found: list[dict[str, Any]] = house.aws("dynamodb").query(
        TableName=f"staybook-{service}",
        KeyConditionExpression="pk = :key",
        ExpressionAttributeValues={":key": {"S": key}},
        ConsistentRead=True,
    )["Items"]
    return found


@pytest.fixture
def host(house: House) -> Person:
    return house.person(f"host-{new_id()}", "host")


@pytest.fixture
def guest(house: House) -> Person:
    return house.person(f"guest-{new_id()}")


@pytest.fixture
def booking(house: House, host: Person, guest: Person) -> dict[str, Any]:
    """A booking made through the deployed system."""
    answer = guest.books(host.lists_room()["roomId"], new_id())
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_room_written_through_it_is_in_the_engines_table(house: House, host: Person) -> None:
    with developed("room") as room:
        answer = room.post("/rooms", json={"desc": "From my desk"}, headers=host.headers)
    assert answer.status_code == 201, answer.text
    assert items(house, "room", answer.json()["roomId"])


def test_a_reservation_written_through_it_is_in_the_engines_table(
    house: House, host: Person, guest: Person
) -> None:
    wanted = {"roomId": host.lists_room()["roomId"]}
    with developed("reservation") as reservation:
        answer = reservation.post("/reservations", json=wanted, headers=guest.headers)
    assert answer.status_code == 201, answer.text
    assert items(house, "reservation", answer.json()["rsvId"])


def test_payments_show_what_a_charge_put_into_the_engines_table(
    guest: Person, booking: dict[str, Any]
) -> None:
    """Clients write no payments, and the development server knows no direct calls: it shows what a booking wrote."""
    with developed("payment") as payment:
        answer = payment.get(f"/payments/{booking['payId']}", headers=guest.headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["rsvId"] == booking["rsvId"]


def test_a_message_read_through_it_is_read_in_the_engines_table(
    guest: Person, booking: dict[str, Any], house: House
) -> None:
    (told,) = eventually(lambda: guest.items("/messages"), what="the guest's message")
    address = f"/messages/{told['msgId']}"
    with developed("message") as message:
        answer = message.patch(address, json={"read": True}, headers=guest.headers)
    assert answer.status_code == 200, answer.text
    (stored,) = items(house, "message", told["msgId"])
    assert (stored["readAt"]["S"], stored["roomId"]["S"]) == (answer.json()["readAt"], booking["roomId"])


def test_the_view_shows_what_an_event_put_into_the_engines_table(host: Person, guest: Person) -> None:
    room_id = host.lists_room(desc="Seen from my desk")["roomId"]
    eventually(lambda: guest.ask("GET", f"/roomviews/{room_id}").status_code == 200, what="the room's view")
    with developed("viewpage") as viewpage:
        answer = viewpage.get(f"/roomviews/{room_id}")
    assert answer.json()["desc"] == "Seen from my desk"


@pytest.mark.usefixtures("house")
def test_a_change_of_the_kernel_starts_it_again(tmp_path: Path) -> None:
    log = tmp_path / "dev.log"
    with developed("room", log) as room:
        os.utime(KERNEL / "ids.py")
        eventually(lambda: "room changed" in log.read_text(), what="noticing the change")
        eventually(lambda: _serves(room, "room"), within=STARTS_WITHIN, what="another start")
