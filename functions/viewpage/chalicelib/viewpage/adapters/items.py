"""The items of the viewpage service's tables: of the view's two generations, and of the note that says which is live.

pk        sk                      what
<roomId>  row                     a room's row      index `by-host` and those of the orders while it is listed
<roomId>  part#<group>#<subject>  what is known of  index `by-reservation` for a reservation,
                                  one aggregate     `by-payment` where a payment is named

The indexes hold keys alone: a booking changes a row and none of them. Each order has an index of all rooms and
one of a city's; the rooms of either are spread over BUCKETS partitions, from which a page is merged.
"""

import os
from functools import cache
from zlib import crc32

import msgspec
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.viewpage.adapters.packed_rows import packed, unpacked
from chalicelib.viewpage.domain.order import Order, city_key
from chalicelib.viewpage.domain.parts import (
    BlockFacts,
    Facts,
    NightsFacts,
    Part,
    PaymentFacts,
    ReservationFacts,
    RoomFacts,
    RoomGone,
)
from chalicelib.viewpage.domain.row import Row
from kernel.dynamo import TableItem, TableMeta

TABLES = (
    os.environ.get("VIEWPAGE_TABLE", "staybook-viewpage"),
    os.environ.get("VIEWPAGE_OTHER_TABLE", "staybook-viewpage-2"),
)
GENERATIONS_TABLE = os.environ.get("VIEWPAGE_GENERATIONS_TABLE", "staybook-viewpage-generations")
BUCKETS = 4
PLACES = {Order.NEWEST: "newestPlace", Order.PRICE: "pricePlace", Order.RATING: "ratingPlace"}
ROW = "row"
PART = "part#"

_KINDS: dict[str, type[Facts]] = {
    "room": RoomFacts,
    "room-gone": RoomGone,
    "nights": NightsFacts,
    "block": BlockFacts,
    "reservation": ReservationFacts,
    "payment": PaymentFacts,
}
_NAMES = {facts: kind for kind, facts in _KINDS.items()}


def _ordered(index: str, bucket: str, order: Order) -> GlobalSecondaryIndex["RowItem"]:
    class Ordered(GlobalSecondaryIndex["RowItem"]):
        class Meta(TableMeta):
            index_name = index
            projection = KeysOnlyProjection()

        bucket_of = UnicodeAttribute(hash_key=True, attr_name=bucket)
        place = UnicodeAttribute(range_key=True, attr_name=PLACES[order])

    return Ordered()


class ByHost(GlobalSecondaryIndex["RowItem"]):
    """Sparse: a host's listed rooms."""

    class Meta(TableMeta):
        index_name = "by-host"
        projection = KeysOnlyProjection()

    host_id = UnicodeAttribute(hash_key=True, attr_name="hostId")
    room_id = UnicodeAttribute(range_key=True, attr_name="pk")


class ByReservation(GlobalSecondaryIndex["PartItem"]):
    """Sparse: the parts that reservations stated."""

    class Meta(TableMeta):
        index_name = "by-reservation"
        projection = KeysOnlyProjection()

    reservation_id = UnicodeAttribute(hash_key=True, attr_name="rsvId")


class ByPayment(GlobalSecondaryIndex["PartItem"]):
    """Sparse: the parts that name a payment, its own or its reservation's."""

    class Meta(TableMeta):
        index_name = "by-payment"
        projection = KeysOnlyProjection()

    payment_id = UnicodeAttribute(hash_key=True, attr_name="payId")


