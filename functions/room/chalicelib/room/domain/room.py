"""A room as its host describes it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.room.domain import rates
from chalicelib.room.domain.photo import MOST_OF_A_ROOM
from chalicelib.room.domain.rates import Rates
from chalicelib.room.domain.review import Review
from chalicelib.room.errors import CurrencyOfRates, TooManyPhotos
from chalicelib.room.events import RoomDeleted, RoomModified, RoomRegistered
from kernel.events import Event
from kernel.money import Money
from kernel.outbox import Entry


@dataclass(frozen=True, slots=True)
class Details:
    """What a host says about a room and may change. `price_per_night` in minor units of its own currency."""

    description: str
    title: str
    city: str
    time_zone: str
    max_guests: int
    min_nights: int
    price_per_night: Money
    cancellation_policy: str


@dataclass(frozen=True, slots=True)
class Room:
    """`version` counts its transitions; `rating_total` is the sum of the stars of all rated reviews. `outbox` is what
    its last transitions announced: carried along, never looked at here. `fingerprint` is of the request that
    registered it.
    """

    room_id: str
    host_id: str
    details: Details
    created_at: datetime
    version: int
    last_action: str
    last_action_at: datetime
    review_count: int = 0
    rating_total: int = 0
    rating_count: int = 0
    deleted: bool = False
    rates: Rates = field(default_factory=Rates)
    photos: tuple[str, ...] = ()
    fingerprint: str = ""
    outbox: tuple[Entry, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_full_of_photos(self) -> bool:
        return len(self.photos) >= MOST_OF_A_ROOM


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room and whether tonight is booked: `available` or `reserved`. Information, never what decides a booking."""

    room: Room
    status: str


Change = tuple[Room, tuple[Event, ...]]


def register(room_id: str, host_id: str, details: Details, now: datetime, fingerprint: str = "") -> Change:
    room = Room(room_id, host_id, details, now, 1, "register", now, fingerprint=fingerprint)
    return room, (RoomRegistered(**_facts(room)),)


def modify(room: Room, details: Details, now: datetime) -> Change:
    """What already is so changes nothing and announces nothing. Raises CurrencyOfRates when its rates would be of
    another currency than its price.
    """
    if details == room.details:
        return room, ()
    if room.rates.currency not in (None, details.price_per_night.currency):
        raise CurrencyOfRates(f"Its rates are in {room.rates.currency}; change or remove them first.")
    return _modified(room, "modify", now, details=details)


def price_nights(room: Room, asked: Rates, now: datetime) -> Change:
    """Raises Invalid for rates that do not fit the room."""
    rates.check(asked, room.details.price_per_night.currency)
    if asked == room.rates:
        return room, ()
    return _modified(room, "modify", now, rates=asked)


def add_photo(room: Room, photo_id: str, now: datetime) -> Change:
    """Raises TooManyPhotos."""
    if photo_id in room.photos:
        return room, ()
    if room.is_full_of_photos:
        raise TooManyPhotos
    return _modified(room, "modify", now, photos=(*room.photos, photo_id))


def remove_photo(room: Room, photo_id: str, now: datetime) -> Change:
    if photo_id not in room.photos:
        return room, ()
    return _modified(room, "modify", now, photos=tuple(kept for kept in room.photos if kept != photo_id))


def count_review(room: Room, before: Review | None, after: Review, now: datetime) -> Change:
    """Counts what the review adds `after` in place of what it added `before`; None: it was not there."""
    return _modified(
        room,
        "review",
        now,
        review_count=room.review_count + after.counted - (before.counted if before else 0),
        rating_total=room.rating_total + after.stars - (before.stars if before else 0),
        rating_count=room.rating_count + after.rated - (before.rated if before else 0),
    )


def delete(room: Room, now: datetime) -> Change:
    """Leaves a tombstone, so that its number of versions goes on and the view learns of it."""
    gone = replace(room, deleted=True, version=room.version + 1, last_action="delete", last_action_at=now)
    return gone, (RoomDeleted(room_id=room.room_id, host_id=room.host_id),)


def _modified(room: Room, action: str, now: datetime, **changes: Any) -> Change:
    after = replace(room, version=room.version + 1, last_action=action, last_action_at=now, **changes)
    return after, (RoomModified(**_facts(after)),)


def _facts(room: Room) -> dict[str, Any]:
    details = room.details
    return {
        "room_id": room.room_id,
        "host_id": room.host_id,
        "description": details.description,
        "title": details.title,
        "city": details.city,
        "time_zone": details.time_zone,
        "max_guests": details.max_guests,
        "min_nights": details.min_nights,
        "price_per_night": details.price_per_night,
        "cancellation_policy": details.cancellation_policy,
        "review_count": room.review_count,
        "rating_total": room.rating_total,
        "rating_count": room.rating_count,
        "last_action": room.last_action,
        "photos": list(room.photos),
    }
