"""What clients and other functions see of the payment service."""

import json
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.payment.bootstrap import wiring
from chalicelib.payment.domain.payment import Status, payment_id_of
from chalicelib.payment.ports import Outcome
from kernel.ids import derived_id, new_id
from kernel.money import Money
from tests.doors import Answer, knock, load_app
from tests.fakes.payment import InMemoryPayments, InMemoryProvider, InMemoryReminders, PlainWebhook
from tests.wired import wire

RESERVATION = derived_id("reservation", "guest", "key")
PAYMENT = payment_id_of(RESERVATION)
BILL = {
    "rsvId": RESERVATION,
    "roomId": "room",
    "guestId": "guest",
    "hostId": "host",
    "price": {"amount": 100_000, "currency": "KRW"},
}


@dataclass
class Till:
    payments: InMemoryPayments = field(default_factory=InMemoryPayments)
    provider: InMemoryProvider = field(default_factory=InMemoryProvider)
    reminders: InMemoryReminders = field(default_factory=InMemoryReminders)
    webhook: PlainWebhook = field(default_factory=PlainWebhook)


@pytest.fixture
def till(monkeypatch: pytest.MonkeyPatch) -> Till:
    made = Till()
    wire(monkeypatch, wiring, **vars(made))
    return made


def charge(**changes: object) -> dict[str, object]:
    event = {"command": "charge", "correlationId": "story", "causationId": None, "data": {**BILL, **changes}}
    answer: dict[str, object] = load_app("payment").charge(event, None)
    return answer


def heard(event_type: str, **facts: object) -> dict[str, object]:
    detail = {
        "id": f"{RESERVATION}:2:1",
        "source": "staybook.reservation",
        "type": event_type,
        "subject": RESERVATION,
        "time": "2026-12-24T03:00:00.000Z",
        "sequence": 2,
        "correlationid": "story",
        "data": {"rsvId": RESERVATION, "roomId": "room", **facts},
        "specversion": "1.0",
        "datacontenttype": "application/json",
    }
    record = {"messageId": "m-1", "body": json.dumps({"detail": detail})}
    answer: dict[str, object] = load_app("payment").consumer({"Records": [record]}, None)
    return answer


def told_by_provider(message: str, signature: str = PlainWebhook.signature) -> Answer:
    headers = {"stripe-signature": signature}
    return knock("payment", "POST", "/payments/webhooks/stripe", raw=message, headers=headers)


@pytest.mark.usefixtures("till")
class TestCharge:
    def test_it_answers_what_was_paid(self) -> None:
        assert charge() == {"result": {"payId": PAYMENT, "status": "paid"}}

    def test_it_refuses_what_has_ended(self) -> None:
        assert heard("ReservationExpired") == {"batchItemFailures": []}
        refused = charge()["refused"]
        assert isinstance(refused, dict)
        assert refused["reason"] == "voided"


@pytest.mark.usefixtures("till")
def test_who_compares_is_told_the_payment_s_own_word_and_of_none_nothing() -> None:
    asked = {"command": "inspect", "correlationId": "story", "data": {"rsvId": RESERVATION}}
    assert load_app("payment").charge(asked, None) == {"result": {"status": None}}
    charge()
    heard("ReservationCancelled")
    assert load_app("payment").charge(asked, None) == {"result": {"status": "refunded"}}


@pytest.mark.parametrize("event_type", ["ReservationRejected", "ReservationExpired", "ReservationCancelled"])
def test_an_ended_reservation_gets_its_money_back(till: Till, event_type: str) -> None:
    charge()
    assert heard(event_type) == {"batchItemFailures": []}
    assert till.provider.charges == {PAYMENT: Outcome.REFUNDED}


def test_a_cancelled_reservation_says_how_much_goes_back_and_all_the_doors_agree(till: Till) -> None:
    charge()
    refund = {"amount": 30_000, "currency": "KRW"}
    assert heard("ReservationCancelled", refund=refund) == {"batchItemFailures": []}
    assert till.provider.refunds == {PAYMENT: Money(30_000, "KRW")}
    answer = knock("payment", "GET", "/payments/{payment_id}", path={"payment_id": PAYMENT}, user="guest")
    amounts = {name: answer.body[name]["amount"] for name in ("price", "charged", "refunded", "fee")}
    assert amounts == {"price": 100_000, "charged": 100_000, "refunded": 30_000, "fee": 70_000}


