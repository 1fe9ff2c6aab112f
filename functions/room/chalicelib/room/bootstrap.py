"""Wires the service together, once per cold start and not before it is needed."""

from functools import cached_property

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


class Wiring:
    """The adapters behind the ports, and what the stage and its operator set; each made when it is first needed."""

    @cached_property
    def rooms(self) -> Rooms:
        return DynamoRooms()

    @cached_property
    def calendar(self) -> Calendar:
        return DynamoCalendar()

    @cached_property
    def blocks(self) -> Blocks:
        return DynamoBlocks()

    @cached_property
    def reviews(self) -> Reviews:
        return DynamoReviews()

    @cached_property
    def stays(self) -> Stays:
        return DynamoStays()

    @cached_property
    def pictures(self) -> Pictures:
        return S3Pictures(settings.text("PHOTO_BUCKET", "no-bucket"))  # only who needs one has it

    @cached_property
    def clock(self) -> Clock:
        return system_clock

    @cached_property
    def default_details(self) -> Details:
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

    def takes_rooms(self) -> bool:
        """Whether new rooms are taken just now: the operator says so."""
        return self._operated.now(self._takes_rooms)

    @cached_property
    def _takes_rooms(self) -> Parameter[bool]:
        return Parameter(settings.text("TAKES_ROOMS_PARAMETER", ""), switch, value=True)

    @cached_property
    def _operated(self) -> Operated:
        return Operated(self._takes_rooms)


wiring = Wiring()


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"table": table(TABLE, "pk", "sk")}
