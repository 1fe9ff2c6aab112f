"""What the payment service does about charges that are not decided at once, and where Stripe is the provider."""

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.payment.adapters.secrets import secret
from chalicelib.payment.bootstrap import Wiring, wiring
from tests.doors import load_app
from tests.permissions.furnished import GUEST, HOST, STRIPE_KEY, WEBHOOK_SECRET, FurnishedHouse
from tests.wired import wire


class Till:
    """Whoever pays, or is to get money back."""

    def __init__(self, house: FurnishedHouse) -> None:
        self._house = house

    def go(self) -> None:
        """Through all of it, once."""
        self._undecided()
        self._stripe_key()

    def _stripe_key(self) -> None:
        """Where Stripe is the provider, each function that talks to it has its key."""
        for door in ("app", "charge", "consumer"):
            secret.cache_clear()
            with self._house.watch.at_work("payment", door):
                secret(STRIPE_KEY)

    def _stripe_says(self, payment_id: str) -> None:
        payment = {"object": "payment_intent", "metadata": {"payId": payment_id}}
        word = {"object": "event", "type": "payment_intent.succeeded", "data": {"object": payment}}
        raw = json.dumps(word)
        headers = {"stripe-signature": _signature(raw)}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PAYMENT_PROVIDER", "stripe")
            wire(patch, wiring, webhook=Wiring().webhook)
            answer = self._house.ask("payment", "POST", "/payments/webhooks/stripe", raw=raw, headers=headers)
        assert answer is not None
        assert answer.status == 200, answer.text

    def _undecided(self) -> None:
        """One charge is asked about again and undone by command, one is undone by an event, and of one the provider
        says by itself what became of it.
        """
        for reservation_id in ("asked", "ended", "asked"):
            self._charge(reservation_id)
        told = self._charge("told")
        for _ in range(2):
            self._command("void", {"rsvId": "asked"})
            self._hears("ReservationExpired", "ended")
            self._house.later(timedelta(seconds=10))
        self._stripe_says(told)

    def _charge(self, reservation_id: str) -> str:
        price = {"amount": 100_000, "currency": "KRW"}
        people = {"roomId": "room", "guestId": GUEST, "hostId": HOST}
        bill = {"rsvId": reservation_id, **people, "price": price, "paymentMethod": "card_approves_later"}
        charged: str = self._command("charge", bill)["payId"]
        return charged

    def _command(self, command: str, data: dict[str, Any]) -> dict[str, Any]:
        asked = {"command": command, "correlationId": "walk", "data": data}
        reply, _ = self._house.invoke("payment.charge", json.dumps(asked))
        result: dict[str, Any] = reply.get("result", {})
        return result

    def _hears(self, kind: str, reservation_id: str) -> None:
        detail = {
            "id": f"{reservation_id}:2:0",
            "source": "staybook.reservation",
            "type": kind,
            "subject": reservation_id,
            "time": "2026-12-20T03:00:00Z",
            "sequence": 2,
            "correlationid": "walk",
            "data": {"rsvId": reservation_id},
        }
        record = {"messageId": reservation_id, "body": json.dumps({"detail": detail})}
        with self._house.watch.at_work("payment", "consumer"):
            load_app("payment").consumer({"Records": [record]}, None)


def _signature(raw: str) -> str:
    at = int(time.time())
    signed = hmac.new(WEBHOOK_SECRET.encode(), f"{at}.{raw}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"
