"""The view is made anew from the archive beside the one that is read: while people go on, after it was spoilt, and as
it was at an instant.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from infra.cloud import LOCAL, cloud_of
from infra.layout import ROOT
from infra.operations.rebuild_view import Comparison, digest, rebuild_now
from kernel.ids import new_id
from tests.bookings import Booked, book_many, pages
from tests.depth import depth
from tests.house import House, Person
from tests.waiting import eventually

BOOKINGS = int(os.environ.get("STAYBOOK_BOOKINGS", depth(12, 1_340)))  # every second one is cancelled again


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


@dataclass(frozen=True)
class Past:
    """Bookings of which every second one was cancelled again, all of it seen by the view."""

    house: House
    booked: Booked

    @classmethod
    def made(cls, house: House, bookings: int) -> Past:
        past = cls(house, book_many(house, bookings))
        for number, reservation in past.cancelled():
            guest, path = past.booked.guests[number // 10], f"/reservations/{reservation['rsvId']}"
            answer = guest.insist("PATCH", path, {"status": "reqCancel"})
            assert answer.status_code == 200, answer.text
        eventually(past.is_seen, within=300, what="a view that has seen it all")
        return past

    def cancelled(self) -> list[tuple[int, dict[str, Any]]]:
        return list(enumerate(self.booked.reservations))[::2]

    @property
    def room_ids(self) -> set[str]:
        return {str(each["roomId"]) for each in self.booked.reservations}

    def is_seen(self) -> bool:
        """Whether each booking, its payment and its nights are in view as they stay."""
        admin, gone = self.house.person("boss", "admin"), {each["rsvId"] for _, each in self.cancelled()}
        for each in self.booked.reservations:
            view = admin.get(f"/roomviews/search/findByRsvId?rsvId={each['rsvId']}")
            expected = ("cancelled", "cancelled") if each["rsvId"] in gone else ("reserved", "paid")
            if (view["rsvStatus"], view["payStatus"]) != expected:
                return False
        taken = [
            self.house.anybody().get(f"/roomviews/{room_id}")["bookedNights"] for room_id in self.room_ids
        ]
        return sum(map(nights, taken)) == len(self.booked.reservations) - len(gone)


def nights(spans: list[str]) -> int:
    """How many nights lie in spans such as 2026-12-24/2026-12-26."""
    ends = [[date.fromisoformat(end) for end in span.split("/")] for span in spans]
    return sum((last - first).days for first, last in ends)


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
    Past.made(house, BOOKINGS // 2)
    then, at = digest(cloud), datetime.now(UTC)
    eventually(lambda: datetime.now(UTC) > at + timedelta(milliseconds=5), what="another instant")
    own = Past.made(house, BOOKINGS // 2).room_ids

    said = by_hand(f"UNTIL={at.isoformat()}").splitlines()
    assert said[-2].endswith(f" are in {other(house.live_view())}")
    past = said[-1]
    assert past == then
    with capsys.disabled():
        print(f"\n  the view of then {then[:12]}, rebuilt {past[:12]}")

    for spoilt in depth([own], [set(), own]):
        found = rebuilt_while_people_go_on(house, spoilt)
        assert differing(found) <= spoilt
        assert found.same is (not spoilt)
        with capsys.disabled():
            print(
                f"  {found.items} items, {sum(found.counts.values())} differ, of {len(spoilt)} spoilt rooms"
            )
    for room_id in own:
        assert house.anybody().get(f"/roomviews/{room_id}")["city"] != "Atlantis"


def by_hand(*arguments: str) -> str:
    """What the operator's command says in the end."""
    done = subprocess.run(
        ["make", "rebuild-view", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def rebuilt_while_people_go_on(house: House, spoilt: set[str]) -> Comparison:
    """How the rebuilt view, now live, differs from the live one, in which the rooms were spoilt."""
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