class RowItem(TableItem):
    """`content` is the row as JSON, packed: a room with many bookings says the same words over and over, and each of
    them changes the whole row.
    """

    class Meta(TableMeta):
        table_name = TABLES[0]

    all_newest = _ordered("all-newest", "listed", Order.NEWEST)
    all_by_price = _ordered("all-by-price", "listed", Order.PRICE)
    all_by_rating = _ordered("all-by-rating", "listed", Order.RATING)
    city_newest = _ordered("city-newest", "listedIn", Order.NEWEST)
    city_by_price = _ordered("city-by-price", "listedIn", Order.PRICE)
    city_by_rating = _ordered("city-by-rating", "listedIn", Order.RATING)
    by_host = ByHost()
    room_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default=ROW)
    listed = UnicodeAttribute(null=True)
    listed_in = UnicodeAttribute(null=True, attr_name="listedIn")
    newest_place = UnicodeAttribute(null=True, attr_name=PLACES[Order.NEWEST])
    price_place = UnicodeAttribute(null=True, attr_name=PLACES[Order.PRICE])
    rating_place = UnicodeAttribute(null=True, attr_name=PLACES[Order.RATING])
    host_id = UnicodeAttribute(null=True, attr_name="hostId")
    version = NumberAttribute()
    content = BinaryAttribute(legacy_encoding=False)


class PartItem(TableItem):
    """`facts` is JSON, of the class that `kind` names."""

    class Meta(TableMeta):
        table_name = TABLES[0]

    by_reservation = ByReservation()
    by_payment = ByPayment()
    room_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    key = UnicodeAttribute(range_key=True, attr_name="sk")
    kind = UnicodeAttribute()
    group = UnicodeAttribute()
    subject = UnicodeAttribute()
    version = NumberAttribute()
    time = UnicodeAttribute()
    facts = UnicodeAttribute()
    reservation_id = UnicodeAttribute(null=True, attr_name="rsvId")
    payment_id = UnicodeAttribute(null=True, attr_name="payId")


class GenerationsItem(TableItem):
    """The one item of its table; `content` is JSON."""

    class Meta(TableMeta):
        table_name = GENERATIONS_TABLE

    key = UnicodeAttribute(hash_key=True, attr_name="pk")
    version = NumberAttribute()
    content = UnicodeAttribute()


@cache
def rows_of(table: str) -> type[RowItem]:
    """Rows in that table."""

    class Rows(RowItem):
        class Meta(TableMeta):
            table_name = table

    return Rows


@cache
def parts_of(table: str) -> type[PartItem]:
    """Parts in that table."""

    class Parts(PartItem):
        class Meta(TableMeta):
            table_name = table

    return Parts


def row_item(row: Row, kind: type[RowItem]) -> RowItem:
    content = packed(row)
    if row.facts is None:
        return kind(row.room_id, version=row.version, content=content)
    bucket = crc32(row.room_id.encode()) % BUCKETS
    return kind(
        row.room_id,
        listed=bucket_of(None, bucket),
        listed_in=bucket_of(row.facts.city, bucket),
        newest_place=Order.NEWEST.place(row),
        price_place=Order.PRICE.place(row),
        rating_place=Order.RATING.place(row),
        host_id=row.facts.host_id,
        version=row.version,
        content=content,
    )


def bucket_of(city: str | None, number: int) -> str:
    """The partition of the orders' indexes: of all rooms, or of a city's."""
    return f"{number}" if city is None else f"{number}#{city_key(city)}"


def row_of(item: RowItem) -> Row:
    return unpacked(item.content)


def part_item(part: Part, kind: type[PartItem]) -> PartItem:
    return kind(
        part.room_id,
        f"{group_prefix(part.group)}{part.subject}",
        kind=_NAMES[type(part.facts)],
        group=part.group,
        subject=part.subject,
        version=part.version,
        time=part.time,
        facts=msgspec.json.encode(part.facts).decode(),
        reservation_id=part.group if isinstance(part.facts, ReservationFacts) else None,
        payment_id=(part.facts.payment_id or None)
        if isinstance(part.facts, PaymentFacts | ReservationFacts)
        else None,
    )


def part_of(item: PartItem) -> Part:
    return Part(
        room_id=item.room_id,
        group=item.group,
        subject=item.subject,
        version=int(item.version),
        time=item.time,
        facts=msgspec.json.decode(item.facts, type=_KINDS[item.kind]),
    )


def group_of(item: PartItem) -> str:
    """The group of a part of which only the keys are known."""
    return item.key.removeprefix(PART).partition("#")[0]


def group_prefix(group: str) -> str:
    """What the sort keys of a group's parts begin with."""
    return f"{PART}{group}#"
