"""The view is made anew from the archive beside the one that is read: while people go on, after it was spoilt, and as
it was at an instant.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.viewpage.adapters.items import PartItem, part_item
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.hearing import parts_of
from infra.cloud import LOCAL, cloud_of
from infra.layout import ROOT
from infra.operations.rebuild_view import Comparison, digest, rebuild_now
from kernel.clock import system_clock, today
from kernel.ids import new_id
from tests.bookings import pages
from tests.depth import depth
from tests.house import House, Person
from tests.townspeople import Townspeople
from tests.waiting import eventually

OPERATIONS = int(os.environ.get("STAYBOOK_OPERATIONS", depth(60, 2_000)))
_GROUPS = 4
_CARDS = (None, None, None, "card_declined")
_UNDER_WAY = ("reqReserve", "reqCancel")
_A_LOOK = 0.2  # seconds that a reader looks at what was read
_STILL = 3  # looks at the whole view that find the same


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
        while not self.over.wait(_A_LOOK):
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


@dataclass
class Town:
    """People who act at random, some of them at once, and what they left: all of it seen by the view in the end."""

    house: House
    seed: int
    groups: list[Townspeople] = field(default_factory=list)

    def lives(self, operations: int) -> None:
        marker = new_id()
        made = [self._people(f"{number}-{marker}") for number in range(_GROUPS)]
        with ThreadPoolExecutor(_GROUPS) as pool:
            for one in [pool.submit(_acts, people, operations // _GROUPS) for people in made]:
                one.result()
        self.groups += made
        eventually(self.is_at_rest, within=300, what="a view that has seen it all")

    def is_at_rest(self) -> bool:
        """Whether nothing is under way any more, and the view knows the last version of everything."""
        if any(
            item["status"]["S"] in _UNDER_WAY
            for item in self._items("staybook-reservation")
            if "status" in item
        ):
            return False
        known = {
            (item["pk"]["S"], item["sk"]["S"]): int(item["version"]["N"])
            for item in self._items(self.house.live_view())
        }
        unseen = [
            part for part in parts_of(self.house.announced()) if known.get(_key(part), 0) < part.version
        ]
        return not unseen and len({digest(cloud_of(LOCAL, None)) for _ in range(_STILL)}) == 1

    @property
    def room_ids(self) -> set[str]:
        return {room_id for people in self.groups for room_id, _ in people.rooms}

    def _people(self, marker: str) -> Townspeople:
        guests = tuple(f"guest-{number}-{marker}" for number in range(12))
        hosts = (f"host-1-{marker}", f"host-2-{marker}")
        everybody = {
            **{name: self.house.person(name) for name in guests},
            **{name: self.house.person(name, "host") for name in hosts},
        }

        def asking(
            _service: str, method: str, resource: str, *, path: Mapping[str, str], user: str, body: Any
        ) -> Any:
            headers = {"Idempotency_Key": new_id()} if method == "POST" else {}
            answer = everybody[user].insist(method, resource.format(**path), body, **headers)
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 300:
                return None
            return answer.json() if answer.text else {}

        self.seed += 1
        return Townspeople(
            asking, Random(self.seed), lambda: today(system_clock(), "Asia/Seoul"), guests, hosts, _CARDS
        )

    def _items(self, table: str) -> Iterator[dict[str, Any]]:
        return pages(self.house.aws("dynamodb").get_paginator("scan"), TableName=table, ConsistentRead=True)


def _acts(people: Townspeople, times: int) -> None:
    for _ in range(times):
        people.act()


def _key(part: Part) -> tuple[str, str]:
    item = part_item(part, PartItem)
    return item.room_id, item.key


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


@pytest.mark.timeout(3600)
def test_a_rebuild_equals_the_live_view_of_now_and_of_then_and_mends_what_was_spoilt(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud, town = cloud_of(LOCAL, None), Town(house, seed=20261122)
    town.lives(OPERATIONS // 2)
    then, at = digest(cloud), datetime.now(UTC)
    eventually(lambda: datetime.now(UTC) > at + timedelta(milliseconds=5), what="another instant")
    town.lives(OPERATIONS // 2)
    with capsys.disabled():
        accepted = sum(people.accepted for people in town.groups)
        print(f"\n  {OPERATIONS} operations, {accepted} of them accepted")

    said = by_hand(f"UNTIL={at.isoformat()}").splitlines()
    assert said[-2].endswith(f" are in {other(house.live_view())}")
    past = said[-1]
    assert past == then
    with capsys.disabled():
        print(f"  the view of then {then[:12]}, rebuilt {past[:12]}")

    own = town.room_ids
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
