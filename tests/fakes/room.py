"""The room service's ports in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.room.domain import calendar as domain
from chalicelib.room.domain.block import Block
from chalicelib.room.domain.booking import StayRecord
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.photo import Picture, UploadForm
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Room
from chalicelib.room.ports import Transition
from kernel.errors import ChangedMeanwhile
from kernel.events import Event
from kernel.pages import Page


@dataclass
class InMemoryRooms:
    """The port `Rooms`; `announced` is every event that was written with a state."""

    rooms: dict[str, Room] = field(default_factory=dict)
    announced: list[Event] = field(default_factory=list)

    def get(self, room_id: str) -> Room | None:
        return self.rooms.get(room_id)

    def page(self, limit: int, cursor: str | None) -> Page[Room]:
        listed = sorted(
            (room for room in self.rooms.values() if not room.deleted and room.room_id > (cursor or "")),
            key=lambda room: room.room_id,
        )
        more = len(listed) > limit
        return Page(tuple(listed[:limit]), listed[limit - 1].room_id if more else None)

    def save(self, change: Transition[Room], at: datetime) -> None:
        self.check(change)
        self.rooms[change.after.room_id] = change.after
        self.announced += change.events

    def of_host(self, host_id: str) -> list[Room]:
        return [room for room in self.rooms.values() if room.host_id == host_id and not room.deleted]

    def check(self, change: Transition[Room]) -> None:
        present = self.rooms.get(change.after.room_id)
        if (present.version if present else None) != (change.before.version if change.before else None):
            raise ChangedMeanwhile

    def note_action(self, room_id: str, action: str, at: datetime) -> None:
        room = self.rooms.get(room_id)
        if room and room.last_action_at < at:
            self.rooms[room_id] = replace(room, last_action=action, last_action_at=at)


@dataclass
class InMemoryReviews:
    """The port `Reviews`."""

    rooms: InMemoryRooms
    reviews: dict[str, Review] = field(default_factory=dict)

    def get(self, review_id: str) -> Review | None:
        return self.reviews.get(review_id)

    def page(self, room_id: str | None, limit: int, cursor: str | None) -> Page[Review]:
        shown = [
            review
            for review in self.reviews.values()
            if not review.deleted and room_id in (None, review.room_id)
        ]
        newest = sorted(shown, key=lambda review: review.created_at, reverse=True)
        rest = newest[int(cursor or 0) :]
        return Page(tuple(rest[:limit]), str(int(cursor or 0) + limit) if len(rest) > limit else None)

    def of_author(self, guest_id: str) -> list[Review]:
        return [each for each in self.reviews.values() if each.guest_id == guest_id and not each.deleted]

    def save_alone(self, review: Transition[Review], at: datetime) -> None:
        if self.reviews.get(review.after.review_id) != review.before:
            raise ChangedMeanwhile
        self.reviews[review.after.review_id] = review.after
        self.rooms.announced += review.events

    def save(self, review: Transition[Review], room: Transition[Room], at: datetime) -> None:
        if self.reviews.get(review.after.review_id) != review.before:
            raise ChangedMeanwhile
        self.rooms.save(room, at)
        self.reviews[review.after.review_id] = review.after
        self.rooms.announced += review.events


@dataclass
class InMemoryCalendar:
    """The port `Calendar`."""

    rooms: InMemoryRooms
    written: dict[tuple[str, str], Month] = field(default_factory=dict)

    def months(self, room_id: str, months: Sequence[str]) -> tuple[Month, ...]:
        return tuple(self.written.get((room_id, month), Month(room_id, month)) for month in months)

    def claim(self, room_id: str, hold: Hold, nights_by_month: dict[str, tuple[date, ...]], now: int) -> None:
        held = [
            domain.claim(month, hold, nights_by_month[month.month], now)
            for month in self.months(room_id, list(nights_by_month))
        ]
        self.written |= {(room_id, month.month): month for month in held}

    def save(self, changes: Sequence[Transition[Month]], at: datetime) -> None:
        for change in changes:
            if self.months(change.after.room_id, [change.after.month])[0] != change.before:
                raise ChangedMeanwhile
        for change in changes:
            assert change.before is not None
            self.written[change.after.room_id, change.after.month] = change.after
            self.rooms.announced += change.events

    def close(self, months: Sequence[Month], room: Transition[Room], at: datetime) -> None:
        for month in months:
            if self.months(month.room_id, [month.month])[0] != month:
                raise ChangedMeanwhile
        self.rooms.save(room, at)
        self.written |= {(month.room_id, month.month): replace(month, closed=True) for month in months}


@dataclass
class InMemoryBlocks:
    """The port `Blocks`."""

    calendar: InMemoryCalendar
    blocks: dict[tuple[str, str], Block] = field(default_factory=dict)

    def get(self, room_id: str, block_id: str) -> Block | None:
        return self.blocks.get((room_id, block_id))

    def of_room(self, room_id: str) -> list[Block]:
        return [block for block in self.blocks.values() if block.room_id == room_id and not block.lifted]

    def save(
        self, before: Block | None, after: Block, months: Sequence[Transition[Month]], at: datetime
    ) -> None:
        if self.get(after.room_id, after.block_id) != before:
            raise ChangedMeanwhile
        self.calendar.save(months, at)
        self.blocks[after.room_id, after.block_id] = after


@dataclass
class InMemoryPictures:
    """The port `Pictures`; whoever uploads puts into `incoming`."""

    incoming: dict[tuple[str, str], bytes] = field(default_factory=dict)
    kept: dict[tuple[str, str], Picture] = field(default_factory=dict)

    def upload_form(self, room_id: str, photo_id: str, content_type: str) -> UploadForm:
        return UploadForm("http://pictures.example/", {"key": photo_id, "Content-Type": content_type})

    def uploaded(self, room_id: str, photo_id: str) -> bytes | None:
        found = self.incoming.get((room_id, photo_id))
        return found[:32] if found else None

    def keep(self, room_id: str, photo_id: str, content_type: str) -> None:
        self.kept[room_id, photo_id] = Picture(self.incoming[room_id, photo_id], content_type)

    def get(self, room_id: str, photo_id: str) -> Picture | None:
        return self.kept.get((room_id, photo_id))

    def remove(self, room_id: str, photo_id: str) -> None:
        self.kept.pop((room_id, photo_id), None)

    def erase(self, room_id: str) -> None:
        for store in (self.kept, self.incoming):
            for key in [key for key in store if key[0] == room_id]:
                store.pop(key)


@dataclass
class InMemoryStays:
    """The port `Stays`."""

    records: dict[tuple[str, str, str], StayRecord] = field(default_factory=dict)

    def of_guest(self, room_id: str, guest_id: str) -> tuple[StayRecord, ...]:
        return tuple(
            record
            for (room, guest, _), record in self.records.items()
            if (room, guest) == (room_id, guest_id)
        )

    def remember(self, record: StayRecord) -> None:
        key = (record.room_id, record.guest_id, record.reservation_id)
        known = self.records.get(key)
        if known is None or known.sequence < record.sequence:
            self.records[key] = record
