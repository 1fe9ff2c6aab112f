"""A viewpage service in memory, at a still moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.viewpage.bootstrap import wiring
from chalicelib.viewpage.domain.view import RoomView
from chalicelib.viewpage.usecases.views import read_view
from kernel.events import CloudEvent
from kernel.identity import Caller
from kernel.ids import new_id
from tests.deliveries import record
from tests.doors import load_app
from tests.fakes.aside import InMemoryAside
from tests.fakes.viewpage import InMemoryGenerations, InMemoryViewStore
from tests.unit.viewpage.happenings import BookingStory
from tests.wired import wire


@dataclass
class Screen:
    """The fakes, wired; time stands still until a test moves it. Tonight is 24 December in Seoul."""

    now: datetime = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
    generations: InMemoryGenerations = field(default_factory=InMemoryGenerations)
    stores: dict[str, InMemoryViewStore] = field(
        default_factory=lambda: {"one": InMemoryViewStore(), "two": InMemoryViewStore()}
    )
    aside: InMemoryAside = field(default_factory=InMemoryAside)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def store(self) -> InMemoryViewStore:
        """The live table."""
        return self.stores[self.generations.kept.live]

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def hear(self, events: Iterable[CloudEvent]) -> dict[str, Any]:
        """Each event in a stream record of its own, all in one batch."""
        return self.project(*(record(str(next(self.numbers)), [event], before=0) for event in events))

    def project(self, *records: dict[str, Any]) -> dict[str, Any]:
        reported: dict[str, Any] = load_app("viewpage").projector({"Records": list(records)}, None)
        return reported

    def seen_by(self, reader: str | None, room_id: str, *roles: str) -> RoomView:
        caller = Caller(reader, frozenset(roles)) if reader else None
        return read_view(caller, room_id, store=self.store, clock=lambda: self.now)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    wire(
        monkeypatch,
        wiring,
        tables=("one", "two"),
        generations=made.generations,
        live_table=lambda: made.generations.kept.live,
        store_of=lambda table: made.stores[table],
        aside=made.aside,
        clock=lambda: made.now,
    )
    return made


@pytest.fixture
def room_id() -> str:
    return new_id()


@pytest.fixture
def christmas(room_id: str) -> BookingStory:
    """Two nights from tonight on."""
    return BookingStory(room_id, new_id(), new_id(), date(2026, 12, 24), date(2026, 12, 26))
