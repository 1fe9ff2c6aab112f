"""What the room service's routes promise, by the name of the view."""

from datetime import date
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType, field

from chalicelib.room import errors, schemas
from chalicelib.room.schemas import Content, Guests, Nights, Policy, Rating
from kernel.errors import ChangedMeanwhile, KeyReused
from kernel.money import Money
from kernel.promises import (
    Count,
    File,
    Header,
    Id,
    Instant,
    Json,
    Many,
    Promise,
    Resource,
    Shown,
    changes,
    creates,
    reads,
    removes,
)

Clock = Annotated[str, Meta(pattern=r"^\d\d:\d\d$")]
Average = Annotated[float, Meta(ge=1, le=5)]


class Room(Resource, frozen=True, kw_only=True):
    """`status` says whether tonight is booked: information, never what decides a booking."""

    room_id: Id
    host_id: str
    description: schemas.Description
    title: schemas.Title
    city: schemas.City
    time_zone: str
    max_guests: Guests
    min_nights: Nights
    price_per_night: Money
    cancellation_policy: Policy
    status: Literal["available", "reserved"]
    review_count: Count
    rating: Average | None
    last_action: str
    created_at: Instant


class WeekdayPrices(Shown, frozen=True, kw_only=True):
    """By the evening on which a night begins."""

    mon: Money | UnsetType = UNSET
    tue: Money | UnsetType = UNSET
    wed: Money | UnsetType = UNSET
    thu: Money | UnsetType = UNSET
    fri: Money | UnsetType = UNSET
    sat: Money | UnsetType = UNSET
    sun: Money | UnsetType = UNSET


class SeasonPrice(Shown, frozen=True, kw_only=True):
    """The nights from `from` on, up to and without `to`."""

    name: str
    first: date = field(name="from")
    end: date = field(name="to")
    price: Money


class RoomRates(Resource, frozen=True, kw_only=True):
    """A season wins over a weekday, a weekday over the room's own price; of two seasons the first."""

    room_id: Id
    price_per_night: Money
    weekday: WeekdayPrices
    seasons: list[SeasonPrice]


class NightPrice(Shown, frozen=True, kw_only=True):
    """`rate` is what set the price."""

    night: date
    price: Money
    rate: Literal["room", "weekday", "season"]
    name: str | UnsetType = UNSET


class RefundTier(Shown, frozen=True, kw_only=True):
    """Who cancels `hoursBefore` check-in or earlier gets `percent` of the price back."""

    hours_before: Count
    percent: Annotated[int, Meta(ge=0, le=100)]


class QuotedTerms(Shown, frozen=True, kw_only=True):
    """What a stay would be sold under."""

    policy: Policy
    time_zone: str
    check_in_time: Clock
    check_out_time: Clock
    refunds: list[RefundTier]


class Quote(Resource, frozen=True, kw_only=True):
    """What a stay would cost. `available` holds for this moment only."""

    room_id: Id
    check_in: date
    check_out: date
    guests: Guests
    available: bool
    nights: list[NightPrice]
    price: Money
    terms: QuotedTerms


class Block(Resource, frozen=True, kw_only=True):
    """Nights that a host keeps for themselves."""

    block_id: Id
    room_id: Id
    check_in: date
    check_out: date
    reason: str
    created_at: Instant


class Upload(Shown, frozen=True, kw_only=True):
    """Where to post the file, and the fields that come before it."""

    url: str
    fields: dict[str, str]


class Photo(Resource, frozen=True, kw_only=True):
    """`_links.self` is the picture itself."""

    photo_id: Id
    room_id: Id


class PreparedPhoto(Photo, frozen=True, kw_only=True):
    """A photo to be."""

    upload: Upload


class Review(Resource, frozen=True, kw_only=True):
    """What a guest says of a stay."""

    review_id: Id
    room_id: Id
    guest_id: str
    content: Content
    rating: Rating | None
    created_at: Instant


