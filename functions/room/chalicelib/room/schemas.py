"""What comes in: bodies and queries, commands of other functions, and what is read of events."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import UNSET, Meta, Struct, UnsetType, field

from chalicelib.room.domain.booking import Booking, StayRecord
from chalicelib.room.domain.photo import PictureType
from chalicelib.room.domain.rates import WEEKDAYS, Rates, Season
from chalicelib.room.domain.review import Opinion
from chalicelib.room.domain.room import Details
from chalicelib.room.domain.terms import POLICIES
from kernel.errors import Invalid, Violation
from kernel.inputs import Cursor, Input, Price
from kernel.money import Money
from kernel.stay import Stay
from kernel.words import wire_name

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Description = Annotated[str, Meta(min_length=1, max_length=2000)]
Title = Annotated[str, Meta(max_length=120)]
City = Annotated[str, Meta(max_length=80)]
Zone = Annotated[str, Meta(min_length=1, max_length=64, extra_json_schema={"format": "time-zone"})]
Guests = Annotated[int, Meta(ge=1, le=50)]
Nights = Annotated[int, Meta(ge=1, le=30)]
Policy = Annotated[str, Meta(pattern=f"^({'|'.join(POLICIES)})$", extra_json_schema={"enum": list(POLICIES)})]
Content = Annotated[str, Meta(min_length=1, max_length=4000)]
Rating = Annotated[int, Meta(ge=1, le=5)]
PageSize = Annotated[int, Meta(ge=1, le=100)]


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

    def __post_init__(self) -> None:
        """Raises Invalid for a time zone nobody knows."""
        if self.time_zone is not UNSET:
            _check_zone(self.time_zone)

    def over(self, known: Details) -> Details:
        """What is known, but for what the body says."""
        given = {name: value for name in Details.__slots__ if (value := getattr(self, name)) is not UNSET}
        if isinstance(price := given.get("price_per_night"), Price):
            given["price_per_night"] = price.money
        return replace(known, **given)


class RegisterRoom(ChangeRoom, frozen=True, kw_only=True):
    """POST /rooms. All but `desc` have defaults of the stage."""

    description: Description


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


class BlockNights(Input, frozen=True, kw_only=True):
    """POST /rooms/{roomId}/blocks. The night of `check_out` stays free, as with a stay."""

    check_in: date
    check_out: date
    reason: Annotated[str, Meta(max_length=200)] = ""

    @property
    def stay(self) -> Stay:
        return Stay(self.check_in, self.check_out)


class Weekdays(Input, frozen=True, kw_only=True):
    """By the evening on which a night begins."""

    mon: Price | UnsetType = UNSET
    tue: Price | UnsetType = UNSET
    wed: Price | UnsetType = UNSET
    thu: Price | UnsetType = UNSET
    fri: Price | UnsetType = UNSET
    sat: Price | UnsetType = UNSET
    sun: Price | UnsetType = UNSET


class SeasonRate(Input, frozen=True, kw_only=True):
    """The nights from `from` on, up to and without `to`."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    first: date = field(name="from")
    end: date = field(name="to")
    price: Price


class SetRates(Input, frozen=True, kw_only=True):
    """PUT /rooms/{roomId}/rates: all of them anew. Of two seasons that hold a night, the first counts. What only the
    server says is read and ignored, so that what was read can be sent back.
    """

    weekday: Weekdays = Weekdays()
    seasons: Annotated[tuple[SeasonRate, ...], Meta(max_length=100)] = ()
    room_id: Any = UNSET
    price_per_night: Any = UNSET
    links: Any = field(default=UNSET, name="_links")

    @property
    def rates(self) -> Rates:
        given = {day: getattr(self.weekday, day) for day in WEEKDAYS}
        return Rates(
            {day: price.money for day, price in given.items() if price is not UNSET},
            tuple(Season(each.name, each.first, each.end, each.price.money) for each in self.seasons),
        )


