"""What the use cases need from outside. The port's contract suite runs on its fake and on its adapter."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from chalicelib.viewpage.domain.generations import Generations
from chalicelib.viewpage.domain.order import Listing
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.domain.row import Row
from kernel.pages import Page


@dataclass(frozen=True, slots=True)
class BookingKey:
    """Where a booking is found: the room, and the group of parts that tell of it."""

    room_id: str
    reservation_id: str


class ViewStore(Protocol):
    def remember(self, part: Part) -> None:
        """Keeps the part unless one of the same or a later version is kept already."""

    def parts(self, room_id: str, group: str) -> tuple[Part, ...]:
        """All parts of a group, as they are now."""

    def row(self, room_id: str) -> Row | None:
        """The row of a room as it is now, a deleted or not yet registered one's too."""

    def save(self, row: Row) -> None:
        """Writes the row. Raises ChangedMeanwhile unless the kept row's version is one less (none kept: 0)."""

    def listed(
        self, listing: Listing, size: int, position: str | None, fits: Callable[[Row], bool]
    ) -> Page[Row]:
        """Listed rows that fit, in the listing's order. A page may be short of `size` and still have a cursor: it ends
        when so many rows were looked at that a request takes its time. Raises Invalid for a position that is no cursor
        of this listing.
        """

    def listed_of(
        self, host_id: str, size: int, position: str | None, fits: Callable[[Row], bool]
    ) -> Page[Row]:
        """A host's listed rows that fit, likewise, in no particular but lasting order."""

    def booking_by_reservation(self, reservation_id: str) -> BookingKey | None:
        """Where the booking of this reservation is, once the view was told of it."""

    def booking_by_payment(self, payment_id: str) -> BookingKey | None:
        """Where the booking of this payment is, once the view was told of it."""


StoreOf = Callable[[str], ViewStore]
"""Opens the store in the table of that name."""


class GenerationStore(Protocol):
    def present(self) -> Generations:
        """Which tables of the view are read and written, as of now."""

    def save(self, generations: Generations) -> None:
        """Keeps them. Raises ChangedMeanwhile unless the version that is kept is one less (none kept: 0)."""


ItemKey = tuple[str, str]
"""An item's keys: the room, and what of it."""


class Shelf(Protocol):
    """Whole tables of the view, item by item, as text that is the same for items that say the same. What differs by
    nature is left out: how often a row was written, and what of it does not matter any more from `since` on.
    """

    def clear(self, table: str, position: str | None) -> str | None:
        """Takes some items out; the position at which to go on, None at the end."""

    def page(self, table: str, position: str | None, since: date) -> Page[tuple[ItemKey, str]]:
        """Some items, as they are now, in no particular order."""

    def these(self, table: str, keys: Iterable[ItemKey], since: date) -> Mapping[ItemKey, str]:
        """Those of the items that are there, as they are now."""
