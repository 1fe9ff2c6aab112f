"""A mixed load: each client does what its own dice say, whatever it is answered, and never mind the weather.

What a client asks for, and in which order, depends on the seed and on its number alone: how far it comes in the time,
and what it is told, on everything else.
"""

import base64
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from tests.house import House, Person
from tests.race.history import History, Told, kind_of
from tests.race.round import Wish

NIGHTS, LONGEST = 6, 3
_AHEAD = timedelta(days=31)
_PATIENCE = 90  # seconds for which a client asks again
_WISHES_OF_A_GUEST = 7  # fewer than a guest may have open
_ACTS_IN_A_ROOM = 4  # of each client, before all move on to the next contended room
_CARDS = (None,) * 8 + ("card_declined", "card_reply_lost", "card_approves_later", "card_refund_fails_twice")
_ZONE = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Request:
    """One request as its client saw it, on the clock of `time.monotonic`. `word`: the answer, 0 when there was none."""

    act: str
    began: float
    ended: float
    word: str

    def waits_at(self, instant: float) -> bool:
        """Whether its client was waiting for the answer then."""
        return self.began <= instant <= self.ended


@dataclass
class OwnRoom:
    """A room that one client alone changes: its text as last asked for, and how many reviews were accepted."""

    room_id: str
    text: str
    told: bool = True
    reviews: set[str] = field(default_factory=set)


@dataclass
class Town:
    """What all clients share: the people, the contended rooms, and the record of all that was asked and answered."""

    house: House
    seed: int
    history: History = field(default_factory=History)
    requests: list[Request] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    blocks: list[Wish] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host = self.house.person(f"host-of-storm-{self.seed}", "host")
        self.first_night = date.today() + _AHEAD  # noqa: DTZ011 - far from any border of days
        self._lock = threading.Lock()
        self._rooms: list[str] = []
        self._people: dict[str, Person] = {}
        self._by_subject = {subject(self.host): self.host}

    def room(self, number: int) -> str:
        """A contended room; whoever comes first lists it."""
        with self._lock:
            while len(self._rooms) <= number:
                key = f"storm-{self.seed}-room-{len(self._rooms)}"
                answer = self.insist("list", self.host, "POST", "/rooms", {"desc": "Wanted"}, key)
                assert answer is not None, "no room could be listed"
                self._rooms.append(answer["roomId"])
            return self._rooms[number]

    def guest(self, name: str) -> Person:
        """The guest of that name, signed in."""
        with self._lock:
            if name not in self._people:
                person = self._people[name] = self.house.person(name)
                self._by_subject[subject(person)] = person
            return self._people[name]

    def person_of(self, wish: Wish) -> Person:
        """Who made the wish."""
        return self._by_subject[wish.guest]

    def names(self) -> dict[tuple[str, str], str]:
        """The reservation, or the block, of every guest and key."""
        return {(wish.guest, wish.key): wish.reservation_id for wish in self.wishes} | {
            (wish.guest, wish.key): wish.block_id for wish in self.blocks
        }

    def ask(
        self,
        act: str,
        who: Person,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        patience: float = 30,
    ) -> tuple[int, Any, Request]:
        """One request: the status (0: no answer in so many seconds), the body, the record of it."""
        headers = {**who.headers, **({"Idempotency-Key": key} if key else {})}
        began = time.monotonic()
        try:
            answer = who.http.request(method, path, json=body, headers=headers, timeout=patience)
            status, said = answer.status_code, answer.json() if answer.content else {}
        except httpx.TransportError:
            status, said = 0, {}
        request = Request(act, began, time.monotonic(), f"{status} {kind_of(said)}".strip())
        self.requests.append(request)
        return status, said, request

    def insist(
        self, act: str, who: Person, method: str, path: str, body: Any = None, key: str | None = None
    ) -> Any:
        """Asks until there is an answer that is one: the body of a success, None for a refusal.

        Raises AssertionError when none comes.
        """
        end = time.monotonic() + _PATIENCE
        while True:
            status, said, _ = self.ask(act, who, method, path, body, key)
            if status and status < 500 and status != 429:
                return said if status < 400 else None
            assert time.monotonic() < end, f"{method} {path}: {status} {said} for {_PATIENCE} s"
            time.sleep(0.5)  # as the answer asks

    def tell(self, act: str, wish: Wish, who: Person, patience: float = 30) -> int:
        """Books, cancels or blocks, once, and remembers what was told."""
        method, path, body, key = _REQUESTS[act](wish)
        status, said, request = self.ask(act, who, method, path, body, key, patience)
        kind = kind_of(said) if status else "no answer"
        conflict = status == 409 or kind == "key-reused"
        spoken = (wish.guest, wish.key, wish.room_id, wish.body, request.began, request.ended)
        self.history.told.append(Told(act, *spoken, status, kind, conflict))
        return status

    def decide(self, wish: Wish) -> None:
        """Asks for the wish again until it is decided."""
        end = time.monotonic() + _PATIENCE
        while True:
            status = self.tell("book", wish, self.person_of(wish))
            mine = (each for each in reversed(self.history.told) if each.key == wish.key)
            if 0 < status < 500 and status != 429 and next(mine).kind != "in-flight":
                return
            assert time.monotonic() < end, f"{wish.reservation_id} is not decided: {status}"
            time.sleep(0.5)  # as the answer asks


