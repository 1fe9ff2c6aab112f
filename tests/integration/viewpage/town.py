"""A town in one process: its people act at random, and the view is told of all of it by the streams, in batches of any
size and now and then twice. The archive keeps what the bus saw.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import batched
from random import Random
from typing import Any

from chalicelib.viewpage.domain.row import forgetting, yesterday
from kernel.clock import today
from tests.doors import load_app
from tests.fakes.viewpage import InMemoryViewStore
from tests.miniature.house import Miniature, _record
from tests.townspeople import Townspeople
from tests.unit.viewpage.conftest import Screen

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
    _read: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = Townspeople(self._asks, self.random, lambda: today(self.house.now, "Asia/Seoul"))

    def lives(self, acts: int) -> None:
        """So many things that people ask for; in the end everything is at rest, and seen."""
        for _ in range(acts):
            self.people.act()
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

    def _asks(
        self, service: str, method: str, resource: str, *, path: Mapping[str, str], user: str, body: Any
    ) -> Any:
        """As `Asking` has it."""
        answer = self.house.ask(service, method, resource, path=path, user=user, body=body)
        assert answer is not None
        assert answer.status < 500 or answer.status == 503, answer.text
        if answer.status >= 300:
            return None
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
