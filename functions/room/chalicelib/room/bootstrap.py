"""Wires the service together, once per cold start."""

from dataclasses import dataclass, field
from functools import cache

from chalicelib.room.adapters.blocks import DynamoBlocks
from chalicelib.room.adapters.calendar import DynamoCalendar
from chalicelib.room.adapters.items import TABLE
from chalicelib.room.adapters.pictures import S3Pictures
from chalicelib.room.adapters.reviews import DynamoReviews
from chalicelib.room.adapters.rooms import DynamoRooms
from chalicelib.room.adapters.stays import DynamoStays
from chalicelib.room.domain.room import Details
from chalicelib.room.ports import Blocks, Calendar, Pictures, Reviews, Rooms, Stays
from kernel import settings
from kernel.clock import Clock, system_clock
from kernel.health import Needs, table
from kernel.money import Money
from kernel.parameters import Operated, Parameter, switch


def _pictures() -> Pictures:
    return S3Pictures(settings.text("PHOTO_BUCKET", "no-bucket"))  # only who needs one has it


@dataclass(frozen=True)
class Wiring:
    """The adapters behind the ports."""

    rooms: Rooms = field(default_factory=DynamoRooms)
    reviews: Reviews = field(default_factory=DynamoReviews)
    calendar: Calendar = field(default_factory=DynamoCalendar)
    stays: Stays = field(default_factory=DynamoStays)
    clock: Clock = system_clock
    blocks: Blocks = field(default_factory=DynamoBlocks)
    pictures: Pictures = field(default_factory=_pictures)


@cache
def wiring() -> Wiring:
    return Wiring()


@cache
def _takes_rooms() -> Parameter[bool]:
    return Parameter(settings.text("TAKES_ROOMS_PARAMETER", ""), switch, value=True)


@cache
def _operated() -> Operated:
    return Operated(_takes_rooms())


def takes_rooms() -> bool:
    """Whether new rooms are taken: the operator says so."""
    return _operated().now(_takes_rooms())


@cache
def default_details() -> Details:
    """What a room is when its host says no more than `desc`; the stage's currency, zone and price."""
    price = Money(
        settings.number("DEFAULT_PRICE_PER_NIGHT", 100_000), settings.text("DEFAULT_CURRENCY", "KRW")
    )
    return Details(
        description="",
        title="",
        city="",
        time_zone=settings.text("DEFAULT_TIME_ZONE", "Asia/Seoul"),
        max_guests=2,
        min_nights=1,
        price_per_night=price,
        cancellation_policy="flexible",
    )


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"table": table(TABLE, "pk", "sk")}
