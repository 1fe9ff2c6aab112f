"""The items of the payment table and of the simulated provider's.

staybook-payment           <payId> payment   the payment   indexes `by-guest`, `by-host`; a tombstone in neither
staybook-payment-provider  <payId>           what became of a charge
"""

import os
from typing import Any

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.payment.domain import Bill, Payment, Status
from kernel.clock import instant, moment
from kernel.dynamo import TableMeta
from kernel.money import Money

SOURCE = "staybook.payment"
PAYMENT = "payment"
TABLE = os.environ.get("PAYMENT_TABLE", "staybook-payment")
PROVIDER_TABLE = os.environ.get("PAYMENT_PROVIDER_TABLE", "staybook-payment-provider")


class ByGuest(GlobalSecondaryIndex["PaymentItem"]):
    """A guest's payments, by age."""

    class Meta(TableMeta):
        index_name = "by-guest"
        projection = AllProjection()

    guest_id = UnicodeAttribute(hash_key=True, attr_name="guestId")
    place = UnicodeAttribute(range_key=True)


class ByHost(GlobalSecondaryIndex["PaymentItem"]):
    """The payments for a host's rooms, by age."""

    class Meta(TableMeta):
        index_name = "by-host"
        projection = AllProjection()

    host_id = UnicodeAttribute(hash_key=True, attr_name="hostId")
    place = UnicodeAttribute(range_key=True)


class PaymentItem(Model):
    """A payment. `place`: where it stands in lists, "<createdAt>#<payId>"."""

    class Meta(TableMeta):
        table_name = TABLE

    by_guest = ByGuest()
    by_host = ByHost()
    payment_id = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default=PAYMENT)
    reservation_id = UnicodeAttribute(attr_name="rsvId")
    status = UnicodeAttribute()
    created_at = UnicodeAttribute(attr_name="createdAt")
    version = NumberAttribute()
    outbox = ListAttribute[Any](default=list)  # of strings
    place = UnicodeAttribute(null=True)
    room_id = UnicodeAttribute(null=True, attr_name="roomId")
    guest_id = UnicodeAttribute(null=True, attr_name="guestId")
    host_id = UnicodeAttribute(null=True, attr_name="hostId")
    amount = NumberAttribute(null=True)
    currency = UnicodeAttribute(null=True)


class ChargeItem(Model):
    """What became of a charge at the simulated provider."""

    class Meta(TableMeta):
        table_name = PROVIDER_TABLE

    key = UnicodeAttribute(hash_key=True, attr_name="pk")
    outcome = UnicodeAttribute()


def place(payment: Payment) -> str:
    """Where it stands in lists: sorts by age, and is its own alone."""
    return f"{instant(payment.created_at)}#{payment.payment_id}"


def payment_item(payment: Payment) -> PaymentItem:
    """The item of a new payment."""
    item = PaymentItem(
        payment.payment_id,
        reservation_id=payment.reservation_id,
        status=payment.status.value,
        created_at=instant(payment.created_at),
        version=payment.version,
    )
    if bill := payment.bill:
        item.place = place(payment)
        item.room_id, item.guest_id, item.host_id = bill.room_id, bill.guest_id, bill.host_id
        item.amount, item.currency = bill.price.amount, bill.price.currency
    return item


def payment_of(item: PaymentItem) -> Payment:
    return Payment(
        payment_id=item.payment_id,
        reservation_id=item.reservation_id,
        bill=_bill(item),
        status=Status(item.status),
        created_at=moment(item.created_at),
        version=int(item.version),
    )


def _bill(item: PaymentItem) -> Bill | None:
    room_id: Any = item.room_id
    if room_id is None:
        return None
    price = Money(int(item.amount), item.currency)
    return Bill(item.reservation_id, room_id, item.guest_id, item.host_id, price)
