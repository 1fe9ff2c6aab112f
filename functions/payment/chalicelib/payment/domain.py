"""The life of a payment, as one table, and its ledger. Pure: (state, command) -> (state, events)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.payment import events
from chalicelib.payment.events import PaymentFacts
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
        return payment_id(self.reservation_id)

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

    def concerns(self, person: str) -> bool:
        return self.bill is not None and person in {self.bill.guest_id, self.bill.host_id}

    def total(self, kind: Kind) -> int:
        """Of the ledger's entries of a kind, in minor units of the price's currency."""
        return sum(entry.amount.amount for entry in self.ledger if entry.kind is kind)


@dataclass(frozen=True, slots=True)
class Approve:
    """The provider took the money."""


@dataclass(frozen=True, slots=True)
class Decline:
    """The provider refused."""


@dataclass(frozen=True, slots=True)
class End:
    """The reservation has ended while the provider is deciding; `back` is to be given back if it approves."""

    back: Money


@dataclass(frozen=True, slots=True)
class Void:
    """The charge was cancelled at the provider: it took nothing."""


@dataclass(frozen=True, slots=True)
class Refund:
    """`back` was given back at the provider; the rest of the price is the fee."""

    back: Money


Command = Approve | Decline | End | Void | Refund
"""What is learnt from the provider, or done there, before the payment says so."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a command leads to, and what is announced of it (None: nothing that anybody should hear of)."""

    status: Status
    event: type[PaymentFacts] | None


_VOIDED = Step(Status.VOIDED, events.PaymentCancelled)
_REFUNDED = Step(Status.REFUNDED, events.PaymentCancelled)

LIFE: dict[tuple[Status, type[Command]], Step] = {
    (Status.PENDING, Approve): Step(Status.PAID, events.PaymentApproved),
    (Status.PENDING, Decline): Step(Status.DECLINED, events.PaymentDeclined),
    (Status.PENDING, End): Step(Status.ENDING, None),
    (Status.PENDING, Void): _VOIDED,
    (Status.PENDING, Refund): _REFUNDED,
    (Status.ENDING, Void): _VOIDED,
    (Status.ENDING, Refund): _REFUNDED,
    (Status.PAID, Refund): _REFUNDED,
}
"""Every state and every command that it takes; a pair that is not here is decided already."""

ON_THE_WIRE = {
    Status.PENDING: "pending",
    Status.ENDING: "pending",
    Status.PAID: "paid",
    Status.DECLINED: "declined",
    Status.VOIDED: "cancelled",
    Status.REFUNDED: "cancelled",
}


def payment_id(reservation_id: str) -> str:
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
        payment_id=payment_id(reservation_id),
        reservation_id=reservation_id,
        bill=None,
        status=Status.VOIDED,
        created_at=now,
    )


def transition(payment: Payment, command: Command, now: datetime) -> tuple[Payment, tuple[PaymentFacts, ...]]:
    """The next state and what is announced of it. Raises KeyError for a command that it does not take."""
    step = LIFE[payment.status, type(command)]
    after = replace(
        payment,
        status=step.status,
        version=payment.version + (step.event is not None),
        ledger=(*payment.ledger, *_entries(payment, command, now)),
        back=command.back if isinstance(command, End) else None,
    )
    return after, (_facts(step.event, after),) if step.event else ()


def bill_of(payment: Payment) -> Bill:
    """The bill of a payment that is no tombstone."""
    assert payment.bill is not None, "nobody asked to charge for a tombstone"
    return payment.bill


def returned(payment: Payment, asked: Money | None) -> Money:
    """What goes back of a payment: what was asked for, or all of it. Raises ValueError for what was never taken."""
    price = bill_of(payment).price
    if asked is None:
        return price
    if asked.currency != price.currency or not 0 <= asked.amount <= price.amount:
        raise ValueError(f"{asked} cannot go back of {price}")
    return asked


def _entries(payment: Payment, command: Command, now: datetime) -> Iterator[Entry]:
    """What is written into the ledger: a charge that is only learnt of when it goes back is written with it."""
    price = bill_of(payment).price
    wanted: list[tuple[Kind, int]] = []
    if isinstance(command, Approve | Refund) and not payment.ledger:
        wanted.append((Kind.CHARGE, price.amount))
    if isinstance(command, Refund):
        wanted += [(Kind.REFUND, command.back.amount), (Kind.FEE, price.amount - command.back.amount)]
    return (Entry(kind, Money(amount, price.currency), now) for kind, amount in wanted if amount)


def _facts(event: type[PaymentFacts], payment: Payment) -> PaymentFacts:
    bill = bill_of(payment)
    amounts = {
        "refunded": Money(payment.total(Kind.REFUND), bill.price.currency),
        "fee": Money(payment.total(Kind.FEE), bill.price.currency),
    }
    return event(
        payment_id=payment.payment_id,
        reservation_id=bill.reservation_id,
        room_id=bill.room_id,
        guest_id=bill.guest_id,
        host_id=bill.host_id,
        status=ON_THE_WIRE[payment.status],
        price=bill.price,
        **(amounts if issubclass(event, events.PaymentCancelled) else {}),
    )
