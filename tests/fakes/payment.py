"""The payment service's ports in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.payment.domain.payment import Order, Payment
from chalicelib.payment.events import PaymentFacts
from chalicelib.payment.ports import Outcome
from kernel.clock import instant
from kernel.errors import ChangedMeanwhile, Malformed
from kernel.events import Aggregate, CloudEvent, announce
from kernel.money import Money
from kernel.pages import Page, newest_first


@dataclass
class InMemoryPayments:
    """The port `Payments`; `announced` is every event that was written with a state."""

    payments: dict[str, Payment] = field(default_factory=dict)
    announced: list[CloudEvent] = field(default_factory=list)

    def find(self, payment_id: str) -> Payment | None:
        return self.payments.get(payment_id)

    def put(self, payment: Payment) -> Payment:
        return self.payments.setdefault(payment.payment_id, payment)

    def save(self, before: Payment, after: Payment, events: Sequence[PaymentFacts], at: datetime) -> None:
        if self.payments.get(after.payment_id) != before:
            raise ChangedMeanwhile
        self.payments[after.payment_id] = after
        aggregate = Aggregate("staybook.payment", after.payment_id)
        self.announced += announce(aggregate, after.version, events, at)

    def page(self, person: str, size: int, cursor: str | None) -> Page[Payment]:
        def place(payment: Payment) -> str:
            return f"{instant(payment.created_at)}#{payment.payment_id}"

        own = [payment for payment in self.payments.values() if payment.concerns(person)]
        rest = [payment for payment in own if cursor is None or place(payment) < cursor]
        return newest_first([rest], place, size)

    def forget_method(self, payment: Payment) -> None:
        assert payment.bill is not None
        if self.payments[payment.payment_id].status is not payment.status:
            raise ChangedMeanwhile
        bare = replace(payment, bill=replace(payment.bill, method=None))
        self.payments[payment.payment_id] = bare


class PlainWebhook:
    """The port `Webhook`, of a provider that says the payment's id, or nothing, and signs with its name."""

    signature = "the provider"

    def payment_told_of(self, body: bytes | str, signature: str | None) -> str | None:
        if signature != self.signature:
            raise Malformed
        return (body.decode() if isinstance(body, bytes) else body) or None


@dataclass
class InMemoryReminders:
    """The port `Reminders`; `payments` are those that somebody wants to be looked at again."""

    payments: list[str] = field(default_factory=list)

    def look_again(self, payment_id: str) -> None:
        self.payments.append(payment_id)


@dataclass
class InMemoryProvider:
    """The port `Provider`; `decides` is what becomes of the next charge under a new key. `charges`, `prices` and
    `refunds` are its own record, by key; `methods` is what it was asked to charge, in order.
    """

    decides: Outcome = Outcome.APPROVED
    charges: dict[str, Outcome] = field(default_factory=dict)
    prices: dict[str, Money] = field(default_factory=dict)
    refunds: dict[str, Money] = field(default_factory=dict)
    methods: list[str | None] = field(default_factory=list)

    def charge(self, order: Order) -> Outcome:
        self.methods.append(order.method)
        self.prices.setdefault(order.key, order.price)
        return self.charges.setdefault(order.key, self.decides)

    def cancel(self, order: Order) -> Outcome:
        return self.charges.setdefault(order.key, Outcome.CANCELLED)

    def refund(self, order: Order, back: Money) -> None:
        if self.charges.get(order.key) is Outcome.APPROVED:
            self.charges[order.key] = Outcome.REFUNDED
            self.refunds[order.key] = back

    def look(self, order: Order) -> Outcome:
        return self.charges.get(order.key, Outcome.UNKNOWN)