_OF_A_ROOM = (errors.RoomNotFound, errors.NotYourRoom)
_OF_A_REVIEW = (errors.ReviewNotFound, errors.NotYourReview, ChangedMeanwhile)
_PICTURES = File(("image/jpeg", "image/png", "image/webp"))

PROMISES: dict[str, Promise] = {
    "register_room": creates("List a room", schemas.RegisterRoom, Room, KeyReused),
    "list_rooms": reads("Every room", Many("rooms", Room), asks=schemas.RoomsQuery),
    "read_room": reads("A room", Room, errors.RoomNotFound),
    "replace_room": changes(
        "Describe a room anew",
        schemas.ReplaceRoom,
        Room,
        *_OF_A_ROOM,
        errors.CurrencyOfRates,
        ChangedMeanwhile,
    ),
    "modify_room": changes(
        "Change what is said of a room",
        schemas.ChangeRoom,
        Room,
        *_OF_A_ROOM,
        errors.CurrencyOfRates,
        ChangedMeanwhile,
    ),
    "delete_room": removes(
        "Take a room off",
        *_OF_A_ROOM,
        errors.RoomHasBookings,
        ChangedMeanwhile,
        heeds=(Header.IF_MATCH,),
    ),
    "read_rates": reads("What its nights cost", RoomRates, errors.RoomNotFound),
    "set_rates": changes("Price its nights", schemas.SetRates, RoomRates, *_OF_A_ROOM, ChangedMeanwhile),
    "quote": reads(
        "What a stay would cost", Quote, errors.RoomNotFound, errors.StayNotTaken, asks=schemas.QuoteQuery
    ),
    "block_nights": creates(
        "Keep nights for the host",
        schemas.BlockNights,
        Block,
        *_OF_A_ROOM,
        errors.NightsTaken,
        KeyReused,
        ChangedMeanwhile,
    ),
    "list_blocks": reads("Nights that the host keeps", Many("blocks", Block), *_OF_A_ROOM),
    "unblock_nights": removes("Give nights back", *_OF_A_ROOM, errors.BlockNotFound, ChangedMeanwhile),
    "prepare_photo": Promise(
        "Ask where to upload a photo",
        PreparedPhoto,
        takes=schemas.PreparePhoto,
        refuses=(*_OF_A_ROOM, errors.TooManyPhotos),
    ),
    "list_photos": reads("Photos of a room", Many("photos", Photo), errors.RoomNotFound),
    "keep_photo": Promise(
        "Show what was uploaded",
        Photo,
        refuses=(
            *_OF_A_ROOM,
            errors.NotUploaded,
            errors.NoPicture,
            errors.TooManyPhotos,
            ChangedMeanwhile,
        ),
    ),
    "read_photo": reads("A picture", _PICTURES, errors.PhotoNotFound),
    "remove_photo": removes("Take a photo away", *_OF_A_ROOM, errors.PhotoNotFound, ChangedMeanwhile),
    "create_review": creates(
        "Review a stay that has begun",
        schemas.CreateReview,
        Review,
        errors.RoomNotFound,
        errors.NoStayToReview,
        errors.AlreadyReviewed,
        KeyReused,
        ChangedMeanwhile,
    ),
    "list_reviews": reads("Reviews, of a room or all", Many("reviews", Review), asks=schemas.ReviewsQuery),
    "read_review": reads("A review", Review, errors.ReviewNotFound),
    "modify_review": changes("Change a review", schemas.ChangeReview, Review, *_OF_A_REVIEW),
    "delete_review": removes("Take a review back", *_OF_A_REVIEW, heeds=(Header.IF_MATCH,)),
    "check": Promise(
        "Whether every night of a stay is free. It answers; it reserves nothing",
        Json(bool),
        asks=schemas.CheckQuery,
        refuses=(errors.RoomNotFound,),
    ),
}
