"""A town in one process: people who list, change, book, cancel, review, block and delete at random, and the view that
is told of all of it by the streams, in batches of any size and now and then twice. The archive keeps what the bus saw.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any

from chalicelib.viewpage.domain.row import forgetting
from chalicelib.viewpage.usecases.projection import yesterday
from kernel.clock import today
from tests.doors import load_app
from tests.fakes.viewpage import InMemoryViewStore
from tests.miniature.house import Miniature, _record
from tests.unit.viewpage.conftest import Screen

GUESTS, HOSTS, CITIES = ("anna", "boris", "mina", "sun"), ("jun", "narae"), ("Seoul", "Busan", "Jeju")
CARDS = (None, None, None, "card_declined", "card_approves_later")
_ANNOUNCING = ("staybook-room", "staybook-reservation", "staybook-payment")

Items = dict[Any, Any]


class KeepingHouse(Miniature):
    """A house whose bus has an archive: `archive` is every event that came to it, as often as it came."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.archive: list[dict[str, Any]] = []

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        if operation == "PutEvents":
            self.archive += [json.loads(entry["Detail"]) for entry in request["Entries"]]
        return super().aws(service, operation, request)


@dataclass
class Town:
    """`random` decides everything."""

    house: KeepingHouse
    screen: Screen
    random: Random
    rooms: list[tuple[str, str]] = field(default_factory=list)
    reservations: list[tuple[str, str]] = field(default_factory=list)
    reviews: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[tuple[str, str, str]] = field(default_factory=list)
    accepted: int = 0
    _read: dict[str, int] = field(default_factory=dict)

    def lives(self, acts: int) -> None:
        """So many things that people ask for; in the end everything is at rest, and seen."""
        common = [self.books] * 8 + [self.cancels] * 3 + [self.changes] * 2 + [self.blocks_nights] * 2
        rare = [self.lists, self.reviews_a_stay, self.takes_a_review_back, self.unblocks, self.deletes]
        for _ in range(acts):
            act = self.random.choice([*common, *rare]) if len(self.rooms) >= 8 else self.lists
            act()
            self.time_passes()
        self.house.rest()
        while self._unread():
            self.view_reads()

    def time_passes(self) -> None:
        self.house.later(timedelta(seconds=self.random.choice((0, 0, 0.001, 1, 60, 3_000))))
        for _ in range(self.random.randrange(4)):
            if jobs := self.house.jobs():
                self.random.choice(jobs)()
        if self.random.random() < 0.3:
            self.view_reads()

    def view_reads(self) -> None:
        """One of the streams, on from where it was read, or a little before that."""
        self.screen.now = self.house.now
        table = self.random.choice(_ANNOUNCING)
        stream, at = self.house.store.streams.get(table, []), self._read.get(table, 0)
        end = min(len(stream), at + self.random.randrange(1, 25))
        again = self.random.choice((0, 0, 3))
        reported = self.screen.project(*(_record(write) for write in stream[max(0, at - again) : end]))
        assert reported == {"batchItemFailures": []}
        self._read[table] = end

    def _unread(self) -> bool:
        streams = self.house.store.streams
        return any(len(streams.get(table, [])) > self._read.get(table, 0) for table in _ANNOUNCING)

    # What people do

    def lists(self) -> None:
        host, body = self.random.choice(HOSTS), {"desc": "House", "city": self.random.choice(CITIES)}
        if made := self._asks("room", "POST", "/rooms", user=host, body=body):
            self.rooms.append((made["roomId"], host))

    def changes(self) -> None:
        room_id, host = self.random.choice(self.rooms)
        price = {"amount": self.random.randrange(50, 200) * 1_000, "currency": "KRW"}
        body = self.random.choice(({"pricePerNight": price}, {"title": f"House {price['amount']}"}))
        self._asks("room", "PATCH", "/rooms/{room_id}", path={"room_id": room_id}, user=host, body=body)

    def deletes(self) -> None:
        room_id, host = room = self.random.choice(self.rooms)
        path = {"room_id": room_id}
        if self._asks("room", "DELETE", "/rooms/{room_id}", path=path, user=host) is not None:
            self.rooms.remove(room)

    def books(self) -> None:
        guest, (room_id, _) = self.random.choice(GUESTS), self.random.choice(self.rooms)
        body = {"roomId": room_id, **self._nights(from_now=0), "paymentMethod": self.random.choice(CARDS)}
        body = {name: value for name, value in body.items() if value is not None}
        if made := self._asks("reservation", "POST", "/reservations", user=guest, body=body):
            self.reservations.append((made["rsvId"], guest))

    def cancels(self) -> None:
        if self.reservations:
            reservation_id, guest = self.random.choice(self.reservations)
            path = {"reservation_id": reservation_id}
            body = {"status": "reqCancel"}
            address = "/reservations/{reservation_id}"
            self._asks("reservation", "PATCH", address, path=path, user=guest, body=body)

    def reviews_a_stay(self) -> None:
        guest, (room_id, _) = self.random.choice(GUESTS), self.random.choice(self.rooms)
        body = {"roomId": room_id, "content": "Good", "rating": self.random.randrange(1, 6)}
        if made := self._asks("room", "POST", "/reviews", user=guest, body=body):
            self.reviews.append((made["reviewId"], guest))

    def takes_a_review_back(self) -> None:
        if self.reviews:
            review_id, guest = self.random.choice(self.reviews)
            self._asks("room", "DELETE", "/reviews/{review_id}", path={"review_id": review_id}, user=guest)

    def blocks_nights(self) -> None:
        room_id, host = self.random.choice(self.rooms)
        address, body = "/rooms/{room_id}/blocks", self._nights(from_now=10)
        if made := self._asks("room", "POST", address, path={"room_id": room_id}, user=host, body=body):
            self.blocks.append((room_id, host, made["blockId"]))

    def unblocks(self) -> None:
        if self.blocks:
            room_id, host, block_id = self.random.choice(self.blocks)
            path = {"room_id": room_id, "block_id": block_id}
            self._asks("room", "DELETE", "/rooms/{room_id}/blocks/{block_id}", path=path, user=host)

    def _nights(self, from_now: int) -> dict[str, str]:
        first = today(self.house.now, "Asia/Seoul") + timedelta(days=from_now + self.random.randrange(25))
        return {
            "checkIn": f"{first}",
            "checkOut": f"{first + timedelta(days=self.random.choice((1, 1, 2, 5)))}",
        }

    def _asks(self, service: str, method: str, resource: str, **request: Any) -> Any:
        """The body of what was accepted; None for what was refused."""
        answer = self.house.ask(service, method, resource, **request)
        assert answer is not None
        assert answer.status < 500 or answer.status == 503, answer.text
        if answer.status >= 300:
            return None
        self.accepted += 1
        return answer.body if answer.text else {}

    # What is seen

    def seen(self) -> tuple[Items, Items]:
        """The live view."""
        return _items(self.screen.store, self.house.now)

    def rebuilt(self, until: datetime | None = None) -> tuple[Items, Items]:
        """The view made anew of the archive alone, in any order and some of it twice."""
        self.screen.stores["two"] = InMemoryViewStore()
        begun = self._step("begin", until=until and until.isoformat())
        archive = self.house.archive
        events = [*archive, *self.random.sample(archive, len(archive) // 10)]
        self.random.shuffle(events)
        for told in batched(events, 25, strict=False):
            self._plays(told, begun["rebuildId"])
        self._step("leave", rebuildId=begun["rebuildId"])
        return _items(self.screen.stores["two"], until or self.house.now)

    def _plays(self, events: Iterable[dict[str, Any]], replay: str) -> None:
        bodies = [json.dumps({"detail": event, "replay-name": replay}) for event in events]
        records = [{"messageId": body, "body": body} for body in bodies]
        assert load_app("viewpage").rebuilder({"Records": records}, None) == {"batchItemFailures": []}

    def _step(self, command: str, **data: Any) -> dict[str, Any]:
        asked = {"command": command, "correlationId": "town", "data": data}
        result: dict[str, Any] = load_app("viewpage").rebuild(asked, None)["result"]
        return result


def _items(store: InMemoryViewStore, now: datetime) -> tuple[Items, Items]:
    """All parts, and the rows as they matter `now`, without how often they were written."""
    since = yesterday(now)
    rows = {room_id: replace(forgetting(row, since), version=0) for room_id, row in store.rows.items()}
    return dict(store.kept), rows
