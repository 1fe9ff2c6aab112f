"""The items of the payment table and of the simulated provider's.

staybook-payment           <payId> payment   the payment   indexes `by-guest`, `by-host`; a tombstone in neither
staybook-payment-provider  <payId>           what became of a charge at the simulated provider; at another: its own id
"""

import os
from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.payment.domain.payment import Bill, Entry, Kind, Payment, Status
from kernel.clock import instant, moment
from kernel.dynamo import TableItem, TableMeta
from kernel.money import Money

SOURCE = "staybook.payment"
PAYMENT = "payment"
TABLE = os.environ.get("PAYMENT_TABLE", "staybook-payment")
PROVIDER_TABLE = os.environ.get("PAYMENT_PROVIDER_TABLE", "staybook-payment-provider")


class ByGuest(GlobalSecondaryIndex["PaymentItem"]):
    """A guest's payments, by age."""

    class Meta(TableMeta):
        index_name = "by-guest"
        projection = KeysOnlyProjection()

    guest_id = UnicodeAttribute(hash_key=True, attr_name="guestId")
    place = UnicodeAttribute(range_key=True)


class ByHost(GlobalSecondaryIndex["PaymentItem"]):
    """The payments for a host's rooms, by age."""

    class Meta(TableMeta):
        index_name = "by-host"
        projection = KeysOnlyProjection()

    host_id = UnicodeAttribute(hash_key=True, attr_name="hostId")
    place = UnicodeAttribute(range_key=True)


class PaymentItem(TableItem):
    """A payment. `place`: where it stands in lists, "<createdAt>#<payId>". `ledger`: only ever appended to, each entry
    {"kind": charge|refund|fee, "amount", "currency", "at"}.
    """

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
    outbox = ListAttribute[Any](default=list)  # of entries
    place = UnicodeAttribute(null=True)
    room_id = UnicodeAttribute(null=True, attr_name="roomId")
    guest_id = UnicodeAttribute(null=True, attr_name="guestId")
    host_id = UnicodeAttribute(null=True, attr_name="hostId")
    amount = NumberAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    method = UnicodeAttribute(null=True, attr_name="paymentMethod")
    ledger = ListAttribute[Any](default=list)
    back = NumberAttribute(null=True)


class ChargeItem(TableItem):
    """What became of a charge at the simulated provider; `refunded` of its `amount` went back."""

    class Meta(TableMeta):
        table_name = PROVIDER_TABLE

    key = UnicodeAttribute(hash_key=True, attr_name="pk")
    outcome = UnicodeAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    refunded = NumberAttribute(null=True)
    decides_at = UnicodeAttribute(null=True, attr_name="decidesAt")
    refused_refunds = NumberAttribute(null=True, attr_name="refusedRefunds")


class ReferenceItem(TableItem):
    """The provider's own id of a charge."""

    class Meta(TableMeta):
        table_name = PROVIDER_TABLE

    key = UnicodeAttribute(hash_key=True, attr_name="pk")
    reference = UnicodeAttribute()


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
        item.method = bill.method
    return item


def ledger_entries(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries as the item keeps them."""
    return [
        {
            "kind": entry.kind.value,
            "amount": entry.amount.amount,
            "currency": entry.amount.currency,
            "at": instant(entry.at),
        }
        for entry in entries
    ]


def payment_of(item: PaymentItem) -> Payment:
    back: Any = item.back
    return Payment(
        payment_id=item.payment_id,
        reservation_id=item.reservation_id,
        bill=_bill(item),
        status=Status(item.status),
        created_at=moment(item.created_at),
        version=int(item.version),
        ledger=tuple(_entry(entry) for entry in item.ledger),
        back=None if back is None else Money(int(back), item.currency),
    )


def _entry(kept: Any) -> Entry:
    return Entry(Kind(kept["kind"]), Money(int(kept["amount"]), kept["currency"]), moment(kept["at"]))


def _bill(item: PaymentItem) -> Bill | None:
    room_id: Any = item.room_id
    if room_id is None:
        return None
    price = Money(int(item.amount), item.currency)
    return Bill(item.reservation_id, room_id, item.guest_id, item.host_id, price, item.method)
