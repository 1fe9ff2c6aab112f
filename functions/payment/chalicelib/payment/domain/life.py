"""The life of a payment, as one table. Pure: (state, command) -> (state, events)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.payment import events
from chalicelib.payment.domain.payment import Entry, Kind, Payment, Status
from chalicelib.payment.events import PaymentFacts
from kernel.money import Money


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


def returned(payment: Payment, asked: Money | None) -> Money:
    """What goes back of a payment: what was asked for, or all of it. Raises ValueError for what was never taken."""
    price = payment.billed.price
    if asked is None:
        return price
    if asked.currency != price.currency or not 0 <= asked.amount <= price.amount:
        raise ValueError(f"{asked} cannot go back of {price}")
    return asked


def _entries(payment: Payment, command: Command, now: datetime) -> Iterator[Entry]:
    """What is written into the ledger: a charge that is only learnt of when it goes back is written with it."""
    price = payment.billed.price
    wanted: list[tuple[Kind, int]] = []
    if isinstance(command, Approve | Refund) and not payment.ledger:
        wanted.append((Kind.CHARGE, price.amount))
    if isinstance(command, Refund):
        wanted += [(Kind.REFUND, command.back.amount), (Kind.FEE, price.amount - command.back.amount)]
    return (Entry(kind, Money(amount, price.currency), now) for kind, amount in wanted if amount)


def _facts(event: type[PaymentFacts], payment: Payment) -> PaymentFacts:
    bill = payment.billed
    amounts = {"refunded": payment.total(Kind.REFUND), "fee": payment.total(Kind.FEE)}
    return event(
        payment_id=payment.payment_id,
        reservation_id=bill.reservation_id,
        room_id=bill.room_id,
        guest_id=bill.guest_id,
        host_id=bill.host_id,
        status=payment.status.shown,
        price=bill.price,
        **(amounts if issubclass(event, events.PaymentCancelled) else {}),
    )
