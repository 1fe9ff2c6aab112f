"""The Stripe adapter against a stub of Stripe: what is lost, late, refused or broken costs nobody money."""

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from chalicelib.payment.adapters import stripe_provider
from chalicelib.payment.adapters.references import References
from chalicelib.payment.adapters.secrets import secret
from chalicelib.payment.adapters.stripe_provider import StripeProvider
from chalicelib.payment.bootstrap import Wiring, wiring
from chalicelib.payment.domain.payment import Order
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import catching_up
from infra.layout import KERNEL, SERVICES
from kernel.errors import Unavailable
from kernel.ids import new_id
from kernel.money import Money
from tests.doors import Answer, knock
from tests.integration.payment.stripe_stub import API_KEY, PROCESSES, StripeStub, stripe_stub
from tests.tables import REGION, create_tables
from tests.wired import wire

PRICE, PART = Money(100_000, "KRW"), Money(30_000, "KRW")
WEBHOOK_SECRET = "whsec_of_the_tests"


@dataclass
class Counter:
    """The adapter, what it talks to, and the keys that it was given."""

    stub: StripeStub
    address: str
    keys: list[str]

    def __post_init__(self) -> None:
        self.provider = StripeProvider(lambda: self.keys.pop(0), References(), address=self.address)

    def order(self, method: str | None = "pm_card_visa", price: Money = PRICE) -> Order:
        return Order("payment-1", price, method)

    @property
    def taken(self) -> int:
        """What Stripe has of the guest's money."""
        return sum(charge["amount"] - charge["amount_refunded"] for charge in self.stub.charges.values())


@pytest.fixture
def counter(store: None) -> Iterator[Counter]:
    create_tables("payment")
    with stripe_stub() as (stub, address):
        yield Counter(stub, address, [API_KEY])


