"""The view is made anew from the archive beside the one that is read: while people go on, after it was spoilt, and as
it was at an instant.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.cloud import LOCAL, Cloud, cloud_of
from infra.operations.rebuild_view import Comparison, digest, rebuild_now, rebuild_past
from kernel.ids import new_id
from tests.bookings import Booked, book_many, pages
from tests.depth import depth
from tests.house import House, Person
from tests.waiting import eventually

BOOKINGS = depth(20, 1_000)  # each is two requests and about six events; every second one is cancelled again


@dataclass
class Crowd:
    """People who go on reading, listing and booking; `wrong` is every answer that was none."""

    house: House
    over: threading.Event = field(default_factory=threading.Event)
    answers: int = 0
    accepted: int = 0
    wrong: list[str] = field(default_factory=list)

    def read(self, person: Person, room_id: str) -> None:
        while not self.over.is_set():
            for path in ("/roomviews?size=50", f"/roomviews/{room_id}"):
                self._heard(person.ask("GET", path))

    def write(self, number: int) -> None:
        host = self.house.person(f"busy-host-{number}", "host")
        while not self.over.is_set():
            room_id = host.lists_room(title="busy")["roomId"]
            guest = self.house.person(f"busy-{new_id()}")
            booked = guest.books(room_id, new_id())
            self._heard(booked)
            self._heard(
                guest.insist("PATCH", f"/reservations/{booked.json()['rsvId']}", {"status": "reqCancel"})
            )
            self._heard(host.insist("PATCH", f"/rooms/{room_id}", {"title": "busier"}))
            self.accepted += 4

    def _heard(self, answer: Any) -> None:
        self.answers += 1
        if answer.status_code >= 400:
            self.wrong.append(f"{answer.request.url}: {answer.status_code} {answer.text}")


@contextmanager
def crowded(house: House, room_id: str) -> Iterator[Crowd]:
    """While it lasts, some read and one writes."""
    crowd = Crowd(house)
    with ThreadPoolExecutor(3) as pool:
        busy = [pool.submit(crowd.read, house.anybody(), room_id) for _ in range(2)]
        busy.append(pool.submit(crowd.write, 1))
        try:
            yield crowd
        finally:
            crowd.over.set()
        for one in busy:
            one.result()


def cancel_every_second(booked: Booked) -> None:
    for number, reservation in list(enumerate(booked.reservations))[::2]:
        guest = booked.guests[number // 10]
        answer = guest.insist("PATCH", f"/reservations/{reservation['rsvId']}", {"status": "reqCancel"})
        assert answer.status_code == 200, answer.text


def settled(cloud: Cloud) -> str:
    """The digest of the live view once nothing changes it any more."""

    def looked() -> str:
        before = digest(cloud)
        for _ in range(4):
            assert digest(cloud) == before
        return before

    return eventually(looked, within=120, what="a view at rest")


def spoil(house: House, table: str, room_ids: set[str]) -> None:
    """Takes some rows out of the live table, and lets others and their parts say something else."""
    tables = house.aws("dynamodb")
    for number, item in enumerate(pages(tables.get_paginator("scan"), TableName=table)):
        key = {name: item[name] for name in ("pk", "sk")}
        if key["pk"]["S"] in room_ids and number % 3 == 0:
            tables.delete_item(TableName=table, Key=key)
        elif key["pk"]["S"] in room_ids and "facts" in item:
            facts = item["facts"]["S"].replace("Seoul", "Atlantis").replace("reserved", "cancelled")
            tables.put_item(TableName=table, Item={**item, "facts": {"S": facts}})


@pytest.mark.timeout(900)
def test_a_rebuild_equals_the_live_view_of_now_and_of_then_and_mends_a_spoilt_one(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud = cloud_of(LOCAL, None)
    before = book_many(house, BOOKINGS // 2)
    cancel_every_second(before)
    then, at = settled(cloud), datetime.now(UTC)
    eventually(lambda: datetime.now(UTC) > at + timedelta(milliseconds=5), what="another instant")
    since = book_many(house, BOOKINGS // 2)
    cancel_every_second(since)

    table, past = rebuild_past(cloud, at)
    assert (table, past) == (other(house.live_view()), then)

    room_id = str(since.reservations[0]["roomId"])
    with crowded(house, room_id) as crowd:
        first = rebuild_now(cloud)
        assert_same(first)
        done = crowd.answers
        eventually(lambda: crowd.answers > done + 20, what="readers of the new table")
    assert crowd.wrong == []

    healthy = settled(cloud)
    spoil(house, house.live_view(), {str(each["roomId"]) for each in since.reservations})
    assert digest(cloud) != healthy
    mended = rebuild_now(cloud)
    assert not mended.same
    assert digest(cloud) == healthy
    with capsys.disabled():
        print(
            f"\n  then {then[:12]} = {past[:12]}; {first.items} items the same beside {crowd.accepted} writes and"
        )
        print(f"  {crowd.answers} answers, none wrong; {sum(mended.counts.values())} spoilt items made right")


def other(table: str) -> str:
    return {"staybook-viewpage": "staybook-viewpage-2"}.get(table, "staybook-viewpage")


def assert_same(comparison: Comparison) -> None:
    assert comparison.same, "\n".join(comparison.lines())
    assert comparison.items > 0
