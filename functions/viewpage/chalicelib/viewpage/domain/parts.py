"""What the view is told: facts, each as of a version of the aggregate that stated it.

Versions compare within one aggregate only. Parts that are read together share a group: the room itself, or one of
its bookings with its payment and its nights, which arrive in any order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kernel.money import Money

ROOM_GROUP = "room"


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room as it is listed. `rating_total` is the sum of the stars of its `rating_count` ratings."""

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
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomGone:
    """The tombstone of a room."""

    host_id: str
    last_action: str = "delete"


@dataclass(frozen=True, slots=True)
class NightsFacts:
    """The nights of one month that a booking has; none when they were freed. Nobody states them any more: they are kept
    in views that were made when the calendar told of them.
    """

    nights: tuple[date, ...]
    last_action: str


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """The nights of one month that a host keeps; none when they were given back."""

    nights: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ReservationFacts:
    """A booking, as the reservation service has it. `payment_id` is of the payment that came for it; '' before one
    came, and in what was kept before reservations told of it.
    """

    guest_id: str
    host_id: str
    check_in: date
    check_out: date
    status: str
    payment_id: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment, as the payment service has it."""

    payment_id: str
    status: str


Facts = RoomFacts | RoomGone | NightsFacts | BlockFacts | ReservationFacts | PaymentFacts


@dataclass(frozen=True, slots=True)
class Part:
    """The facts that the aggregate `subject` stated in `version`, at `time` (RFC 3339 UTC).

    `group` is ROOM_GROUP or the id of the booking, or of the block, they are about.
    """

    room_id: str
    group: str
    subject: str
    version: int
    time: str
    facts: Facts


def newest(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Of each aggregate's statements on a group only the last; of two in one version the later one."""
    found: dict[tuple[str, str, str], Part] = {}
    for part in parts:
        key = (part.room_id, part.group, part.subject)
        if key not in found or found[key].version <= part.version:
            found[key] = part
    return tuple(found.values())


def by_room(parts: Iterable[Part]) -> Mapping[str, Sequence[Part]]:
    """What was told of each room, in the order in which it came."""
    rooms: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        rooms[part.room_id].append(part)
    return rooms
