"""What the room service announces."""

from datetime import date

from msgspec import field

from kernel.events import Event
from kernel.money import Money


class _RoomFacts(Event, frozen=True, kw_only=True):
    room_id: str
    host_id: str
    description: str
    title: str
    city: str
    time_zone: str
    max_guests: int
    min_nights: int
    price_per_night: Money
    cancellation_policy: str
    review_count: int
    rating_total: int
    rating_count: int
    last_action: str
    photos: list[str] = field(default_factory=list)


class RoomRegistered(_RoomFacts, frozen=True, kw_only=True):
    """A host lists a room."""


class RoomModified(_RoomFacts, frozen=True, kw_only=True):
    """Its details changed, or what is said of it."""


class RoomDeleted(Event, frozen=True, kw_only=True):
    """The host took it off; no night of it can be booked any more."""

    room_id: str
    host_id: str


class _NightsFacts(Event, frozen=True, kw_only=True):
    """`nights` lie within one month of the room's calendar; a longer stay is announced month by month."""

    room_id: str
    reservation_id: str
    nights: list[date]
    status: str
    last_action: str


class RoomReserved(_NightsFacts, frozen=True, kw_only=True):
    """Nights became booked."""


class RoomCancelled(_NightsFacts, frozen=True, kw_only=True):
    """Booked nights became free again."""


class _BlockFacts(Event, frozen=True, kw_only=True):
    """`nights` lie within one month of the room's calendar; a longer block is announced month by month."""

    room_id: str
    block_id: str
    nights: list[date]


class RoomBlocked(_BlockFacts, frozen=True, kw_only=True):
    """The host keeps nights: they are not free, and nobody has booked them."""


class RoomUnblocked(_BlockFacts, frozen=True, kw_only=True):
    """Blocked nights are free again."""


class ReviewFacts(Event, frozen=True, kw_only=True):
    """`content` is empty: what a person wrote is read at the review, and forgotten there."""

    review_id: str
    room_id: str
    guest_id: str
    content: str
    rating: int | None


class ReviewCreated(ReviewFacts, frozen=True, kw_only=True):
    """A guest reviews a stay."""


class ReviewModified(ReviewFacts, frozen=True, kw_only=True):
    """The author changed it."""


class ReviewDeleted(ReviewFacts, frozen=True, kw_only=True):
    """The author took it back."""
