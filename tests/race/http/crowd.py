"""A crowd over HTTP: many clients at once book, ask again with the same and with another body, cancel; hosts block."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import httpx

from kernel.ids import new_id
from tests.checks.snapshot import TABLES, Snapshot
from tests.house import House, Person
from tests.race.history import History, Told, kind_of
from tests.race.round import Wish

NIGHTS, LONGEST = 5, 3
BOOKINGS_A_GUEST = 4  # fewer than a guest may have open, so that the limit is met now and then only
BOOKINGS_A_ROOM = 12
_MONTH_AHEAD = timedelta(days=31)


@dataclass
class Crowd:
    """`clients` threads make `bookings` bookings between them; rooms change as they fill, so that all meet."""

    house: House
    seed: int
    bookings: int
    clients: int
    history: History = field(default_factory=History)
    wishes: list[Wish] = field(default_factory=list)
    blocks: list[Wish] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._marker = new_id()
        self._host = self.house.person(f"host-{self._marker}", "host")
        self._people = {
            name: self.house.person(name)
            for name in (f"guest-{n}-{self._marker}" for n in range(self.bookings // BOOKINGS_A_GUEST))
        }
        self._subjects = {name: self._subject(person) for name, person in self._people.items()}
        self._host_subject = self._subject(self._host)
        self._rooms: list[str] = []
        self._numbers = count()
        self._lock = threading.Lock()
        self._first_night = date.today() + _MONTH_AHEAD  # noqa: DTZ011 - far from any border of days

    def play(self) -> None:
        """Until every booking was asked for; then each key is asked until it is decided."""
        with ThreadPoolExecutor(self.clients) as pool:
            for done in [pool.submit(self._client, Random(self.seed + n)) for n in range(self.clients)]:
                done.result()
            for settled in [pool.submit(self._insist, wish) for wish in list(self.wishes)]:
                settled.result()

    def names(self) -> dict[tuple[str, str], str]:
        """The reservation, or the block, of every guest and key."""
        return {(wish.guest, wish.key): wish.reservation_id for wish in self.wishes} | {
            (wish.guest, wish.key): wish.block_id for wish in self.blocks
        }

    def snapshot(self) -> Snapshot:
        """The crowd's own rooms, bookings and money, whatever else lies in the tables."""
        rooms, client = set(self._rooms), self.house.aws("dynamodb")
        found: dict[str, Any] = {}
        for name in TABLES:
            pages = client.get_paginator("scan").paginate(TableName=f"staybook-{name}", ConsistentRead=True)
            found[name] = [item for page in pages for item in page["Items"]]
        own = {item["pk"]["S"] for item in found["reservation"] if item.get("roomId", {}).get("S") in rooms}
        guests = {f"guest#{subject}" for subject in self._subjects.values()}
        paid = {item["pk"]["S"] for item in found["payment"] if item.get("rsvId", {}).get("S") in own}
        keep = {
            "room": lambda item: item["pk"]["S"] in rooms,
            "reservation": lambda item: item["pk"]["S"] in own | guests,
            "payment": lambda item: item["pk"]["S"] in paid,
            "payment-provider": lambda item: item["pk"]["S"] in paid,
            "message": lambda item: item.get("rsvId", {}).get("S") in own,
        }
        return Snapshot.of(
            {name: [item for item in items if keep[name](item)] for name, items in found.items()}
        )

    def _client(self, random: Random) -> None:
        for number in self._next():
            wish = self._wish(random, self._room(number), f"{self._marker}-{number}")
            self.wishes.append(wish)
            self._book(wish)
            others = [each for each in self.wishes if each.room_id == wish.room_id]
            chance = random.random()
            if chance < 0.25:
                self._book(random.choice(others))
            elif chance < 0.35:
                same = random.choice(others)
                self._book(replace(self._wish(random, same.room_id, same.key), guest=same.guest))
            elif chance < 0.5:
                self._cancel(random.choice(others), random)
            elif chance < 0.6:
                self._block(random, wish.room_id)

    def _next(self) -> Iterator[int]:
        while (number := next(self._numbers)) < self.bookings:
            yield number

    def _room(self, number: int) -> str:
        with self._lock:
            while len(self._rooms) <= number // BOOKINGS_A_ROOM:
                self._rooms.append(self._host.lists_room()["roomId"])
            return self._rooms[number // BOOKINGS_A_ROOM]

    def _wish(self, random: Random, room_id: str, key: str) -> Wish:
        first = random.randrange(NIGHTS)
        last = min(NIGHTS, first + random.randint(1, LONGEST))
        guest = self._subjects[random.choice(list(self._people))]
        begins, ends = (self._first_night + timedelta(days=day) for day in (first, last))
        card = "card_declined" if random.random() < 0.1 else None
        return Wish(guest, key, room_id, begins, ends, card=card)

    def _insist(self, wish: Wish) -> None:
        while self._book(wish) in (0, 503) or self.history.told[-1].kind == "in-flight":
            time.sleep(0.5)  # as the answer asks

    def _book(self, wish: Wish) -> int:
        return self._told("book", wish, self._person(wish), "POST", "/reservations", Idempotency_Key=wish.key)

    def _cancel(self, wish: Wish, random: Random) -> None:
        who = random.choice([self._person(wish), self._host])
        path = f"/reservations/{wish.reservation_id}"
        self._told("cancel", wish, who, "PATCH", path, body={"status": "reqCancel"})

    def _block(self, random: Random, room_id: str) -> None:
        """Under a key, so that the block's name is known whatever is answered."""
        asked = self._wish(random, room_id, f"{self._marker}-block-{len(self.blocks)}-{random.random()}")
        wish = replace(asked, guest=self._host_subject, card=None)
        self.blocks.append(wish)
        dates = {name: wish.body[name] for name in ("checkIn", "checkOut")}
        path, key = f"/rooms/{room_id}/blocks", wish.key
        self._told("block", wish, self._host, "POST", path, body=dates, Idempotency_Key=key)

    def _told(
        self, act: str, wish: Wish, who: Person, method: str, path: str, *, body: Any = None, **headers: str
    ) -> int:
        began = time.monotonic()
        try:
            answer = who.ask(method, path, body or wish.body, **headers)
            status, said = answer.status_code, answer.json() if answer.content else {}
        except httpx.TransportError:
            status, said = 0, {}
        kind = kind_of(said) if status else "no answer"
        conflict = status == 409 or kind == "key-reused"
        ended = time.monotonic()
        self.history.told.append(
            Told(act, wish.guest, wish.key, wish.room_id, wish.body, began, ended, status, kind, conflict)
        )
        return status

    def _person(self, wish: Wish) -> Person:
        names = {subject: name for name, subject in self._subjects.items()}
        return self._people[names[wish.guest]]

    def _subject(self, person: Person) -> str:
        subject: str = person.get("/me")["personId"]
        return subject
