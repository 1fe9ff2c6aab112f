"""The reservation table's items.

pk               sk            what
<rsvId>          reservation   the reservation              indexes `by-guest`, `by-host`, `due`
guest#<guestId>  open          the guest's open bookings    {rsvId: checkOut}
"""

import os
from collections.abc import Sequence
from datetime import date
from typing import Any
from zlib import crc32

import msgspec
from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.reservation.domain.reservation import Lease, Offer, Refusal, Reservation, Status
from chalicelib.reservation.domain.terms import Split
from kernel import outbox
from kernel.clock import instant, moment
from kernel.dynamo import TableItem, TableMeta
from kernel.events import Aggregate, CloudEvent
from kernel.money import Money
from kernel.stay import Stay

SOURCE = "staybook.reservation"
RESERVATION = "reservation"
OPEN = "open"
DUE_SHARDS = "01234567"
TABLE = os.environ.get("RESERVATION_TABLE", "staybook-reservation")


class ByGuest(GlobalSecondaryIndex["ReservationItem"]):
    """A guest's reservations, by age."""

    class Meta(TableMeta):
        index_name = "by-guest"
        projection = KeysOnlyProjection()

    guest_id = UnicodeAttribute(hash_key=True, attr_name="guestId")
    place = UnicodeAttribute(range_key=True)


class ByHost(GlobalSecondaryIndex["ReservationItem"]):
    """The reservations of a host's rooms, by age."""

    class Meta(TableMeta):
        index_name = "by-host"
        projection = KeysOnlyProjection()

    host_id = UnicodeAttribute(hash_key=True, attr_name="hostId")
    place = UnicodeAttribute(range_key=True)


class Due(GlobalSecondaryIndex["ReservationItem"]):
    """Sparse: reservations that somebody has to look at, by when. Spread over a few shards, so that no partition is
    hot however many bookings are made at a time.
    """

    class Meta(TableMeta):
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True, attr_name="dueShard")
    due_at = UnicodeAttribute(range_key=True, attr_name="dueAt")


class ReservationItem(TableItem):
    """A reservation. `place`: where it stands in lists, "<createdAt>#<rsvId>"."""

    class Meta(TableMeta):
        table_name = TABLE

    by_guest = ByGuest()
    by_host = ByHost()
    due = Due()
    reservation_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default=RESERVATION)
    place = UnicodeAttribute()
    guest_id = UnicodeAttribute(attr_name="guestId")
    host_id = UnicodeAttribute(attr_name="hostId")
    room_id = UnicodeAttribute(attr_name="roomId")
    check_in = UnicodeAttribute(attr_name="checkIn")
    check_out = UnicodeAttribute(attr_name="checkOut")
    guests = NumberAttribute()
    shown_price = JSONAttribute(null=True, attr_name="shownPrice")
    payment_method = UnicodeAttribute(null=True, attr_name="paymentMethod")
    fingerprint = UnicodeAttribute()
    created_at = UnicodeAttribute(attr_name="createdAt")
    expires_at = UnicodeAttribute(attr_name="expiresAt")
    settle_at = UnicodeAttribute(attr_name="settleAt")
    due_shard = UnicodeAttribute(null=True, attr_name="dueShard")
    due_at = UnicodeAttribute(null=True, attr_name="dueAt")
    driver = UnicodeAttribute()
    driven_until = UnicodeAttribute(attr_name="drivenUntil")
    status = UnicodeAttribute()
    offer = JSONAttribute(null=True)
    payment_id = UnicodeAttribute(null=True, attr_name="payId")
    refusal = JSONAttribute(null=True)
    confirmed = BooleanAttribute(default=False)
    split = JSONAttribute(null=True)
    version = NumberAttribute()
    outbox = ListAttribute[Any](default=list)  # of entries


class GuestItem(TableItem):
    """What a guest has open. It has no version and announces nothing."""

    class Meta(TableMeta):
        table_name = TABLE

    key = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default=OPEN)
    open = MapAttribute[str, Any](default=dict)  # type: ignore[no-untyped-call]  # the library leaves it untyped


def guest_item(guest_id: str) -> GuestItem:
    return GuestItem(f"guest#{guest_id}", OPEN)


def aggregate(reservation: Reservation) -> Aggregate:
    return Aggregate(SOURCE, reservation.reservation_id)


def place(reservation: Reservation) -> str:
    """Where it stands in lists: sorts by age, and is its own alone."""
    return f"{instant(reservation.created_at)}#{reservation.reservation_id}"


def due_shard(reservation_id: str) -> str:
    """Which part of the index `due` it lies in."""
    return DUE_SHARDS[crc32(reservation_id.encode()) % len(DUE_SHARDS)]


def entries(events: Sequence[CloudEvent]) -> list[bytes]:
    """What one transition announced, as the outbox keeps it."""
    return [outbox.packed(events)] if events else []


def reservation_item(reservation: Reservation, outbox: list[bytes]) -> ReservationItem:
    """The item of a new reservation."""
    return ReservationItem(
        reservation.reservation_id,
        place=place(reservation),
        guest_id=reservation.guest_id,
        host_id=reservation.host_id,
        room_id=reservation.room_id,
        check_in=reservation.stay.check_in.isoformat(),
        check_out=reservation.stay.check_out.isoformat(),
        guests=reservation.guests,
        shown_price=stored(reservation.shown_price),
        payment_method=reservation.payment_method,
        fingerprint=reservation.fingerprint,
        created_at=instant(reservation.created_at),
        expires_at=instant(reservation.expires_at),
        settle_at=instant(reservation.settle_at),
        due_shard=due_shard(reservation.reservation_id),
        due_at=instant(reservation.settle_at),
        offer=stored(reservation.offer),
        driver=reservation.lease.driver,
        driven_until=instant(reservation.lease.until),
        status=reservation.status.value,
        version=reservation.version,
        outbox=outbox,
    )


def reservation_of(item: ReservationItem) -> Reservation:
    return Reservation(
        reservation_id=item.reservation_id,
        guest_id=item.guest_id,
        host_id=item.host_id,
        room_id=item.room_id,
        stay=Stay(date.fromisoformat(item.check_in), date.fromisoformat(item.check_out)),
        guests=int(item.guests),
        shown_price=_read(item.shown_price, Money),
        payment_method=item.payment_method,
        fingerprint=item.fingerprint,
        created_at=moment(item.created_at),
        expires_at=moment(item.expires_at),
        settle_at=moment(item.settle_at),
        lease=Lease(item.driver, moment(item.driven_until)),
        status=Status(item.status),
        version=int(item.version),
        offer=_read(item.offer, Offer),
        payment_id=item.payment_id,
        refusal=_read(item.refusal, Refusal),
        confirmed=item.confirmed,
        split=_read(item.split, Split),
    )


def stored(value: Money | Offer | Refusal | Split | None) -> Any:
    """A part of a reservation as JSON holds it."""
    return msgspec.to_builtins(value)


def _read[T](value: Any, of: type[T]) -> T | None:
    return None if value is None else msgspec.convert(value, of)
