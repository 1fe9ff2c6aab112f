"""The room table: what lies where, and the room's own item, which several ports write.

pk          sk                       what
<roomId>    room                     the room            index `by-host`; `listing` while it is not deleted
<roomId>    nights#2026-12           a month of nights   see adapters.calendar
<roomId>    block#<blockId>          nights the host keeps
<roomId>    stay#<guestId>#<rsvId>   that a booking stands, or fell
<reviewId>  review                   a review            index `by-author`; `reviews` while it is not deleted
"""

import os
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.room.domain.rates import Rates
from chalicelib.room.domain.room import Details, Room
from chalicelib.room.ports import Transition
from kernel import outbox
from kernel.clock import instant, moment
from kernel.dynamo import TableItem, TableMeta
from kernel.events import Aggregate, announce
from kernel.money import Money

TABLE = os.environ.get("ROOM_TABLE", "staybook-room")
SOURCE = "staybook.room"


class Listing(GlobalSecondaryIndex["RoomItem"]):
    """Sparse; its hash is the room's own id, so that no partition is hot however many rooms there are."""

    class Meta(TableMeta):
        index_name = "listing"
        projection = KeysOnlyProjection()

    listed = UnicodeAttribute(hash_key=True)


class OfHost(GlobalSecondaryIndex["RoomItem"]):
    """A host's rooms, by their keys."""

    class Meta(TableMeta):
        index_name = "by-host"
        projection = KeysOnlyProjection()

    host_id = UnicodeAttribute(hash_key=True, attr_name="hostId")


class RoomItem(TableItem):
    class Meta(TableMeta):
        table_name = TABLE

    listing = Listing()
    of_host = OfHost()
    room_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default="room")
    listed = UnicodeAttribute(null=True)
    host_id = UnicodeAttribute(attr_name="hostId")
    description = UnicodeAttribute(attr_name="desc")
    title = UnicodeAttribute()
    city = UnicodeAttribute()
    time_zone = UnicodeAttribute(attr_name="timeZone")
    max_guests = NumberAttribute(attr_name="maxGuests")
    min_nights = NumberAttribute(attr_name="minNights")
    price = NumberAttribute()
    currency = UnicodeAttribute()
    cancellation_policy = UnicodeAttribute(attr_name="cancellationPolicy")
    created_at = UnicodeAttribute(attr_name="createdAt")
    last_action = UnicodeAttribute(attr_name="lastAction")
    last_action_at = UnicodeAttribute(attr_name="lastActionAt")
    review_count = NumberAttribute(attr_name="reviewCnt")
    rating_total = NumberAttribute(attr_name="ratingTotal")
    rating_count = NumberAttribute(attr_name="ratingCount")
    deleted = BooleanAttribute()
    rates = JSONAttribute(null=True)
    photos = ListAttribute[Any](default=list)  # of ids, the cover first
    fingerprint = UnicodeAttribute(default="")
    version = NumberAttribute()
    outbox = ListAttribute[Any](default=list)  # of entries


def room_item(change: Transition[Room], at: datetime) -> RoomItem:
    """The item of what a room becomes, its outbox continued by what is announced of that."""
    room, details = change.after, change.after.details
    announced = announce(Aggregate(SOURCE, room.room_id), room.version, change.events, at)
    return RoomItem(
        room.room_id,
        listed=None if room.deleted else room.room_id,
        host_id=room.host_id,
        description=details.description,
        title=details.title,
        city=details.city,
        time_zone=details.time_zone,
        max_guests=details.max_guests,
        min_nights=details.min_nights,
        price=details.price_per_night.amount,
        currency=details.price_per_night.currency,
        cancellation_policy=details.cancellation_policy,
        created_at=instant(room.created_at),
        last_action=room.last_action,
        last_action_at=instant(room.last_action_at),
        review_count=room.review_count,
        rating_total=room.rating_total,
        rating_count=room.rating_count,
        deleted=room.deleted,
        rates=msgspec.to_builtins(room.rates),
        photos=list(room.photos),
        fingerprint=room.fingerprint,
        version=room.version,
        outbox=outbox.append(room.outbox, announced),
    )


def room_of(item: RoomItem) -> Room:
    details = Details(
        description=item.description,
        title=item.title,
        city=item.city,
        time_zone=item.time_zone,
        max_guests=int(item.max_guests),
        min_nights=int(item.min_nights),
        price_per_night=Money(int(item.price), item.currency),
        cancellation_policy=item.cancellation_policy,
    )
    return Room(
        room_id=item.room_id,
        host_id=item.host_id,
        details=details,
        created_at=moment(item.created_at),
        version=int(item.version),
        last_action=item.last_action,
        last_action_at=moment(item.last_action_at),
        review_count=int(item.review_count),
        rating_total=int(item.rating_total),
        rating_count=int(item.rating_count),
        deleted=item.deleted,
        rates=msgspec.convert(item.rates, Rates),
        photos=tuple(item.photos),
        fingerprint=item.fingerprint,
        outbox=tuple(item.outbox),
    )
