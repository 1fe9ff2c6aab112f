"""Stripe's library as it is packaged, without what nobody uses of it, can do all that is asked of it."""

import os
import subprocess
import sys

import pytest

from infra.layout import KERNEL, SERVICES
from infra.packaging import vendoring
from tests.integration.payment.stripe_stub import API_KEY, stripe_stub

PAYMENT = SERVICES["payment"]
ASKING = """
import sys
import stripe
from chalicelib.payment.adapters.stripe_provider import StripeProvider
from chalicelib.payment.domain.payment import Order
from kernel.money import Money

class References(dict):
    find = dict.get
    put = lambda self, key, reference: self.setdefault(key, reference)

price = Money(100_000, "KRW")
provider = StripeProvider(lambda: sys.argv[2], References(), address=sys.argv[1])
paid, left, odd = Order("P1", price, "pm_card_visa"), Order("P2", price, None), Order("P3", price, "pm_nobody_has")
print(provider.charge(paid).name, provider.look(paid).name)
provider.refund(paid, Money(30_000, "KRW"))
print(provider.look(paid).name, provider.cancel(left).name, provider.charge(odd).name)
print(stripe.__file__)
"""
HEARING = """
import hashlib, hmac, json, sys, time
from chalicelib.payment.adapters.stripe_webhook import StripeWebhook

for kind, named in (("payment_intent.succeeded", "payment_intent"), (sys.argv[1], sys.argv[2])):
    told = {"object": named, "id": "x_1", "metadata": {"payId": "P1"}}
    event = {"id": "evt_1", "object": "event", "type": kind, "data": {"object": told}}
    body, now = json.dumps(event), int(time.time())
    signature = hmac.new(b"whsec", f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
    print(StripeWebhook(lambda: "whsec").payment_told_of(body, f"t={now},v1={signature}"))
"""


def run(script: str, *arguments: str) -> list[str]:
    """What a script prints, with the package before what is installed here."""
    packages = vendoring.packages(PAYMENT.locks[-1], vendoring.target_platform("local"))
    path = os.pathsep.join(map(str, (packages, KERNEL.parent, PAYMENT.source)))
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": path, "AWS_DEFAULT_REGION": "ap-northeast-2"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_it_charges_looks_gives_back_and_cancels() -> None:
    with stripe_stub() as (_, address):
        *said, library = run(ASKING, address, API_KEY)
    assert said == ["APPROVED APPROVED", "REFUNDED CANCELLED DECLINED"]
    assert library.endswith("stripe/__init__.pyc")


@pytest.mark.parametrize(
    ("kind", "named", "told"),
    [
        ("refund.failed", "refund", "P1"),
        ("checkout.session.completed", "checkout.session", "None"),
        ("issuing_authorization.request", "issuing.authorization", "None"),
        ("something.that_nobody_knows", "of_tomorrow", "None"),
    ],
)
def test_it_understands_whatever_it_is_told(kind: str, named: str, told: str) -> None:
    assert run(HEARING, kind, named) == ["P1", told]