_REQUESTS: dict[str, Callable[[Wish], tuple[str, str, Any, str | None]]] = {
    "book": lambda wish: ("POST", "/reservations", wish.body, wish.key),
    "cancel": lambda wish: ("PATCH", f"/reservations/{wish.reservation_id}", {"status": "reqCancel"}, None),
    "block": lambda wish: ("POST", f"/rooms/{wish.room_id}/blocks", _dates(wish), wish.key),
}


def _dates(wish: Wish) -> dict[str, str]:
    return {name: wish.body[name] for name in ("checkIn", "checkOut")}


@cache
def _subject(token: str) -> str:
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["sub"])


def subject(person: Person) -> str:
    """The id that a person's token says."""
    return _subject(person.headers["Authorization"])


class Client:
    """One of them."""

    def __init__(self, town: Town, number: int) -> None:
        self._town, self._number = town, number
        self._dice = Random(f"client {town.seed} {number}")
        self._host = town.house.person(f"host-{number}-of-storm-{town.seed}", "host")
        self._wishes: list[Wish] = []
        self._acts = 0
        self._stays: list[tuple[OwnRoom, Wish]] = []
        self._reachable: set[str] = set()
        self.rooms: list[OwnRoom] = []

    def live(self, until: float) -> None:
        """Acts, one thing after the other, until then."""
        acts, weights = zip(*_ACTS.items(), strict=True)
        while time.monotonic() < until:
            [act] = self._dice.choices(acts, weights)
            act(self)
            self._acts += 1

    def _list_room(self) -> None:
        text, key = f"House {len(self.rooms)}", f"storm-{self._number}-{len(self.rooms)}"
        answer = self._town.insist("list", self._host, "POST", "/rooms", {"desc": text}, key)
        self.rooms.append(OwnRoom(answer["roomId"], text))

    def _edit(self) -> None:
        if self.rooms:
            room = self._dice.choice(self.rooms)
            room.text, room.told = f"House, edition {self._acts}", False
            path = f"/rooms/{room.room_id}"
            room.told = bool(self._town.insist("edit", self._host, "PATCH", path, {"desc": room.text}))

    def _browse(self) -> None:
        path = self._dice.choice(("/rooms", "/roomviews", "/reservations", "/payments", "/messages"))
        who = self._guest() if path in ("/reservations", "/payments", "/messages") else self._host
        self._town.ask("browse", who, "GET", path)

    def _book(self) -> None:
        """For nights that others want too; now and then its answer is not waited for, and it asks again."""
        self._wish_for(self._town.room(self._acts // _ACTS_IN_A_ROOM))

    def _stay(self) -> None:
        """Tonight, in a room of one's own that nobody else wants."""
        if self.rooms:
            room = self._dice.choice(self.rooms)
            tonight = datetime.now(_ZONE).date()
            self._stays.append((room, self._wish_for(room.room_id, (tonight, tonight + timedelta(days=1)))))

    def _again(self) -> None:
        if self._wishes:
            self._tell("book", self._dice.choice(self._wishes[-6:]))

    def _otherwise(self) -> None:
        """The same key with another body."""
        if self._wishes:
            before = self._dice.choice(self._wishes[-6:])
            self._tell("book", replace(before, last=before.last + timedelta(days=1)))

    def _cancel(self) -> None:
        if self._wishes:
            self._tell("cancel", self._dice.choice(self._wishes[-6:]))

    def _block(self) -> None:
        room_id = self._town.room(self._acts // _ACTS_IN_A_ROOM)
        wish = Wish(subject(self._town.host), f"storm-{self._number}-{self._acts}", room_id, *self._nights())
        self._town.blocks.append(wish)
        self._town.tell("block", wish, self._town.host)

    def _review(self) -> None:
        if self._stays:
            room, wish = self._stays.pop()
            words = {"roomId": room.room_id, "content": "Good room", "rating": self._dice.randint(1, 5)}
            who, key = self._town.person_of(wish), f"review-{wish.key}"
            if answer := self._town.insist("review", who, "POST", "/reviews", words, key):
                room.reviews.add(answer["reviewId"])

    def _wish_for(self, room_id: str, dates: tuple[date, date] | None = None) -> Wish:
        first, last = dates or self._nights()
        key = f"storm-{self._number}-{self._acts}"
        wish = Wish(subject(self._guest()), key, room_id, first, last, card=self._dice.choice(_CARDS))
        self._wishes.append(wish)
        self._town.wishes.append(wish)
        hurried, patience = self._dice.random() < 0.15, self._dice.uniform(0.02, 0.6)
        if (hurried and not self._tell("book", wish, patience)) or not hurried:
            self._tell("book", wish)
        return wish

    def _tell(self, act: str, wish: Wish, patience: float = 30) -> int:
        return self._town.tell(act, wish, self._town.person_of(wish), patience)

    def _guest(self) -> Person:
        """The guest whose turn it is, who says by which address mail comes."""
        count = len(self._wishes) // _WISHES_OF_A_GUEST
        name = f"guest-{self._number}-{count}-of-storm-{self._town.seed}"
        guest = self._town.guest(name)
        if name not in self._reachable:
            self._reachable.add(name)
            profile = {"name": name, "email": f"{name}@staybook.example", "language": "en"}
            self._town.insist("introduce", guest, "PUT", "/me", profile)
        return guest

    def _nights(self) -> tuple[date, date]:
        first = self._dice.randrange(NIGHTS)
        last = min(NIGHTS, first + self._dice.randint(1, LONGEST))
        begins, ends = (self._town.first_night + timedelta(days=day) for day in (first, last))
        return begins, ends


_ACTS: dict[Callable[[Client], None], int] = {
    Client._list_room: 6,
    Client._browse: 14,
    Client._book: 34,
    Client._stay: 10,
    Client._again: 10,
    Client._otherwise: 4,
    Client._cancel: 14,
    Client._block: 4,
    Client._review: 8,
    Client._edit: 6,
}
"""What clients do, and how often of 110 times."""


def words(requests: list[Request]) -> dict[str, Counter[str]]:
    """How often each act was answered what."""
    found: dict[str, Counter[str]] = {}
    for each in requests:
        found.setdefault(each.act, Counter())[each.word] += 1
    return found
