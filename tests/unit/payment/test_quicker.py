"""Somebody else changes the payment first: once, which is found, or every time, which is said."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from chalicelib.payment.domain.payment import Payment, Status
from chalicelib.payment.events import PaymentFacts
from chalicelib.payment.ports import Outcome
from kernel.errors import ChangedMeanwhile, Unavailable
from tests.fakes.payment import InMemoryPayments
from tests.unit.payment.test_payments import PAYMENT, Till


class Hurried(InMemoryPayments):
    """Somebody is quicker than the next `losses` changes."""

    losses = 0

    def save(self, before: Payment, after: Payment, events: Sequence[PaymentFacts], at: datetime) -> None:
        if self.losses:
            self.losses -= 1
            raise ChangedMeanwhile
        super().save(before, after, events, at)


def hurried(losses: int, *, pending: bool = False) -> Till:
    """A till whose payment is paid, or still pending, and changes under whoever comes next."""
    payments = Hurried()
    till = Till(payments=payments)
    till.provider.decides = Outcome.PROCESSING if pending else Outcome.APPROVED
    till.charge()
    payments.losses = losses
    return till


def test_a_void_that_somebody_passed_goes_on_from_what_it_finds() -> None:
    till = hurried(losses=4)
    till.void()
    assert (till.status, till.provider.charges) == (Status.REFUNDED, {PAYMENT: Outcome.REFUNDED})


def test_a_void_that_is_passed_every_time_says_so_and_the_next_one_finishes_it() -> None:
    till = hurried(losses=5)
    with pytest.raises(Unavailable, match=r"^The payment is changing quickly"):
        till.void()
    assert till.status is Status.PAID
    till.void()
    assert till.told() == ["PaymentApproved", "PaymentCancelled"]


def test_a_late_word_that_somebody_passed_is_looked_up_again() -> None:
    till = hurried(losses=4, pending=True)
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    till.catch_up()
    assert (till.status, till.told()) == (Status.PAID, ["PaymentApproved"])


def test_a_late_word_that_is_passed_every_time_is_to_be_said_again() -> None:
    till = hurried(losses=5, pending=True)
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    with pytest.raises(Unavailable, match=r"^The payment is changing quickly"):
        till.catch_up()
    assert (till.status, till.told()) == (Status.PENDING, [])


def test_what_is_to_go_back_is_written_down_by_one_void_and_kept_by_the_next() -> None:
    till = hurried(losses=1, pending=True)
    for _ in range(2):
        with pytest.raises(Unavailable, match="not decided"):
            till.void()
    assert (till.status, till.payment.version) == (Status.ENDING, 0)
