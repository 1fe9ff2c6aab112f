"""The steps of payment: pay, charge, record, void, undo, refund, close."""

from collections.abc import Iterator

from tests.model.rules import Rules, Way
from tests.model.state import DONE, State, at


class MoneySteps(Rules):
    """Each step is one atomic operation of a store, or one call of the provider."""

    def pay(self, s: State, key: int) -> Way:
        """Step 3, before the provider: Put `pending` if absent and not voided."""
        payment = s.payments[key]
        if payment is None and self.scenario.whole_money:
            s = s._replace(payments=at(s.payments, key, "paid"), provider=at(s.provider, key, "approved"))
            return "pay: paid", self.spawn(s, ("approved", key, 0, "book")), "book"
        if payment is None:
            if self.is_("the provider is called before pending is stored"):
                return "pay: nothing stored", s, "charge"
            return "pay: pending", s._replace(payments=at(s.payments, key, "pending")), "charge"
        if payment == "declined" and self.is_("confirm without payment"):
            return "pay: declined", s, "book"
        return (
            f"pay: exists, {payment}",
            s,
            {"pending": "charge", "paid": "book", "declined": "lose declined"}.get(payment, "lose voided"),
        )

    def charge(self, s: State, key: int) -> Iterator[Way]:
        """Step 3, the provider: payId is its key, so a second call is told the first one's outcome."""
        known = s.provider[key]
        for outcome in (known,) if known else self.scenario.outcomes:
            s2 = s if known else s._replace(provider=at(s.provider, key, outcome))
            reply = "approved" if outcome in ("refunded", "fee kept") else outcome
            following: dict[str, str | int] = {
                "approved": "record approved",
                "declined": "record declined",
                "processing": 503,
                "cancelled": "lose voided",
            }
            yield f"charge: {reply}", s2, following[reply]

    def record(self, s: State, key: int, outcome: str, then: str) -> Way:
        """Step 3, after the provider: pending -> paid | declined."""
        payment = s.payments[key]
        if payment == "pending" or payment is None:
            status = "paid" if outcome == "approved" else "declined"
            s = s._replace(payments=at(s.payments, key, status))
            if status == "paid":
                s = self.spawn(s, ("approved", key, 0, "book"))
            payment = status
        if then is DONE:  # the provider's late word
            return (
                f"record: {payment}",
                s,
                ("refund" if payment == "voided" and outcome == "approved" else DONE),
            )
        if payment == "declined" and self.is_("confirm without payment"):
            return "record: declined", s, "book"
        return (
            f"record: {payment}",
            s,
            {"paid": "book", "declined": "lose declined"}.get(payment, "lose voided"),
        )

    def void(self, s: State, key: int) -> Way:
        """An absent payment gets a tombstone; a pending or paid one is undone at the provider first."""
        payment = s.payments[key]
        if payment is None:
            if self.is_("a void forgets absent payments"):
                return "void: nothing there", s, DONE
            return "void: tombstone", s._replace(payments=at(s.payments, key, "voided")), DONE
        if payment == "pending":
            return "void: pending", s, "undo"
        if payment == "paid" and self.scenario.whole_money:
            s = self.refund(s, key)[1]
            return "void: refunded", s._replace(payments=at(s.payments, key, "refunded")), DONE
        return f"void: {payment}", s, ("refund" if payment == "paid" else DONE)

    def undo(self, s: State, key: int) -> Way | None:
        """Voiding `pending`: makes the provider's outcome definite, then refunds or closes."""
        known = s.provider[key]
        if known is None:
            if self.is_("void waits for an unknown charge"):
                return None  # asks again, and again
            if self.is_("void trusts an unknown charge"):
                return "ask: unknown", s, "close"
            return "cancel at the provider", s._replace(provider=at(s.provider, key, "cancelled")), "close"
        if known == "processing":
            return None  # not definite: delivered again later
        return f"ask: {known}", s, ("refund" if known in ("approved", "refunded", "fee kept") else "close")

    def refund(self, s: State, key: int) -> Way:
        if s.provider[key] == "approved":
            reason = s.reservations[key][4]
            fee = reason == "fee" or (self.is_("the fee is decided when the money goes back") and s.clock > 1)
            s = s._replace(provider=at(s.provider, key, "fee kept" if fee else "refunded"))
        return "refund", s, "close refunded"

    def close(self, s: State, key: int, status: str) -> Way:
        if s.payments[key] in ("pending", "paid", "voided"):
            if status == "voided" and s.payments[key] == "paid":
                return "close: paid meanwhile", s, "refund"
            s = s._replace(payments=at(s.payments, key, status))
        return f"close: {s.payments[key]}", s, DONE
