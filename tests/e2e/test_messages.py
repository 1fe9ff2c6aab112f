"""Guest and host each hear of a change once, whoever was down and however many work on it; and by mail if they wish."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from infra.cloud import LOCAL, cloud_of
from infra.operations.redrive import redrive
from kernel.ids import new_id
from tests.bookings import Booked, book_many, pages
from tests.house import House, Person
from tests.queues import Queue, Workers, stopped
from tests.waiting import eventually

BOOKINGS = int(os.environ.get("STAYBOOK_BOOKINGS", "40"))  # `make deep` takes 500
PATIENCE = 60 + BOOKINGS
CONSUMER = "staybook-message-consumer"

pytestmark = pytest.mark.timeout(120 + 3 * BOOKINGS)


def told(house: House, booked: Booked) -> Counter[tuple[str, str]]:
    """How often each person was told that a reservation is booked, from the final table."""
    items = pages(
        house.aws("dynamodb").get_paginator("scan"), TableName="staybook-message", ConsistentRead=True
    )
    return Counter(
        (item["rsvId"]["S"], item["personId"]["S"])
        for item in items
        if item["sk"]["S"] == "message" and item["kind"]["S"] == "booked" and item["rsvId"]["S"] in booked.ids
    )


def everybody(booked: Booked) -> Counter[tuple[str, str]]:
    """Guest and host of each accepted booking, once."""
    return Counter(
        (each["rsvId"], person)
        for each in booked.reservations
        for person in (each["guestId"], each["hostId"])
    )


def say(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        print(f"\n  {line}")


@contextmanager
def fault(house: House, **rule: Any) -> Iterator[None]:
    house.engine.post("/faults", json=rule).raise_for_status()
    try:
        yield
    finally:
        house.engine.delete("/faults").raise_for_status()


def test_what_was_booked_while_nobody_told_is_told_once(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    queue = Queue(house, "staybook-message-events")
    with stopped(queue, CONSUMER):
        booked = book_many(house, BOOKINGS)
        eventually(lambda: queue.waiting() >= BOOKINGS, within=PATIENCE, what="every event in the queue")
        assert told(house, booked) == Counter()
    eventually(lambda: queue.waiting() == 0, within=PATIENCE, what="an empty queue")
    found = told(house, booked)
    say(capsys, f"{len(booked.ids)} bookings accepted, {found.total()} messages, {len(found)} different")
    assert found == everybody(booked)
    assert len(booked.host.items("/messages?size=100")) == len(booked.ids)
    assert booked.host.get("/messages")["unread"] == len(booked.ids)


@pytest.mark.parametrize("processes", [2, 4])
def test_several_processes_on_one_queue_tell_once(
    house: House, capsys: pytest.CaptureFixture[str], processes: int
) -> None:
    queue = Queue(house, "staybook-message-events")
    with stopped(queue, CONSUMER):
        booked = book_many(house, BOOKINGS // 2)
        eventually(lambda: queue.waiting() >= len(booked.ids), within=PATIENCE, what="every event")
        workers = Workers(queue, CONSUMER)
        with fault(
            house, kind="delay", seconds=0.1, service="dynamodb", operation="PutItem", caller=CONSUMER
        ):
            workers.drain(processes)  # so slowly that all of them are at it at the same time
    found = told(house, booked)
    say(
        capsys,
        f"{len(booked.ids)} bookings, {len(workers.processes)} processes, {workers.handled.total()} deliveries of"
        f" {len(workers.handled)} events, {found.total()} messages",
    )
    assert len(workers.processes) >= processes
    assert min(workers.handled.values()) >= 2
    assert found == everybody(booked)
    assert Queue(house, "staybook-message-events-dlq").waiting() == 0


class Post:
    """What SES says it has sent to one address."""

    def __init__(self, house: House, address: str) -> None:
        self._house, self._address = house, address

    def subjects(self) -> list[str]:
        sent = httpx.get(f"{self._house.endpoints.aws}/_aws/ses").json()["messages"]
        return [mail["Subject"] for mail in sent if mail["Destination"]["ToAddresses"] == [self._address]]

    def has(self, *subjects: str) -> Callable[[], bool]:
        return lambda: sorted(self.subjects()) == sorted(subjects)


@pytest.fixture
def reached(house: House) -> tuple[Person, Post]:
    """Somebody who reads English and has an address."""
    guest = house.person(f"guest-{new_id()}")
    profile = guest.get("/me")
    assert guest.insist("PUT", "/me", {**profile, "language": "en"}).status_code == 200
    return guest, Post(house, profile["email"])


def books(house: House, guest: Person) -> dict[str, Any]:
    room = house.person(f"host-{new_id()}", "host").lists_room()
    day = date.today() + timedelta(days=30)  # noqa: DTZ011 - long enough before it for everything to be refunded
    stay = {"checkIn": f"{day}", "checkOut": f"{day + timedelta(days=1)}"}
    answer = guest.books(room["roomId"], new_id(), **stay)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@contextmanager
def soon_again(queue: Queue) -> Iterator[None]:
    """What is not delivered is tried again after a second."""
    with queue.repeating_after(1):
        # The poll that waits just now still goes by the old time: here is something for it to end on.
        queue.client.send_message(
            QueueUrl=queue.url, MessageBody='{"messageId": "none", "correlationId": ""}'
        )
        eventually(lambda: queue.waiting() == 0, what="an empty queue")
        yield


def test_a_change_is_sent_to_whoever_has_an_address(house: House, reached: tuple[Person, Post]) -> None:
    guest, post = reached
    booking = books(house, guest)
    eventually(post.has("Booking confirmed"), what="the first mail")
    assert guest.get("/messages")["_embedded"]["messages"][0]["subject"] == "Booking confirmed"
    guest.insist("PATCH", f"/reservations/{booking['rsvId']}", {"status": "reqCancel"})
    eventually(post.has("Booking confirmed", "Booking cancelled", "Payment refunded"), what="three mails")


def test_a_mail_that_was_not_taken_is_sent_again(house: House, reached: tuple[Person, Post]) -> None:
    guest, post = reached
    queue = Queue(house, "staybook-message-deliveries")
    with (
        soon_again(queue),
        fault(house, kind="throttle", service="ses", operation="SendEmail", count=2),
    ):
        books(house, guest)
        eventually(post.has("Booking confirmed"), what="the mail")
    eventually(lambda: queue.waiting() == 0, what="an empty queue")
    assert post.subjects() == ["Booking confirmed"]


def test_a_mail_that_cannot_be_sent_is_set_aside_and_its_message_shown_all_the_same(
    house: House, reached: tuple[Person, Post]
) -> None:
    guest, post = reached
    queue, aside = (Queue(house, f"staybook-message-deliveries{end}") for end in ("", "-dlq"))
    with soon_again(queue), fault(house, kind="error", service="ses", operation="SendEmail"):
        books(house, guest)
        eventually(lambda: aside.waiting() == 1, within=PATIENCE, what="a mail set aside")
        assert len(guest.items("/messages")) == 1
        assert post.subjects() == []
    assert redrive(cloud_of(LOCAL, None), aside.name).put_back == 1
    eventually(post.has("Booking confirmed"), what="the mail")
