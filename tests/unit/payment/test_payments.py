"""Money comes once or not at all, and goes back once, however often and in whatever order it is asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.payment.domain import LIFE, Bill, Command, Status, payment_id, tombstone, transition
from chalicelib.payment.errors import NotYourPayment, UnknownPayment, Voided
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import charging, reading, voiding
from kernel.errors import Unavailable
from kernel.identity import Caller
from kernel.ids import derived_id
from kernel.money import Money
from tests.fakes.payment import InMemoryPayments, InMemoryProvider

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
RESERVATION = derived_id("reservation", "guest", "key")
PAYMENT = payment_id(RESERVATION)
BILL = Bill(RESERVATION, "room", "guest", "host", Money(100_000, "KRW"))
PLACES = ("before", "after")


@dataclass
class Till:
    """The service with its ports in memory."""

    payments: InMemoryPayments = field(default_factory=InMemoryPayments)
    provider: InMemoryProvider = field(default_factory=InMemoryProvider)

    def charge(self, bill: Bill = BILL) -> Status:
        return charging.charge(bill, payments=self.payments, provider=self.provider, clock=lambda: NOW).status

    def void(self) -> None:
        voiding.void(RESERVATION, payments=self.payments, provider=self.provider, clock=lambda: NOW)

    def told(self) -> list[str]:
        return [event.type for event in self.payments.announced]

    @property
    def status(self) -> Status:
        return self.payments.payments[PAYMENT].status


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

    def charge(key: str, price: Money) -> Outcome:
        stored.append(till.payments.payments[key].status)
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
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    till.void()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}


def test_a_void_in_the_middle_of_a_charge_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()
    charge = till.provider.charge

    def voided_meanwhile(key: str, price: Money) -> Outcome:
        outcome = charge(key, price)
        till.void()
        return outcome

    monkeypatch.setattr(till.provider, "charge", voided_meanwhile)
    with pytest.raises(Voided):
        till.charge()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}
    assert till.told() == ["PaymentCancelled"]


def test_money_that_comes_after_the_payment_was_closed_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till()

    def late(key: str, price: Money) -> Outcome:
        till.void()
        till.provider.charges[key] = Outcome.APPROVED  # a provider that forgot the cancellation
        return Outcome.APPROVED

    monkeypatch.setattr(till.provider, "charge", late)
    with pytest.raises(Voided):
        till.charge()
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}


@given(
    st.lists(st.sampled_from(["charge", "void"]), max_size=8),
    st.sampled_from([Outcome.APPROVED, Outcome.DECLINED]),
)
def test_after_a_void_no_money_is_kept(asked: list[str], decides: Outcome) -> None:
    till = Till(provider=InMemoryProvider(decides))
    for what in asked:
        try:
            till.charge() if what == "charge" else till.void()
        except Voided:
            assert "void" in asked
    kept = till.provider.charges.get(PAYMENT) is Outcome.APPROVED
    assert kept == ("charge" in asked and "void" not in asked and decides is Outcome.APPROVED)
    assert len(till.told()) <= 2


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


def test_a_tombstone_takes_no_command() -> None:
    for command in Command:
        assert (tombstone(RESERVATION, NOW).status, command) not in LIFE
        with pytest.raises(KeyError):
            transition(tombstone(RESERVATION, NOW), command)
