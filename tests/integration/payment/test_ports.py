"""One contract a port of the payment service, kept by the fake and by DynamoDB alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.payment.adapters.items import PaymentItem
from chalicelib.payment.adapters.payments import DynamoPayments
from chalicelib.payment.domain.life import Approve, End, Refund, Void, transition
from chalicelib.payment.domain.payment import Bill, Payment, pending, tombstone
from chalicelib.payment.ports import Payments
from kernel import outbox
from kernel.errors import ChangedMeanwhile, Invalid
from kernel.ids import new_id
from kernel.money import Money
from tests.fakes.payment import InMemoryPayments
from tests.tables import create_tables

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PRICE = Money(100_000, "KRW")


@pytest.fixture(params=["in memory", "DynamoDB"])
def payments(request: pytest.FixtureRequest) -> Payments:
    if request.param == "in memory":
        return InMemoryPayments()
    request.getfixturevalue("store")
    create_tables("payment")
    return DynamoPayments()


def asked(guest_id: str = "guest", *, host_id: str = "host", at: datetime = NOW) -> Payment:
    return pending(Bill(new_id(), "room", guest_id, host_id, PRICE, "card_ok"), at)


class TestPayments:
    def test_what_is_put_is_found_whole(self, payments: Payments) -> None:
        payment = asked()
        assert payments.put(payment) == payment
        assert payments.find(payment.payment_id) == payment
        assert payments.find(new_id()) is None

    def test_the_first_put_stays(self, payments: Payments) -> None:
        payment = payments.put(asked())
        assert payments.put(tombstone(payment.reservation_id, NOW)) == payment

    def test_a_tombstone_stays_too(self, payments: Payments) -> None:
        payment = asked()
        grave = payments.put(tombstone(payment.reservation_id, NOW))
        assert payments.put(payment) == grave

    def test_a_transition_is_written_once(self, payments: Payments) -> None:
        before = payments.put(asked())
        paid, events = transition(before, Approve(), NOW)
        payments.save(before, paid, events, NOW)
        assert payments.find(before.payment_id) == paid
        voided, others = transition(before, Void(), NOW)
        with pytest.raises(ChangedMeanwhile):
            payments.save(before, voided, others, NOW)
        assert payments.find(before.payment_id) == paid

    def test_the_ledger_and_what_is_to_go_back_are_kept(self, payments: Payments) -> None:
        present = payments.put(asked())
        for command in (End(Money(40_000, "KRW")), Refund(Money(40_000, "KRW"))):
            after, events = transition(present, command, NOW)
            payments.save(present, after, events, NOW)
            assert payments.find(present.payment_id) == after
            present = after
        assert len(present.ledger) == 3

    def test_a_list_is_the_guests_and_the_hosts_newest_first_in_pages(self, payments: Payments) -> None:
        as_guest = payments.put(asked("mina", host_id="jun"))
        as_host = payments.put(asked("guest", host_id="mina", at=NOW + timedelta(seconds=1)))
        as_both = payments.put(asked("mina", host_id="mina", at=NOW + timedelta(seconds=2)))
        payments.put(tombstone(new_id(), NOW))
        first = payments.page("mina", 2, None)
        assert first.items == (as_both, as_host)
        second = payments.page("mina", 2, first.cursor)
        assert second.items == (as_guest,)
        assert second.cursor is None

    def test_what_was_paid_with_is_forgotten_and_the_books_are_not(self, payments: Payments) -> None:
        before = payments.put(asked())
        paid, events = transition(before, Approve(), NOW)
        payments.save(before, paid, events, NOW)
        payments.forget_method(paid)
        assert paid.bill is not None
        assert payments.find(paid.payment_id) == replace(paid, bill=replace(paid.bill, method=None))

    def test_it_is_kept_when_the_payment_has_changed(self, payments: Payments) -> None:
        before = payments.put(asked())
        paid, events = transition(before, Approve(), NOW)
        payments.save(before, paid, events, NOW)
        with pytest.raises(ChangedMeanwhile):
            payments.forget_method(before)
        assert payments.find(paid.payment_id) == paid


@pytest.mark.usefixtures("store")
class TestInDynamo:
    """What only the store itself can show."""

    def test_the_outbox_lies_in_the_item_with_its_version(self) -> None:
        create_tables("payment")
        store = DynamoPayments()
        before = store.put(asked())
        assert PaymentItem.get(before.payment_id, "payment").outbox == []
        after, events = transition(before, Approve(), NOW)
        store.save(before, after, events, NOW)
        item = PaymentItem.get(before.payment_id, "payment")
        (announced,) = outbox.since(item.outbox, 0)
        assert (int(item.version), announced.sequence, announced.type) == (1, 1, "PaymentApproved")
        assert announced.data["price"] == {"amount": 100_000, "currency": "KRW"}

    def test_a_cursor_that_is_not_ours_is_refused(self) -> None:
        create_tables("payment")
        with pytest.raises(Invalid):
            DynamoPayments().page("mina", 2, "bm90IG91cnM")