class PreparePhoto(Input, frozen=True, kw_only=True):
    """POST /rooms/{roomId}/photos. The type that the file will be sent as."""

    content_type: PictureType


class CreateReview(Input, frozen=True, kw_only=True):
    room_id: Id
    content: Content
    rating: Rating | None = None

    @property
    def opinion(self) -> Opinion:
        return Opinion(self.content, self.rating)


class ChangeReview(Input, frozen=True, kw_only=True):
    content: Content | UnsetType = UNSET
    rating: Rating | UnsetType | None = UNSET

    def over(self, known: Opinion) -> Opinion:
        """What is known, but for what the body says."""
        content = known.content if self.content is UNSET else self.content
        return Opinion(content, known.rating if self.rating is UNSET else self.rating)


class RoomsQuery(Input, frozen=True, kw_only=True):
    size: PageSize = 20
    cursor: Cursor | None = None


class ReviewsQuery(Input, frozen=True, kw_only=True):
    room_id: Id | None = None
    size: PageSize = 20
    cursor: Cursor | None = None


class CheckQuery(Input, frozen=True, kw_only=True):
    room_id: Id
    check_in: date | None = None
    check_out: date | None = None


class QuoteQuery(Input, frozen=True, kw_only=True):
    """GET /rooms/{roomId}/quote. Without dates: tonight, for the room's minimum."""

    check_in: date | None = None
    check_out: date | None = None
    guests: Guests | None = None


class _Told(Struct, frozen=True, kw_only=True, rename=wire_name):
    """Base of what other functions say: what they ask of the calendar, and what is read of events."""


class Quote(_Told, frozen=True, kw_only=True):
    room_id: str
    check_in: date | None = None
    check_out: date | None = None
    guests: int | None = None


class _OfReservation(_Told, frozen=True, kw_only=True):
    """Whose nights are meant."""

    room_id: str
    reservation_id: str
    guest_id: str
    check_in: date
    check_out: date

    @property
    def booking(self) -> Booking:
        return Booking(self.room_id, self.reservation_id, Stay(self.check_in, self.check_out))


class Claim(_OfReservation, frozen=True, kw_only=True):
    """`until` in seconds since 1970; `price` is what the guest was shown, if anything."""

    guests: int
    until: int
    price: Money | None = None


class Book(_OfReservation, frozen=True, kw_only=True):
    pass


class ReservationFacts(_OfReservation, frozen=True, kw_only=True):
    """What this service reads of the reservation's events."""

    def stay_as_of(self, sequence: int, *, stands: bool) -> StayRecord:
        """What is remembered of the booking, as `sequence` of the reservation says."""
        return StayRecord(self.room_id, self.guest_id, self.reservation_id, self.check_in, sequence, stands)


class PersonFacts(_Told, frozen=True, kw_only=True):
    """What this service reads of the event that a person wants to be forgotten."""

    person_id: str


class RoomFacts(_Told, frozen=True, kw_only=True):
    """What this service reads of its own event that a room has gone."""

    room_id: str


class Release(ReservationFacts, frozen=True, kw_only=True):
    """What a reservation that has ended asks for; `version` is its own then. `stood`: it was a booking once."""

    version: int
    stood: bool = True  # the release before does not say


class InspectNights(_Told, frozen=True, kw_only=True):
    room_id: str
    check_in: date
    check_out: date


class KeptRooms(_Told, frozen=True, kw_only=True):
    """The commands `standing` and `kept`: whom they are about. `cursor`: where the page before ended."""

    person_id: str
    cursor: str | None = None


COMMANDS = {
    "calendar": {
        "quote": Quote,
        "claim": Claim,
        "book": Book,
        "release": Release,
        "inspect": InspectNights,
        "standing": KeptRooms,
        "kept": KeptRooms,
    }
}
"""What other services ask of a function: part of the published contract."""


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            "The time zone is unknown.", [Violation("/timeZone", "is not an IANA time zone")]
        ) from error