def test_a_charge_that_is_not_decided_is_looked_at_again(till: Till) -> None:
    till.provider.decides = Outcome.PROCESSING
    assert charge() == {"result": {"payId": PAYMENT, "status": "pending"}}
    assert till.reminders.payments == [PAYMENT]
    again = {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
    assert heard("PaymentUndecided", payId=PAYMENT) == again
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    assert heard("PaymentUndecided", payId=PAYMENT) == {"batchItemFailures": []}
    assert [event.type for event in till.payments.announced] == ["PaymentApproved"]


def test_the_provider_says_by_itself_that_it_has_decided(till: Till) -> None:
    till.provider.decides = Outcome.PROCESSING
    charge()
    till.provider.charges[PAYMENT] = Outcome.APPROVED
    answer = told_by_provider(PAYMENT)
    assert (answer.status, answer.body) == (200, {"received": True})
    assert [event.type for event in till.payments.announced] == ["PaymentApproved"]


def test_a_message_about_nothing_of_ours_is_taken_and_passed_by(till: Till) -> None:
    assert told_by_provider("").status == 200
    assert till.payments.payments == {}


def test_what_the_provider_has_not_signed_is_not_followed(till: Till) -> None:
    assert told_by_provider(PAYMENT, "somebody").status == 400
    assert till.payments.payments == {}


def test_a_decided_charge_needs_no_reminder(till: Till) -> None:
    charge()
    assert till.reminders.payments == []


def test_an_event_that_cannot_be_handled_yet_comes_again(till: Till) -> None:
    till.provider.decides = Outcome.PROCESSING
    charge()
    assert heard("ReservationExpired") == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}


@pytest.mark.usefixtures("till")
class TestReading:
    def test_a_payment_is_shown_to_its_guest(self) -> None:
        charge()
        answer = knock("payment", "GET", "/payments/{payment_id}", path={"payment_id": PAYMENT}, user="guest")
        assert answer.status == 200
        assert answer.headers["ETag"]
        shown = answer.body
        assert (shown["payId"], shown["rsvId"], shown["status"]) == (PAYMENT, RESERVATION, "paid")
        assert shown["price"] == BILL["price"]
        assert shown["_links"]["reservation"]["href"] == f"/reservations/{RESERVATION}"

    def test_what_was_given_back_is_cancelled(self) -> None:
        charge()
        heard("ReservationCancelled")
        answer = knock("payment", "GET", "/payments/{payment_id}", path={"payment_id": PAYMENT}, user="host")
        assert answer.body["status"] == "cancelled"

    @pytest.mark.parametrize(
        ("status", "shown"),
        [
            (Status.PENDING, "pending"),
            (Status.ENDING, "pending"),
            (Status.DECLINED, "declined"),
            (Status.VOIDED, "cancelled"),
        ],
    )
    def test_clients_are_told_how_far_it_is_in_words_that_they_know(
        self, till: Till, status: Status, shown: str
    ) -> None:
        charge()
        till.payments.payments[PAYMENT] = replace(till.payments.payments[PAYMENT], status=status)
        answer = knock("payment", "GET", "/payments/{payment_id}", path={"payment_id": PAYMENT}, user="guest")
        assert answer.body["status"] == shown

    @pytest.mark.parametrize(("payment", "status"), [(PAYMENT, 403), (new_id(), 404), ("nonsense", 404)])
    def test_it_is_nobody_elses(self, payment: str, status: int) -> None:
        charge()
        answer = knock(
            "payment", "GET", "/payments/{payment_id}", path={"payment_id": payment}, user="another"
        )
        assert answer.status == status
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_a_list_is_the_callers_own(self) -> None:
        charge()
        own = knock("payment", "GET", "/payments", user="guest").body
        assert [item["payId"] for item in own["_embedded"]["payments"]] == [PAYMENT]
        other = knock("payment", "GET", "/payments", user="another").body
        assert other["_embedded"]["payments"] == []

    def test_a_query_that_is_not_acceptable_says_where(self) -> None:
        answer = knock("payment", "GET", "/payments", user="guest", query={"size": "0"})
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "?size")

    def test_nobody_is_shown_anything_without_a_name(self) -> None:
        assert knock("payment", "GET", "/payments").status == 401

    def test_nobody_posts_a_payment(self) -> None:
        assert knock("payment", "POST", "/payments", user="guest", body={}).status == 405
