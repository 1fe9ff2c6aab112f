"""A payment and its ledger: what is to be paid, and what of it was taken, given back and kept."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kernel.ids import derived_id
from kernel.money import Money


class Status(StrEnum):
    """`ending`: the reservation has ended, and the provider has not decided about the charge yet. `voided`: no money
    was taken, and none will be. `refunded`: it was taken and given back, less the fee of the terms.
    """

    PENDING = "pending"
    ENDING = "ending"
    PAID = "paid"
    DECLINED = "declined"
    VOIDED = "voided"
    REFUNDED = "refunded"

    @property
    def shown(self) -> str:
        """The word that clients and other services know it by."""
        return _SHOWN[self]


_SHOWN = {
    Status.PENDING: "pending",
    Status.ENDING: "pending",
    Status.PAID: "paid",
    Status.DECLINED: "declined",
    Status.VOIDED: "cancelled",
    Status.REFUNDED: "cancelled",
}


class Kind(StrEnum):
    """Of an entry in the ledger. A fee is the part of a charge that was kept when the rest went back."""

    CHARGE = "charge"
    REFUND = "refund"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Entry:
    """Written once and never changed. `amount` is above zero; the kind says which way it went."""

    kind: Kind
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """What a provider is asked about. `key` is the payment's id; `method` is a token of the provider's and never shown
    (None: the guest named none).
    """

    key: str
    price: Money
    method: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, for which reservation, by whom to whom, and with what."""

    reservation_id: str
    room_id: str
    guest_id: str
    host_id: str
    price: Money
    method: str | None = field(default=None, repr=False)

    @property
    def payment_id(self) -> str:
        return payment_id_of(self.reservation_id)

    @property
    def order(self) -> Order:
        return Order(self.payment_id, self.price, self.method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """`bill` is None for a tombstone: voided before anybody asked to charge. `back` is what goes back once the provider
    has decided (only while `ending`). `version` counts what was announced.
    """

    payment_id: str
    reservation_id: str
    bill: Bill | None
    status: Status
    created_at: datetime
    version: int = 0
    ledger: tuple[Entry, ...] = ()
    back: Money | None = None

    @property
    def billed(self) -> Bill:
        """The bill of a payment that somebody asked to charge: all but tombstones have one."""
        assert self.bill is not None, "nobody asked to charge for a tombstone"
        return self.bill

    def concerns(self, person: str) -> bool:
        return self.bill is not None and person in {self.bill.guest_id, self.bill.host_id}

    def total(self, kind: Kind) -> Money:
        """Of the ledger's entries of a kind."""
        amount = sum(entry.amount.amount for entry in self.ledger if entry.kind is kind)
        return Money(amount, self.billed.price.currency)


def payment_id_of(reservation_id: str) -> str:
    """A reservation has one payment; its id is the key under which the provider knows it."""
    return derived_id("payment", reservation_id)


def pending(bill: Bill, now: datetime) -> Payment:
    """Stored before the provider is asked. Nothing has happened that anybody should hear of."""
    return Payment(
        payment_id=bill.payment_id,
        reservation_id=bill.reservation_id,
        bill=bill,
        status=Status.PENDING,
        created_at=now,
    )


def tombstone(reservation_id: str, now: datetime) -> Payment:
    """Refuses a charge that comes after its reservation has ended."""
    return Payment(
        payment_id=payment_id_of(reservation_id),
        reservation_id=reservation_id,
        bill=None,
        status=Status.VOIDED,
        created_at=now,
    )
