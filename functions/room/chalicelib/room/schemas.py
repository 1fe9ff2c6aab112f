"""What goes over the wire: bodies, queries and representations of the room service."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chalicelib.room.domain.review import Opinion, Review
from chalicelib.room.domain.room import Details, Room, RoomNow
from chalicelib.room.domain.terms import Terms
from kernel import hal
from kernel.clock import instant
from kernel.errors import Invalid, Violation
from kernel.inputs import Input
from kernel.money import Money
from kernel.words import wire_name

Id = Annotated[str, Meta(max_length=64)]
Description = Annotated[str, Meta(min_length=1, max_length=2000)]
Title = Annotated[str, Meta(max_length=120)]
City = Annotated[str, Meta(max_length=80)]
Zone = Annotated[str, Meta(min_length=1, max_length=64)]
Guests = Annotated[int, Meta(ge=1, le=50)]
Nights = Annotated[int, Meta(ge=1, le=30)]
Policy = Literal["flexible", "moderate", "strict"]
Content = Annotated[str, Meta(min_length=1, max_length=4000)]
Rating = Annotated[int, Meta(ge=1, le=5)]
PageSize = Annotated[int, Meta(ge=1, le=100)]


class Price(Input, frozen=True, kw_only=True):
    amount: Annotated[int, Meta(ge=0, le=10_000_000_000)]
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class RegisterRoom(Input, frozen=True, kw_only=True):
    """POST /rooms. All but `desc` have defaults of the stage."""

    description: Description
    title: Title | UnsetType = UNSET
    city: City | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    max_guests: Guests | UnsetType = UNSET
    min_nights: Nights | UnsetType = UNSET
    price_per_night: Price | UnsetType = UNSET
    cancellation_policy: Policy | UnsetType = UNSET


class ChangeRoom(Input, frozen=True, kw_only=True):
    """PATCH /rooms/{roomId}: what is there changes."""

    description: Description | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    city: City | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET
    max_guests: Guests | UnsetType = UNSET
    min_nights: Nights | UnsetType = UNSET
    price_per_night: Price | UnsetType = UNSET
    cancellation_policy: Policy | UnsetType = UNSET


class ReplaceRoom(RegisterRoom, frozen=True, kw_only=True):
    """PUT /rooms/{roomId}: the details as a whole. What a client may not set is read and ignored, as clients of the
    seed send back whole representations.
    """

    room_id: Any = UNSET
    host_id: Any = UNSET
    status: Any = UNSET
    review_count: Any = UNSET
    rating: Any = UNSET
    last_action: Any = UNSET
    created_at: Any = UNSET
    links: Any = field(default=UNSET, name="_links")


class CreateReview(Input, frozen=True, kw_only=True):
    room_id: Id
    content: Content
    rating: Rating | None = None


class ChangeReview(Input, frozen=True, kw_only=True):
    content: Content | UnsetType = UNSET
    rating: Rating | UnsetType | None = UNSET


class RoomsQuery(Input, frozen=True, kw_only=True):
    size: PageSize = 20
    cursor: str | None = None


class ReviewsQuery(Input, frozen=True, kw_only=True):
    room_id: Id | None = None
    size: PageSize = 20
    cursor: str | None = None


class CheckQuery(Input, frozen=True, kw_only=True):
    room_id: Id
    check_in: date | None = None
    check_out: date | None = None


class _Command(Struct, frozen=True, kw_only=True, rename=wire_name):
    """Base of what another function sends to the calendar."""


class Quote(_Command, frozen=True, kw_only=True):
    room_id: str
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None


class Claim(_Command, frozen=True, kw_only=True):
    """`until` in seconds since 1970; `price` is what the guest was shown, if anything."""

    room_id: str
    reservation_id: str
    guest_id: str
    check_in: date
    check_out: date
    guests: int
    until: int
    price: Money | None = None


class Book(_Command, frozen=True, kw_only=True):
    room_id: str
    reservation_id: str
    guest_id: str
    check_in: date
    check_out: date


class ReservationFacts(_Command, frozen=True, kw_only=True):
    """What this service reads of the reservation's events."""

    room_id: str
    reservation_id: str
    guest_id: str
    check_in: date
    check_out: date


class Release(ReservationFacts, frozen=True, kw_only=True):
    """What a reservation that has ended asks for; `version` is its own then."""

    version: int


COMMANDS = {"calendar": {"quote": Quote, "claim": Claim, "book": Book, "release": Release}}
"""What other services ask of a function: part of the published contract."""


def details(body: RegisterRoom, defaults: Details) -> Details:
    """The details of a new or replaced room. Raises Invalid for a time zone nobody knows."""
    given = changes(body)
    return Details(**{name: given.get(name, getattr(defaults, name)) for name in Details.__slots__})


def changes(body: RegisterRoom | ChangeRoom) -> dict[str, Any]:
    """What the body sets, by the names of `Details`. Raises Invalid for a time zone nobody knows."""
    given = {name: getattr(body, name) for name in Details.__slots__ if getattr(body, name) is not UNSET}
    if "time_zone" in given:
        _check_zone(given["time_zone"])
    if isinstance(price := given.get("price_per_night"), Price):
        given["price_per_night"] = Money(price.amount, price.currency)
    return given


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "The time zone is unknown.", [Violation("/timeZone", "is not an IANA time zone")]
        ) from error


def room_resource(room: Room, status: str) -> dict[str, Any]:
    """`status` is `reserved` when tonight is booked, else `available`."""
    details = room.details
    body = {
        "roomId": room.room_id,
        "hostId": room.host_id,
        "desc": details.description,
        "title": details.title,
        "city": details.city,
        "timeZone": details.time_zone,
        "maxGuests": details.max_guests,
        "minNights": details.min_nights,
        "pricePerNight": money(details.price_per_night),
        "cancellationPolicy": details.cancellation_policy,
        "status": status,
        "reviewCnt": room.review_count,
        "rating": round(room.rating_total / room.rating_count, 2) if room.rating_count else None,
        "lastAction": room.last_action,
        "createdAt": instant(room.created_at),
    }
    return hal.resource(body, f"/rooms/{room.room_id}", reviews=f"/reviews?roomId={room.room_id}")


def review_resource(review: Review) -> dict[str, Any]:
    body = {
        "reviewId": review.review_id,
        "roomId": review.room_id,
        "guestId": review.guest_id,
        "content": review.content,
        "rating": review.rating,
        "createdAt": instant(review.created_at),
    }
    return hal.resource(body, f"/reviews/{review.review_id}", room=f"/rooms/{review.room_id}")


def room_now(shown: RoomNow) -> dict[str, Any]:
    return room_resource(shown.room, shown.status)


def opinion_change(body: ChangeReview) -> Callable[[Review], Opinion]:
    """What the body makes of the opinion that is there."""

    def change(review: Review) -> Opinion:
        content = review.content if body.content is UNSET else body.content
        return Opinion(content, review.rating if body.rating is UNSET else body.rating)

    return change


def money(value: Money) -> dict[str, Any]:
    return {"amount": value.amount, "currency": value.currency}


def terms_resource(terms: Terms) -> dict[str, Any]:
    return {
        "policy": terms.policy,
        "timeZone": terms.time_zone,
        "checkInTime": terms.check_in_time,
        "checkOutTime": terms.check_out_time,
        "refunds": [{"hoursBefore": tier.hours_before, "percent": tier.percent} for tier in terms.refunds],
    }
