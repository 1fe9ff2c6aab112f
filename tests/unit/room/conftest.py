"""A room service in memory, at a still moment."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.room.bootstrap import wiring
from chalicelib.room.domain.booking import Booking
from chalicelib.room.usecases import calendar
from kernel.stay import Stay
from tests.fakes.room import (
    InMemoryBlocks,
    InMemoryCalendar,
    InMemoryPictures,
    InMemoryReviews,
    InMemoryRooms,
    InMemoryStays,
)
from tests.wired import wire


@dataclass
class House:
    """The fakes, wired; time stands still until a test moves it."""

    now: datetime = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)  # noon in Seoul
    rooms: InMemoryRooms = field(default_factory=InMemoryRooms)

    def __post_init__(self) -> None:
        self.calendar = InMemoryCalendar(self.rooms)
        self.reviews = InMemoryReviews(self.rooms)
        self.stays = InMemoryStays()
        self.blocks = InMemoryBlocks(self.calendar)
        self.pictures = InMemoryPictures()

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def announced(self) -> list[str]:
        return [type(event).__name__ for event in self.rooms.announced]

    def book(self, room_id: str, reservation_id: str, stay: Stay) -> Booking:
        booking = Booking(room_id, reservation_id, stay)
        until = int(self.now.timestamp()) + 600
        calendar.claim(
            booking, 1, until, None, rooms=self.rooms, calendar=self.calendar, clock=lambda: self.now
        )
        calendar.book(booking, calendar=self.calendar, clock=lambda: self.now)
        return booking


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    made = House()
    wire(
        monkeypatch,
        wiring,
        rooms=made.rooms,
        reviews=made.reviews,
        calendar=made.calendar,
        stays=made.stays,
        blocks=made.blocks,
        pictures=made.pictures,
        clock=lambda: made.now,
    )
    return made
