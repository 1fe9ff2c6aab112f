"""The life of a payment and its ledger, for every order in which things may be learnt and asked."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.payment.adapters.items import ledger_entries
from chalicelib.payment.domain.life import LIFE, Approve, Command, Decline, End, Refund, Void, transition
from chalicelib.payment.domain.payment import Bill, Payment, Status, payment_id_of, pending, tombstone
from chalicelib.payment.errors import Voided
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import catching_up, charging, voiding
from kernel.errors import Unavailable
from kernel.ids import derived_id
from kernel.money import Money
from tests.checks.ledger import Books, imbalances
from tests.fakes.payment import InMemoryPayments, InMemoryProvider, InMemoryReminders

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
RESERVATION = derived_id("reservation", "guest", "key")
PAYMENT = payment_id_of(RESERVATION)
PRICE = Money(100_000, "KRW")
BILL = Bill(RESERVATION, "room", "guest", "host", PRICE)
BACKS = st.integers(0, PRICE.amount).map(lambda amount: Money(amount, "KRW"))
COMMANDS = st.one_of(st.sampled_from([Approve(), Decline(), Void()]), BACKS.map(End), BACKS.map(Refund))
DECIDED = [Outcome.APPROVED, Outcome.DECLINED]


@settings(deadline=None)
@given(st.lists(COMMANDS, max_size=6))
def test_a_ledger_only_grows_and_closes_at_nothing(commands: list[Command]) -> None:
    payment = pending(BILL, NOW)
    for command in commands:
        if (payment.status, type(command)) not in LIFE:
            with pytest.raises(KeyError):
                transition(payment, command, NOW)
            continue
        after, events = transition(payment, command, NOW)
        assert after.ledger[: len(payment.ledger)] == payment.ledger
        assert after.version - payment.version == len(events)
        payment = after
    standing = {RESERVATION: PRICE.amount} if payment.status is Status.PAID else {}
    books = books_of(payment, standing, provider_of(payment))
    assert imbalances(books) == []


def test_a_tombstone_takes_no_command() -> None:
    for command in (Approve(), Decline(), End(PRICE), Void(), Refund(PRICE)):
        with pytest.raises(KeyError):
            transition(tombstone(RESERVATION, NOW), command, NOW)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["charge", "void", "catch_up", "decide"]), max_size=10),
    st.sampled_from([*DECIDED, Outcome.PROCESSING]),
    st.sampled_from(DECIDED),
    st.none() | BACKS,
)
def test_after_a_void_only_the_fee_is_kept(
    asked: list[str], decides: Outcome, at_last: Outcome, refund: Money | None
) -> None:
    """Whatever is asked, then the provider decides and everything that is asked again until done is asked again."""
    till = Till(at_last, refund, provider=InMemoryProvider(decides))
    ended = "void" in asked
    again = ["charge" if "charge" in asked else "catch_up", *(["void"] if ended else []), "catch_up"]
    for what in (*asked, "decide", *again):
        till.act(what, ended=ended)
    for payment in till.payments.payments.values():
        standing = {RESERVATION: PRICE.amount} if payment.status is Status.PAID else {}
        assert not (ended and standing)
        assert imbalances(books_of(payment, standing, till.kept())) == []
    assert len(till.payments.announced) <= 2


@dataclass
class Till:
    """The service with its ports in memory. `at_last` is what a provider that was deciding decides."""

    at_last: Outcome
    refund: Money | None
    provider: InMemoryProvider
    payments: InMemoryPayments = field(default_factory=InMemoryPayments)
    reminders: InMemoryReminders = field(default_factory=InMemoryReminders)

    def act(self, what: str, *, ended: bool) -> None:
        try:
            getattr(self, what)()
        except Voided:
            assert ended
        except Unavailable:
            assert self.provider.decides is Outcome.PROCESSING

    def charge(self) -> None:
        charging.charge(
            BILL,
            payments=self.payments,
            provider=self.provider,
            reminders=self.reminders,
            clock=lambda: NOW,
        )

    def void(self) -> None:
        voiding.void(
            RESERVATION, self.refund, payments=self.payments, provider=self.provider, clock=lambda: NOW
        )

    def catch_up(self) -> None:
        catching_up.catch_up(PAYMENT, payments=self.payments, provider=self.provider, clock=lambda: NOW)

    def decide(self) -> None:
        if self.provider.charges.get(PAYMENT) is Outcome.PROCESSING:
            self.provider.charges[PAYMENT] = self.at_last

    def kept(self) -> dict[str, int]:
        """What the provider has of the guest's money."""
        if self.provider.charges.get(PAYMENT) not in {Outcome.APPROVED, Outcome.REFUNDED}:
            return {}
        return {PAYMENT: PRICE.amount - self.provider.refunds.get(PAYMENT, Money(0, "KRW")).amount}


def books_of(payment: Payment, standing: dict[str, int], kept: dict[str, int]) -> Books:
    item = {
        "pk": payment.payment_id,
        "sk": "payment",
        "rsvId": payment.reservation_id,
        "status": payment.status.value,
        "ledger": ledger_entries(payment.ledger),
    }
    return Books(Books.of([item], [], []).accounts, standing, kept)


def provider_of(payment: Payment) -> dict[str, int]:
    signs = {"charge": 1, "refund": -1, "fee": 0}
    entries = ledger_entries(payment.ledger)
    return {payment.payment_id: sum(signs[entry["kind"]] * entry["amount"] for entry in entries)}


class TestTheCheckItself:
    """It finds what does not add up."""

    @staticmethod
    def tables(**changes: dict[str, object]) -> tuple[list[dict[str, object]], ...]:
        entry = {"kind": "charge", "amount": 100, "currency": "KRW", "at": "2026-12-24T03:00:00.000Z"}
        offer = json.dumps({"price": {"amount": 100, "currency": "KRW"}})
        tables: dict[str, dict[str, object]] = {
            "payment": {"pk": "p", "sk": "payment", "rsvId": "r", "status": "paid", "ledger": [entry]},
            "reservation": {"pk": "r", "sk": "reservation", "status": "reserved", "offer": offer},
            "provider": {"pk": "p", "outcome": "approved", "amount": 100, "currency": "KRW"},
        }
        for name, value in changes.items():
            tables[name].update(value)
        guest: dict[str, object] = {"pk": "guest#g", "sk": "open", "open": {}}
        return [tables["payment"]], [tables["reservation"], guest], [tables["provider"]]

    def test_books_that_balance_pass(self) -> None:
        assert imbalances(Books.of(*self.tables())) == []

    @pytest.mark.parametrize(
        "changes",
        [
            {"reservation": {"status": "cancelled"}},
            {"reservation": {"offer": json.dumps({"price": {"amount": 99, "currency": "KRW"}})}},
            {"payment": {"ledger": []}},
            {"payment": {"status": "refunded"}},
            {"payment": {"rsvId": "another"}},
            {"provider": {"outcome": "refunded", "refunded": 100}},
            {"provider": {"pk": "nobody's"}},
        ],
    )
    def test_books_that_do_not_are_named(self, changes: dict[str, dict[str, object]]) -> None:
        assert imbalances(Books.of(*self.tables(**changes))) != []
