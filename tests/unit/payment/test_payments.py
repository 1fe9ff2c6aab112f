"""Money comes once or not at all, and goes back once, however often and in whatever order it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from chalicelib.payment.domain.payment import Bill, Entry, Kind, Order, Payment, Status, payment_id_of
from chalicelib.payment.errors import NotYourPayment, UnknownPayment, Voided
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import catching_up, charging, reading, voiding
from kernel.errors import Unavailable
from kernel.identity import Caller
from kernel.ids import derived_id
from kernel.money import Money
from tests.fakes.payment import InMemoryPayments, InMemoryProvider, InMemoryReminders

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
RESERVATION = derived_id("reservation", "guest", "key")
PAYMENT = payment_id_of(RESERVATION)
BILL = Bill(RESERVATION, "room", "guest", "host", Money(100_000, "KRW"))
PLACES = ("before", "after")


@dataclass
class Till:
    """The service with its ports in memory."""

    payments: InMemoryPayments = field(default_factory=InMemoryPayments)
    provider: InMemoryProvider = field(default_factory=InMemoryProvider)
    reminders: InMemoryReminders = field(default_factory=InMemoryReminders)

    def charge(self, bill: Bill = BILL) -> Status:
        return charging.charge(
            bill,
            payments=self.payments,
            provider=self.provider,
            reminders=self.reminders,
            clock=lambda: NOW,
        ).status

    def void(self, refund: Money | None = None) -> None:
        voiding.void(RESERVATION, refund, payments=self.payments, provider=self.provider, clock=lambda: NOW)

    def catch_up(self) -> None:
        catching_up.catch_up(PAYMENT, payments=self.payments, provider=self.provider, clock=lambda: NOW)

    def told(self) -> list[str]:
        return [event.type for event in self.payments.announced]

    @property
    def payment(self) -> Payment:
        return self.payments.payments[PAYMENT]

    @property
    def status(self) -> Status:
        return self.payment.status

    @property
    def books(self) -> dict[str, int]:
        totals = {kind.value: self.payment.total(kind).amount for kind in Kind}
        return {kind: amount for kind, amount in totals.items() if amount}


def test_an_approved_charge_is_paid_and_said_once() -> None:
    till = Till()
    assert till.charge() is Status.PAID
    assert till.charge() is Status.PAID
    assert till.told() == ["PaymentApproved"]
    assert till.payments.announced[0].data["status"] == "paid"


def test_a_declined_charge_stays_declined() -> None:
    till = Till()
    till.provider.decides = Outcome.DECLINED
    assert till.charge() is Status.DECLINED
    till.provider.decides = Outcome.APPROVED
    assert till.charge() is Status.DECLINED
    assert till.told() == ["PaymentDeclined"]


def test_the_price_is_the_one_that_was_asked_first() -> None:
    till = Till()
    till.provider.decides = Outcome.PROCESSING
    till.charge()
    till.charge(Bill(RESERVATION, "room", "guest", "host", Money(1, "KRW")))
    assert till.provider.prices == {PAYMENT: BILL.price}


def test_a_provider_that_has_not_decided_leaves_it_pending() -> None:
    till = Till()
    till.provider.decides = Outcome.PROCESSING
    assert till.charge() is Status.PENDING
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    assert till.charge() is Status.PAID


def test_pending_is_stored_before_the_provider_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    stored: list[Status] = []

    def charge(order: Order) -> Outcome:
        stored.append(till.payments.payments[order.key].status)
        return Outcome.APPROVED

    monkeypatch.setattr(till.provider, "charge", charge)
    till.charge()
    assert stored == [Status.PENDING]


def test_voiding_what_was_never_asked_for_refuses_a_late_charge() -> None:
    till = Till()
    till.void()
    with pytest.raises(Voided):
        till.charge()
    assert till.provider.charges == {}
    assert till.told() == []


def test_voiding_what_was_paid_gives_it_back_once() -> None:
    till = Till()
    till.charge()
    till.void()
    till.void()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}
    assert till.told() == ["PaymentApproved", "PaymentCancelled"]
    assert till.payments.announced[-1].data["status"] == "cancelled"
    with pytest.raises(Voided):
        till.charge()


def test_voiding_what_was_declined_changes_nothing() -> None:
    till = Till()
    till.provider.decides = Outcome.DECLINED
    till.charge()
    till.void()
    assert till.status is Status.DECLINED


def crashed(
    act: Callable[[], object], monkeypatch: pytest.MonkeyPatch, port: object, name: str, place: str
) -> None:
    """Runs it with a crash before or after one call of a port."""
    method = getattr(port, name)

    def crash(*inputs: object) -> None:
        if place == "after":
            method(*inputs)
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(port, name, crash)
        with pytest.raises(ConnectionAbortedError):
            act()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["charge", "save"])
def test_a_charge_that_crashed_is_undone_whatever_the_provider_did(
    monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    till = Till()
    port = till.provider if name == "charge" else till.payments
    crashed(till.charge, monkeypatch, port, name, place)
    till.void()
    assert till.provider.charges[PAYMENT] in {Outcome.CANCELLED, Outcome.REFUNDED}
    assert till.status in {Status.VOIDED, Status.REFUNDED}
    with pytest.raises(Voided):
        till.charge()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["cancel", "refund", "save"])
def test_a_void_that_crashed_is_finished_by_the_next(
    monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    till = Till()
    crashed(till.charge, monkeypatch, till.provider, "charge", "after")
    port = till.payments if name == "save" else till.provider
    crashed(till.void, monkeypatch, port, name, place)
    till.void()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}
    assert till.status is Status.REFUNDED


def test_a_charge_between_cancelling_and_saying_so_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    crashed(till.charge, monkeypatch, till.provider, "charge", "before")
    crashed(till.void, monkeypatch, till.payments, "save", "before")
    with pytest.raises(Voided):
        till.charge()
    assert till.told() == []
    till.void()
    assert till.status is Status.VOIDED


def test_a_charge_between_refunding_and_saying_so_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    crashed(till.charge, monkeypatch, till.provider, "charge", "after")
    crashed(till.void, monkeypatch, till.payments, "save", "before")
    with pytest.raises(Voided):
        till.charge()
    till.void()
    assert till.told() == ["PaymentCancelled"]


def test_a_void_waits_for_a_charge_that_is_not_decided() -> None:
    till = Till()
    till.provider.decides = Outcome.PROCESSING
    till.charge()
    with pytest.raises(Unavailable):
        till.void()
    assert till.status is Status.ENDING
    with pytest.raises(Voided):
        till.charge()
    with pytest.raises(Unavailable):
        till.void()
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    till.void()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}
    assert till.told() == ["PaymentCancelled"]


def test_a_void_in_the_middle_of_a_charge_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    charge = till.provider.charge

    def voided_meanwhile(order: Order) -> Outcome:
        outcome = charge(order)
        till.void()
        return outcome

    monkeypatch.setattr(till.provider, "charge", voided_meanwhile)
    with pytest.raises(Voided):
        till.charge()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}
    assert till.told() == ["PaymentCancelled"]


def test_money_that_comes_after_the_payment_was_closed_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()

    def late(order: Order) -> Outcome:
        till.void()
        till.provider.charges[order.key] = Outcome.APPROVED  # a provider that forgot the cancellation
        return Outcome.APPROVED

    monkeypatch.setattr(till.provider, "charge", late)
    with pytest.raises(Voided):
        till.charge()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}


def test_guest_and_host_read_a_payment_and_nobody_else() -> None:
    till = Till()
    till.charge()
    for caller in (Caller("guest"), Caller("host"), Caller("root", frozenset({"admin"}))):
        assert reading.read_payment(caller, PAYMENT, payments=till.payments).bill == BILL
    with pytest.raises(NotYourPayment):
        reading.read_payment(Caller("somebody else"), PAYMENT, payments=till.payments)
    for unknown in (RESERVATION, "no id at all"):
        with pytest.raises(UnknownPayment):
            reading.read_payment(Caller("guest"), unknown, payments=till.payments)


def test_a_cancellation_gives_back_what_its_terms_say_and_keeps_the_fee() -> None:
    till = Till()
    till.charge()
    for _ in range(2):
        till.void(Money(30_000, "KRW"))
    assert till.provider.refunds == {PAYMENT: Money(30_000, "KRW")}
    assert till.payment.ledger == (
        Entry(Kind.CHARGE, Money(100_000, "KRW"), NOW),
        Entry(Kind.REFUND, Money(30_000, "KRW"), NOW),
        Entry(Kind.FEE, Money(70_000, "KRW"), NOW),
    )
    told = till.payments.announced[-1].data
    assert (told["refunded"]["amount"], told["fee"]["amount"]) == (30_000, 70_000)


def test_terms_that_give_nothing_back_ask_the_provider_for_nothing() -> None:
    till = Till()
    till.charge()
    till.void(Money(0, "KRW"))
    assert till.provider.charges == {PAYMENT: Outcome.APPROVED}
    assert (till.status, till.books) == (Status.REFUNDED, {"charge": 100_000, "fee": 100_000})
    till.catch_up()
    assert till.provider.refunds == {}


@pytest.mark.parametrize("refund", [Money(100_001, "KRW"), Money(-1, "KRW"), Money(1, "USD")])
def test_more_than_was_taken_never_goes_back(refund: Money) -> None:
    till = Till()
    till.charge()
    with pytest.raises(ValueError, match="cannot go back"):
        till.void(refund)
    assert till.status is Status.PAID


def test_what_was_voided_before_it_was_taken_has_no_books() -> None:
    till = Till()
    till.provider.decides = Outcome.PROCESSING
    till.charge()
    till.provider.charges[PAYMENT] = Outcome.CANCELLED
    till.void()
    assert (till.status, till.books) == (Status.VOIDED, {})
    told = till.payments.announced[-1].data
    assert (told["refunded"]["amount"], told["fee"]["amount"]) == (0, 0)


class TestTheProvidersLateWord:
    """What it decides after whoever asked had gone."""

    @pytest.fixture
    def till(self) -> Till:
        made = Till()
        made.provider.decides = Outcome.PROCESSING
        made.charge()
        return made

    @pytest.mark.parametrize(
        ("decides", "status", "told"),
        [
            (Outcome.APPROVED, Status.PAID, ["PaymentApproved"]),
            (Outcome.DECLINED, Status.DECLINED, ["PaymentDeclined"]),
        ],
    )
    def test_it_is_recorded_and_said_once(
        self, till: Till, decides: Outcome, status: Status, told: list[str]
    ) -> None:
        till.provider.charges[PAYMENT] = decides
        till.catch_up()
        till.catch_up()
        assert (till.status, till.told()) == (status, told)

    def test_it_is_asked_for_again_until_it_is_there(self, till: Till) -> None:
        with pytest.raises(Unavailable):
            till.catch_up()
        assert till.status is Status.PENDING

    def test_an_approval_of_an_ended_reservation_goes_back_and_is_never_announced_as_paid(
        self, till: Till
    ) -> None:
        with pytest.raises(Unavailable):
            till.void(Money(60_000, "KRW"))
        with pytest.raises(Unavailable):
            till.catch_up()
        till.provider.charges[PAYMENT] = Outcome.APPROVED
        till.catch_up()
        assert till.provider.refunds == {PAYMENT: Money(60_000, "KRW")}
        assert till.books == {"charge": 100_000, "refund": 60_000, "fee": 40_000}
        assert till.told() == ["PaymentCancelled"]

    def test_a_refusal_of_an_ended_reservation_closes_it(self, till: Till) -> None:
        with pytest.raises(Unavailable):
            till.void()
        till.provider.charges[PAYMENT] = Outcome.DECLINED
        till.catch_up()
        assert (till.status, till.books) == (Status.VOIDED, {})

    @pytest.mark.parametrize("refund", [None, Money(40_000, "KRW")])
    def test_a_refund_that_failed_after_it_was_promised_is_made_again(
        self, till: Till, refund: Money | None
    ) -> None:
        till.provider.charges[PAYMENT] = Outcome.APPROVED
        till.void(refund)
        till.provider.charges[PAYMENT] = Outcome.APPROVED
        till.provider.refunds.clear()
        till.catch_up()
        assert till.provider.refunds == {PAYMENT: refund or BILL.price}
        assert till.payment.total(Kind.REFUND) == (refund or BILL.price)

    def test_money_that_came_although_it_was_cancelled_goes_back(self, till: Till) -> None:
        till.provider.charges[PAYMENT] = Outcome.CANCELLED
        till.void()
        till.provider.charges[PAYMENT] = Outcome.APPROVED
        till.catch_up()
        assert till.provider.refunds == {PAYMENT: BILL.price}

    def test_it_says_nothing_of_what_is_undone_at_the_provider_and_about_to_be_said(self, till: Till) -> None:
        till.provider.charges[PAYMENT] = Outcome.CANCELLED
        till.catch_up()
        assert till.status is Status.PENDING

    def test_of_a_strangers_payment_nothing_is_asked(self) -> None:
        till = Till()
        till.catch_up()
        till.void()
        till.catch_up()
        assert till.provider.charges == {}


def test_the_way_of_paying_is_kept_from_the_first_and_never_shown() -> None:
    till = Till()
    till.charge(replace(BILL, method="card_of_mina"))
    till.charge(replace(BILL, method="another"))
    assert till.payment.bill is not None
    assert till.payment.bill.order == Order(PAYMENT, BILL.price, "card_of_mina")
    assert "card_of_mina" not in f"{till.payment} {till.payment.bill.order} {till.payments.announced}"
