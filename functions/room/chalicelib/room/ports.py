"""What the use cases need from outside. Every port has a contract suite that its fake and its adapter both pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chalicelib.room.domain.block import Block
from chalicelib.room.domain.booking import StayRecord
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.photo import Picture, UploadForm
from chalicelib.room.domain.review import Review
from chalicelib.room.domain.room import Room
from kernel.events import Event
from kernel.pages import Page


@dataclass(frozen=True, slots=True)
class Transition[T]:
    """A state, what it becomes, and what is announced of that. `before` None: it must not be there yet."""

    before: T | None
    after: T
    events: tuple[Event, ...]


class Rooms(Protocol):
    def get(self, room_id: str) -> Room | None:
        """The room as it is now, a deleted one too (a tombstone)."""

    def page(self, limit: int, cursor: str | None) -> Page[Room]:
        """Listed rooms, in no particular order; a deleted one is not listed."""

    def of_host(self, host_id: str) -> list[Room]:
        """The host's listed rooms, in no particular order. May miss what was written a moment ago."""

    def save(self, change: Transition[Room], at: datetime) -> None:
        """One write of state and announcement. Raises ChangedMeanwhile when `before` has passed."""

    def note_action(self, room_id: str, action: str, at: datetime) -> None:
        """Remembers what was last done, unless something later is known. Announces nothing."""


class Reviews(Protocol):
    def get(self, review_id: str) -> Review | None:
        """The review, a deleted one too (a tombstone)."""

    def page(self, room_id: str | None, limit: int, cursor: str | None) -> Page[Review]:
        """Reviews of one room, the newest first, or of all rooms in no particular order."""

    def of_author(self, guest_id: str) -> list[Review]:
        """What the guest wrote and has not taken back, in no particular order. May miss what was just written."""

    def save(self, review: Transition[Review], room: Transition[Room], at: datetime) -> None:
        """The review and its room's count in one transaction. Raises ChangedMeanwhile when either has passed."""

    def save_alone(self, review: Transition[Review], at: datetime) -> None:
        """The review of a room that is gone and counts no more. Raises ChangedMeanwhile when it has passed."""


class Calendar(Protocol):
    def months(self, room_id: str, months: Sequence[str]) -> tuple[Month, ...]:
        """The months as they are now, in the order asked for; one never written is empty."""

    def claim(self, room_id: str, hold: Hold, nights_by_month: dict[str, tuple[date, ...]], now: int) -> None:
        """Holds all nights or none. Raises Taken or Closed."""

    def save(self, changes: Sequence[Transition[Month]], at: datetime) -> None:
        """Writes all months or none. Raises ChangedMeanwhile when a night that a change touches is not as `before`."""

    def close(self, months: Sequence[Month], room: Transition[Room], at: datetime) -> None:
        """Closes the months and writes the room, all or nothing. Raises ChangedMeanwhile when a night is not as it was
        read, or the room has passed.
        """


class Blocks(Protocol):
    def get(self, room_id: str, block_id: str) -> Block | None:
        """The block, a lifted one too."""

    def of_room(self, room_id: str) -> list[Block]:
        """All that are not lifted, in no particular order."""

    def save(
        self, before: Block | None, after: Block, months: Sequence[Transition[Month]], at: datetime
    ) -> None:
        """The block and its nights in one write. Raises ChangedMeanwhile when the block, or a night that a change
        touches, is not as before.
        """


class Pictures(Protocol):
    def upload_form(self, room_id: str, photo_id: str, content_type: str) -> UploadForm:
        """Lets whoever has it upload one file of this type and of a bounded size, for a few minutes."""

    def uploaded(self, room_id: str, photo_id: str) -> bytes | None:
        """How the uploaded file begins; None when there is none."""

    def keep(self, room_id: str, photo_id: str, content_type: str) -> None:
        """Makes the uploaded file one to be served, as what it is."""

    def get(self, room_id: str, photo_id: str) -> Picture | None:
        """A picture that was kept and not removed."""

    def remove(self, room_id: str, photo_id: str) -> None:
        """Takes it away; one that is not there is no fault."""

    def erase(self, room_id: str) -> None:
        """Takes away every picture of a room, and what was uploaded and never kept."""


class Stays(Protocol):
    def of_guest(self, room_id: str, guest_id: str) -> tuple[StayRecord, ...]:
        """The guest's bookings of the room, those that fell too."""

    def remember(self, record: StayRecord) -> None:
        """Keeps it unless something at least as late is known."""
