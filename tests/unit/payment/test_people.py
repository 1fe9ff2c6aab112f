"""What is kept of a person's payments, and what they paid with, forgotten."""

from collections.abc import Sequence

import pytest

from chalicelib.payment.domain.payment import Bill, Status
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import people
from kernel.errors import Unavailable
from kernel.ids import derived_id
from kernel.money import Money
from tests.unit.payment.test_payments import Till

CARD = "card_ok"


def bill(name: str, *, guest: str = "guest", host: str = "host") -> Bill:
    return Bill(derived_id("reservation", name), "room", guest, host, Money(100_000, "KRW"), CARD)


def methods(till: Till) -> Sequence[str | None]:
    """What is still known of how each payment was paid."""
    return [payment.bill.method for payment in till.payments.payments.values() if payment.bill]


def test_what_a_person_paid_with_is_taken_out_and_what_was_paid_stays() -> None:
    till = Till()
    till.charge(bill("one"))
    people.forget("guest", payments=till.payments)
    people.forget("guest", payments=till.payments)
    assert (methods(till), people.kept("guest", None, payments=till.payments).items[0].status) == (
        [None],
        Status.PAID,
    )


def test_more_payments_than_a_page_has_are_all_forgotten() -> None:
    till = Till()
    for number in range(101):
        till.charge(bill(f"booking {number}"))
    assert people.kept("guest", None, payments=till.payments).cursor
    people.forget("guest", payments=till.payments)
    assert set(methods(till)) == {None}


def test_a_host_who_is_forgotten_takes_nothing_from_their_guests() -> None:
    till = Till()
    for number in range(3):
        till.charge(bill(f"as host {number}", guest="somebody", host="guest"))
        till.charge(bill(f"as guest {number}"))
    people.forget("guest", payments=till.payments)
    assert methods(till) == [CARD, None] * 3


def test_a_payment_that_is_undecided_keeps_what_it_needs_and_keeps_no_other_from_being_forgotten() -> None:
    till = Till()
    till.provider.decides = Outcome.PROCESSING
    till.charge(bill("undecided"))
    till.provider.decides = Outcome.APPROVED
    till.charge(bill("paid"))
    with pytest.raises(Unavailable, match="undecided"):
        people.forget("guest", payments=till.payments)
    assert methods(till) == [CARD, None]