class TestAsking:
    def test_every_write_carries_a_key_of_the_payment(self, counter: Counter) -> None:
        counter.provider.charge(counter.order())
        counter.provider.cancel(counter.order())
        counter.provider.refund(counter.order(), PART)
        keys = [key for method, _, key in counter.stub.asked if method == "POST"]
        assert keys == [f"payment-1:{what}" for what in ("create", "confirm", "cancel", "refund:0")]

    @pytest.mark.parametrize("method", ["pm_card_authenticationRequired", "pm_nobody_has", "card_ok", None])
    def test_what_cannot_be_charged_without_the_guest_is_declined(
        self, counter: Counter, method: str | None
    ) -> None:
        for _ in range(2):
            assert counter.provider.charge(counter.order(method)) is Outcome.DECLINED
        assert counter.taken == 0

    def test_an_amount_that_stripe_takes_from_nobody_is_declined(self, counter: Counter) -> None:
        order = counter.order(price=Money(1, "KRW"))
        assert counter.provider.charge(order) is Outcome.DECLINED
        assert counter.provider.cancel(order) is Outcome.CANCELLED

    @pytest.mark.parametrize("status", [500, 503, 429, 409])
    @pytest.mark.parametrize("path", ["/v1/payment_intents", "/confirm"])
    def test_an_answer_that_decides_nothing_is_unavailable(
        self, counter: Counter, path: str, status: int
    ) -> None:
        counter.stub.breaks.append((path, status))
        with pytest.raises(Unavailable):
            counter.provider.charge(counter.order())
        assert counter.provider.charge(counter.order()) is Outcome.APPROVED
        assert counter.taken == PRICE.amount

    def test_a_provider_that_does_not_answer_in_time_is_unavailable(
        self, store: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        create_tables("payment")
        monkeypatch.setattr(stripe_provider, "_TIMEOUT_SECONDS", (0.2, 0.2))
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            provider = StripeProvider(lambda: API_KEY, References(), address=address)
            with pytest.raises(Unavailable):
                provider.charge(Order("payment-1", PRICE))

    def test_a_key_that_was_changed_is_read_anew(self, counter: Counter) -> None:
        counter.provider.charge(counter.order())
        counter.stub.keys = {"sk_test_new"}
        counter.keys.append("sk_test_new")
        with pytest.raises(Unavailable):
            counter.provider.look(counter.order())
        assert counter.provider.look(counter.order()) is Outcome.APPROVED


class TestLosing:
    """A reply is lost after Stripe has done it, and whoever asked asks again."""

    @pytest.mark.parametrize("path", ["/v1/payment_intents", "/confirm"])
    def test_a_charge_is_made_once(self, counter: Counter, path: str) -> None:
        counter.stub.breaks.append((path, "lost"))
        with pytest.raises(Unavailable):
            counter.provider.charge(counter.order())
        assert counter.provider.charge(counter.order()) is Outcome.APPROVED
        assert (len(counter.stub.intents), counter.taken) == (1, PRICE.amount)

    def test_a_cancellation_stays(self, counter: Counter) -> None:
        counter.stub.breaks.append(("/cancel", "lost"))
        with pytest.raises(Unavailable):
            counter.provider.cancel(counter.order())
        assert counter.provider.charge(counter.order()) is Outcome.CANCELLED
        assert counter.taken == 0

    def test_a_refund_is_made_once(self, counter: Counter) -> None:
        counter.provider.charge(counter.order())
        counter.stub.breaks.append(("/v1/refunds", "lost"))
        with pytest.raises(Unavailable):
            counter.provider.refund(counter.order(), PART)
        counter.provider.refund(counter.order(), PART)
        assert counter.taken == PRICE.amount - PART.amount

    def test_an_intent_whose_id_was_never_stored_never_takes_money(self, counter: Counter) -> None:
        """Keys are forgotten after a day: what was made under them then is another intent."""
        counter.stub.breaks.append(("/v1/payment_intents", "lost"))
        with pytest.raises(Unavailable):
            counter.provider.charge(counter.order())
        counter.stub._answers.clear()
        counter.provider.charge(counter.order())
        counter.stub._answers.clear()
        assert counter.provider.charge(counter.order()) is Outcome.APPROVED
        assert (len(counter.stub.intents), counter.taken) == (2, PRICE.amount)

    def test_a_late_charge_after_a_cancellation_takes_nothing_though_the_keys_are_forgotten(
        self, counter: Counter
    ) -> None:
        counter.provider.cancel(counter.order())
        counter.stub._answers.clear()
        assert counter.provider.charge(counter.order()) is Outcome.CANCELLED
        assert counter.taken == 0


class TestDecidingLate:
    def test_a_charge_that_is_processing_cannot_be_cancelled(self, counter: Counter) -> None:
        order = counter.order(PROCESSES)
        for ask in (counter.provider.charge, counter.provider.cancel, counter.provider.look):
            assert ask(order) is Outcome.PROCESSING

    @pytest.mark.parametrize(("succeeds", "outcome"), [(True, Outcome.APPROVED), (False, Outcome.DECLINED)])
    def test_every_way_of_asking_finds_what_was_decided(
        self, counter: Counter, *, succeeds: bool, outcome: Outcome
    ) -> None:
        order = counter.order(PROCESSES)
        counter.provider.charge(order)
        counter.provider.cancel(order)
        counter.stub.decide(order.key, succeeds=succeeds)
        assert counter.provider.look(order) is outcome
        assert counter.provider.charge(order) is outcome
        assert counter.provider.cancel(order) is outcome

    def test_a_refund_that_failed_later_is_made_again(self, counter: Counter) -> None:
        counter.provider.charge(counter.order())
        counter.provider.refund(counter.order(), PRICE)
        counter.stub.fail_refund()
        assert counter.provider.look(counter.order()) is Outcome.APPROVED
        counter.provider.refund(counter.order(), PRICE)
        assert counter.provider.look(counter.order()) is Outcome.REFUNDED
        assert [refund["status"] for refund in counter.stub.refunds] == ["succeeded", "failed"]


class TestWebhook:
    @pytest.fixture(autouse=True)
    def heard(self, store: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The payments that were asked about because of a message."""
        names: list[str] = []
        create_tables("payment")
        boto3.client("ssm", region_name=REGION).put_parameter(
            Name="/test/webhook", Value=WEBHOOK_SECRET, Type="SecureString"
        )
        monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRET_PARAMETER", "/test/webhook")
        monkeypatch.setattr(catching_up, "catch_up", lambda payment_id, **_: names.append(payment_id))
        wire(monkeypatch, wiring, provider=None, webhook=Wiring().webhook)
        secret.cache_clear()
        return names

    @pytest.mark.parametrize(
        "kind", ["payment_intent.succeeded", "payment_intent.payment_failed", "refund.failed"]
    )
    def test_the_provider_is_asked_about_the_payment_that_a_signed_message_names(
        self, heard: list[str], kind: str
    ) -> None:
        payment = new_id()
        answer = tell(event(kind, payment))
        assert (answer.status, answer.body, heard) == (200, {"received": True}, [payment])

    def test_what_is_of_no_interest_is_taken_and_passed_by(self, heard: list[str]) -> None:
        assert tell(event("customer.created", new_id())).status == 200
        assert tell(event("payment_intent.succeeded", None)).status == 200
        assert heard == []

    @pytest.mark.parametrize(
        "sign",
        [
            lambda body: signature(body, secret_="whsec_of_somebody"),
            lambda body: signature(body, at=time.time() - 301),
            lambda body: signature(body + " "),
            lambda body: "t=1,v1=nonsense",
            lambda body: None,
        ],
        ids=["another's", "old", "of another body", "nonsense", "none"],
    )
    def test_what_stripe_has_not_signed_is_400(
        self, heard: list[str], sign: Callable[[str], str | None]
    ) -> None:
        answer = tell(event("payment_intent.succeeded", new_id()), sign)
        assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
        assert heard == []

    def test_a_message_that_cannot_be_followed_now_is_503_and_comes_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent(payment_id: str, **_: Any) -> None:
            raise Unavailable

        monkeypatch.setattr(catching_up, "catch_up", silent)
        assert tell(event("payment_intent.succeeded", new_id())).status == 503

    def test_where_stripe_is_not_the_provider_there_is_no_such_door(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PAYMENT_PROVIDER", "simulated")
        wire(monkeypatch, wiring, webhook=Wiring().webhook)
        assert tell(event("payment_intent.succeeded", new_id())).status == 404


def event(kind: str, payment_id: str | None) -> str:
    """A message as Stripe sends it."""
    told = {"object": "payment_intent", "id": "pi_1", "metadata": {"payId": payment_id} if payment_id else {}}
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": told}})


def signature(body: str, *, secret_: str = WEBHOOK_SECRET, at: float | None = None) -> str:
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret_.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def tell(body: str, sign: Callable[[str], str | None] = signature) -> Answer:
    signed = sign(body)
    headers = {"content-type": "application/json; charset=utf-8"}
    if signed:
        headers["stripe-signature"] = signed
    return knock("payment", "POST", "/payments/webhooks/stripe", raw=body, headers=headers)


class TestTheSetting:
    @pytest.fixture(autouse=True)
    def _anew(self) -> Iterator[None]:
        secret.cache_clear()
        yield
        secret.cache_clear()

    def test_stripe_is_wired_with_the_key_from_its_parameter(
        self, counter: Counter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parameters = boto3.client("ssm", region_name=REGION)
        parameters.put_parameter(Name="/test/key", Value=API_KEY, Type="SecureString")
        monkeypatch.setenv("PAYMENT_PROVIDER", "stripe")
        monkeypatch.setenv("STRIPE_API_KEY_PARAMETER", "/test/key")
        provider = Wiring().provider
        assert isinstance(provider, StripeProvider)
        monkeypatch.setattr(provider, "_address", counter.address)
        assert provider.charge(counter.order()) is Outcome.APPROVED

    def test_a_secret_that_cannot_be_read_is_unavailable(self, store: None) -> None:
        with pytest.raises(Unavailable):
            secret("/test/missing")

    def test_its_library_is_not_loaded_for_another_provider(self) -> None:
        service = SERVICES["payment"].source
        program = "import app, sys; from chalicelib.payment.bootstrap import wiring; wiring.provider; wiring.webhook; "
        done = subprocess.run(
            [sys.executable, "-c", program + "print('stripe' in sys.modules)"],
            cwd=service,
            env=os.environ | {"PYTHONPATH": str(KERNEL.parent), "AWS_DEFAULT_REGION": REGION},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == "False"
