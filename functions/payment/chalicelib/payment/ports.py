"""What the use cases need from outside. Every port has a contract suite that its fake and its adapter both pass."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from chalicelib.payment.domain.payment import Order, Payment
from chalicelib.payment.events import PaymentFacts
from kernel.money import Money
from kernel.pages import Page


class Payments(Protocol):
    """The store. Every method raises Unavailable when it does not answer; a write may have taken effect then."""

    def find(self, payment_id: str) -> Payment | None:
        """The payment as it is now."""

    def put(self, payment: Payment) -> Payment:
        """Stores it if there is none; returns what is stored then, this one or the earlier one."""

    def save(self, before: Payment, after: Payment, events: Sequence[PaymentFacts], at: datetime) -> None:
        """Writes a transition and its events. Raises ChangedMeanwhile when `before` has passed."""

    def page(self, person: str, size: int, cursor: str | None) -> Page[Payment]:
        """The person's payments, as guest or as host, the newest first; no tombstones."""

    def forget_method(self, payment: Payment) -> None:
        """Takes out what the guest paid with. Raises ChangedMeanwhile when the payment has left that state."""


class Outcome(StrEnum):
    """What the provider knows of a charge. `refunded`: taken, and given back in whole or in part."""

    UNKNOWN = "unknown"
    PROCESSING = "processing"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


class Provider(Protocol):
    """A payment provider that knows a charge by our key: asking again tells the same and takes nothing twice.

    Every method raises Unavailable when it does not answer; it may have done what was asked then.
    """

    def charge(self, order: Order) -> Outcome:
        """Takes the money, unless the key is known: then what became of it. Never `unknown`."""

    def cancel(self, order: Order) -> Outcome:
        """Makes sure that no charge under this key can succeed any more; what became of an earlier one.

        `processing`: it is being decided and cannot be stopped; it has to be asked again.
        """

    def refund(self, order: Order, back: Money) -> None:
        """Gives that much of an approved charge back, once: whatever is asked later, no more goes back."""

    def look(self, order: Order) -> Outcome:
        """What became of the charge, changing nothing; `unknown` when it was never asked for."""


class Webhook(Protocol):
    """How the provider calls us when it has decided."""

    def payment_told_of(self, body: bytes | str, signature: str | None) -> str | None:
        """The id of the payment that a message is about; None when it is about nothing of ours.

        Raises Malformed when the provider has not signed it, NoWebhook where the provider never calls.
        """


class Reminders(Protocol):
    """What brings a payment to mind again, when nobody else may ask about it."""

    def look_again(self, payment_id: str) -> None:
        """Has the provider asked about this payment in a while, and again until it has decided.

        Raises Unavailable when it cannot be arranged.
        """
