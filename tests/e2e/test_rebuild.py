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

BOOKINGS = depth(12, 1_000)  # every second one is cancelled again


@dataclass
class Crowd:
    """People who go on reading, listing and booking; `wrong` is every answer that was none."""

    house: House
    over: threading.Event = field(default_factory=threading.Event)
    answers: int = 0
    accepted: int = 0
    wrong: list[str] = field(default_factory=list)

    def read(self, person: Person) -> None:
        path = "/roomviews?size=50&sort=newest"
        while not self.over.is_set():
            listed = person.ask("GET", path)
            self._heard(listed)
            room = listed.json()["_embedded"]["roomviews"][-1]
            self._heard(person.ask("GET", room["_links"]["self"]["href"]))

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
def crowded(house: House) -> Iterator[Crowd]:
    """While it lasts, some read and one writes."""
    crowd = Crowd(house)
    with ThreadPoolExecutor(3) as pool:
        busy = [pool.submit(crowd.read, house.anybody()) for _ in range(2)]
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


def spoil(house: House, room_ids: set[str]) -> None:
    """Takes some items of the rooms out of the live table, and lets others say something else."""
    tables, table = house.aws("dynamodb"), house.live_view()
    found = [item for item in pages(tables.get_paginator("scan"), TableName=table) if room_ids]
    for number, item in enumerate(found):
        key = {name: item[name] for name in ("pk", "sk")}
        if key["pk"]["S"] in room_ids and number % 3 == 0:
            tables.delete_item(TableName=table, Key=key)
        elif key["pk"]["S"] in room_ids and "facts" in item:
            facts = item["facts"]["S"].replace("Seoul", "Atlantis").replace("reserved", "cancelled")
            tables.put_item(TableName=table, Item={**item, "facts": {"S": facts}})


@pytest.mark.timeout(900)
def test_a_rebuild_equals_the_live_view_of_now_and_of_then_and_mends_what_was_spoilt(
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
    with capsys.disabled():
        print(f"\n  the view of then {then[:12]}, rebuilt {past[:12]}")

    own = {str(each["roomId"]) for each in since.reservations}
    for spoilt in depth([own], [set(), own]):
        found = rebuilt_while_people_go_on(house, spoilt)
        assert differing(found) <= spoilt
        assert found.same is (not spoilt)
        with capsys.disabled():
            print(
                f"  {found.items} items, {sum(found.counts.values())} differ, of {len(spoilt)} spoilt rooms"
            )
    assert digest(cloud) == settled(cloud)
    for room_id in own:
        assert house.anybody().get(f"/roomviews/{room_id}")["city"] != "Atlantis"


def rebuilt_while_people_go_on(house: House, spoilt: set[str]) -> Comparison:
    """How the rebuilt view, now live, differs from the live one, in which the rooms were spoilt."""
    settled(cloud_of(LOCAL, None))
    spoil(house, spoilt)
    with crowded(house) as crowd:
        eventually(lambda: crowd.answers > 5, within=60, what="a crowd")
        found = rebuild_now(cloud_of(LOCAL, None))
        done = crowd.answers
        eventually(lambda: crowd.answers > done + 20, within=60, what="readers of the new table")
    assert crowd.wrong == []
    return found


def differing(comparison: Comparison) -> set[str]:
    """The rooms with items that differ, as far as they are named."""
    return {room_id for keys in comparison.some.values() for room_id, _ in keys}


def other(table: str) -> str:
    return {"staybook-viewpage": "staybook-viewpage-2"}.get(table, "staybook-viewpage")
