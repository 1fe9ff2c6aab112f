"""The life of a payment, as one table. Pure: (state, command) -> (state, events)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.payment import events
from chalicelib.payment.events import PaymentFacts
from kernel.ids import derived_id
from kernel.money import Money


class Status(StrEnum):
    """`voided`: no money was taken, and none will be. `refunded`: it was taken and given back."""

    PENDING = "pending"
    PAID = "paid"
    DECLINED = "declined"
    VOIDED = "voided"
    REFUNDED = "refunded"


class Command(StrEnum):
    """What is learnt from the provider, or done there, before the payment says so."""

    APPROVE = "approve"
    DECLINE = "decline"
    VOID = "void"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, for which reservation, by whom to whom."""

    reservation_id: str
    room_id: str
    guest_id: str
    host_id: str
    price: Money

    @property
    def payment_id(self) -> str:
        return payment_id(self.reservation_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """`bill` is None for a tombstone: voided before anybody asked to charge. `version` counts what was announced."""

    payment_id: str
    reservation_id: str
    bill: Bill | None
    status: Status
    created_at: datetime
    version: int = 0

    def concerns(self, person: str) -> bool:
        return self.bill is not None and person in {self.bill.guest_id, self.bill.host_id}


@dataclass(frozen=True, slots=True)
class Step:
    """What a command leads to, and what is announced of it."""

    status: Status
    event: type[PaymentFacts]


LIFE: dict[tuple[Status, Command], Step] = {
    (Status.PENDING, Command.APPROVE): Step(Status.PAID, events.PaymentApproved),
    (Status.PENDING, Command.DECLINE): Step(Status.DECLINED, events.PaymentDeclined),
    (Status.PENDING, Command.VOID): Step(Status.VOIDED, events.PaymentCancelled),
    (Status.PENDING, Command.REFUND): Step(Status.REFUNDED, events.PaymentCancelled),
    (Status.PAID, Command.REFUND): Step(Status.REFUNDED, events.PaymentCancelled),
}
"""Every state and every command that it takes; a pair that is not here is decided already."""

ON_THE_WIRE = {
    Status.PENDING: "pending",
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


def transition(payment: Payment, command: Command) -> tuple[Payment, tuple[PaymentFacts, ...]]:
    """The next state and what is announced of it. Raises KeyError for a command that it does not take."""
    step = LIFE[payment.status, command]
    after = replace(payment, status=step.status, version=payment.version + 1)
    return after, (_facts(step.event, after),)


def _facts(event: type[PaymentFacts], payment: Payment) -> PaymentFacts:
    bill = payment.bill
    assert bill is not None, "a tombstone takes no command"
    return event(
        payment_id=payment.payment_id,
        reservation_id=bill.reservation_id,
        room_id=bill.room_id,
        guest_id=bill.guest_id,
        host_id=bill.host_id,
        status=ON_THE_WIRE[payment.status],
        price=bill.price,
    )
