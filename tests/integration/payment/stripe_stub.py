"""As much of Stripe as Staybook asks of it, on 127.0.0.1: payment intents and refunds, in the shapes of its API.

It is strict where it matters: a key is answered once and replayed, another body under the key is refused, what has
been decided stays decided, and no more goes back than was taken.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

API_KEY = "sk_test_of_the_stub"
Json = dict[str, Any]
Form = dict[str, str]

DECLINES = {
    "pm_card_chargeDeclined": ("card_declined", "Your card was declined."),
    "pm_card_authenticationRequired": ("authentication_required", "This payment requires authentication."),
}
PROCESSES = "pm_usBankAccount_processing"
SMALLEST = 50


class Refusal(Exception):
    """An answer that is an error, in Stripe's envelope."""

    def __init__(self, status: int, kind: str, **details: Any) -> None:
        super().__init__(details.get("message", kind))
        self.status, self.error = status, {"type": kind, "message": "no", **details}


def _invalid(code: str, **details: Any) -> Refusal:
    return Refusal(400, "invalid_request_error", code=code, **details)


@dataclass
class StripeStub:
    """Its records, and what it was asked. `breaks` makes the next answers to a path come to nothing: a status is
    answered instead of doing it, "lost" does it and hangs up.
    """

    intents: dict[str, Json] = field(default_factory=dict)
    charges: dict[str, Json] = field(default_factory=dict)
    refunds: list[Json] = field(default_factory=list)
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    breaks: list[tuple[str, int | str]] = field(default_factory=list)
    keys: set[str] = field(default_factory=lambda: {API_KEY})
    _answers: dict[str, tuple[str, Form, int, Json]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def decide(self, payment_id: str, *, succeeds: bool) -> None:
        """A charge that was processing is decided."""
        (intent,) = [each for each in self.intents.values() if each["metadata"]["payId"] == payment_id]
        if succeeds:
            self._succeed(intent)
        else:
            self._fail(intent, "card_declined", "It bounced.")

    def answer(self, method: str, path: str, form: Form, key: str | None) -> tuple[int, Json]:
        """One request; under a known idempotency key, the answer it had."""
        with self._lock:
            self.asked.append((method, path, key))
            if key in self._answers:
                return self._replay(path, form, key)
            try:
                status, body = 200, self._act(method, path, form)
            except Refusal as refusal:
                status, body = refusal.status, {"error": refusal.error}
            if key:
                self._answers[key] = (path, form, status, body)
            return status, json.loads(json.dumps(body))

    def _replay(self, path: str, form: Form, key: str) -> tuple[int, Json]:
        known_path, known_form, status, body = self._answers[key]
        if (known_path, known_form) != (path, form):
            return 400, {"error": {"type": "idempotency_error", "message": "another body under this key"}}
        return status, body

    def _act(self, method: str, path: str, form: Form) -> Any:
        match method, path.removeprefix("/v1/").split("/"):
            case "POST", ["payment_intents"]:
                return dict(self._create(form))
            case "GET", ["payment_intents", identity]:
                return self._shown(self._intent(identity), form)
            case "POST", ["payment_intents", identity, "confirm"]:
                return dict(self._confirm(self._intent(identity), form))
            case "POST", ["payment_intents", identity, "cancel"]:
                return dict(self._cancel(self._intent(identity)))
            case "POST", ["refunds"]:
                return dict(self._refund(form))
            case "GET", ["refunds"]:
                mine = [each for each in self.refunds if each["payment_intent"] == form["payment_intent"]]
                return {"object": "list", "data": mine, "has_more": False, "url": "/v1/refunds"}
        raise Refusal(404, "invalid_request_error", message=f"Unrecognized request URL ({method}: {path}).")

    def _intent(self, identity: str) -> Json:
        if identity not in self.intents:
            raise Refusal(404, "invalid_request_error", code="resource_missing", param="intent")
        return self.intents[identity]

    def _create(self, form: Form) -> Json:
        _only(form, "amount", "currency", "automatic_payment_methods", "metadata")
        if int(form["amount"]) < SMALLEST:
            raise _invalid("amount_too_small", param="amount")
        intent: Json = {
            "id": f"pi_{secrets.token_hex(12)}",
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "currency": form["currency"],
            "latest_charge": None,
            "last_payment_error": None,
            "livemode": False,
            "metadata": {"payId": form["metadata[payId]"]},
            "payment_method": None,
            "status": "requires_payment_method",
        }
        self.intents[intent["id"]] = intent
        return intent

    def _shown(self, intent: Json, form: Form) -> Json:
        expanded = "latest_charge" in form.values() and intent["latest_charge"]
        return {**intent, **({"latest_charge": self.charges[intent["latest_charge"]]} if expanded else {})}

    def _confirm(self, intent: Json, form: Form) -> Json:
        _only(form, "payment_method", "off_session")
        method = form.get("payment_method")
        if intent["status"] != "requires_payment_method":
            raise _invalid("payment_intent_unexpected_state", payment_intent=dict(intent))
        if method is None:
            raise _invalid("payment_intent_unexpected_state", message="it has no payment method")
        if method in DECLINES:
            code, message = DECLINES[method]
            self._fail(intent, code, message)
            raise Refusal(402, "card_error", code=code, message=message, payment_intent=dict(intent))
        if not method.startswith("pm_card_") and method != PROCESSES:
            raise _invalid("resource_missing", param="payment_method", message="No such PaymentMethod")
        intent["payment_method"] = method
        if method == PROCESSES:
            intent["status"] = "processing"
            return intent
        return self._succeed(intent)

    def _succeed(self, intent: Json) -> Json:
        charge = {
            "id": f"ch_{secrets.token_hex(12)}",
            "object": "charge",
            "amount": intent["amount"],
            "amount_refunded": 0,
            "refunded": False,
            "status": "succeeded",
            "payment_intent": intent["id"],
        }
        self.charges[charge["id"]] = charge
        intent |= {"status": "succeeded", "latest_charge": charge["id"]}
        return intent

    def _fail(self, intent: Json, code: str, message: str) -> None:
        error = {"type": "card_error", "code": code, "message": message}
        intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": error}

    def _cancel(self, intent: Json) -> Json:
        if intent["status"] != "requires_payment_method":
            raise _invalid("payment_intent_unexpected_state", payment_intent=dict(intent))
        intent["status"] = "canceled"
        return intent

    def _refund(self, form: Form) -> Json:
        _only(form, "payment_intent", "amount", "metadata")
        intent = self._intent(form["payment_intent"])
        if intent["status"] != "succeeded":
            raise _invalid("charge_not_found", message="nothing was taken")
        charge = self.charges[intent["latest_charge"]]
        amount = int(form["amount"])
        if charge["amount_refunded"] + amount > charge["amount"]:
            raise _invalid("charge_already_refunded")
        charge["amount_refunded"] += amount
        refund = {
            "id": f"re_{secrets.token_hex(12)}",
            "object": "refund",
            "amount": amount,
            "metadata": {"payId": form["metadata[payId]"]},
            "payment_intent": intent["id"],
            "status": "succeeded",
        }
        self.refunds.insert(0, refund)
        return refund

    def fail_refund(self) -> None:
        """The newest refund does not reach the guest's bank after all; the money is back here."""
        refund = self.refunds[0]
        refund["status"] = "failed"
        self.charges[self.intents[refund["payment_intent"]]["latest_charge"]]["amount_refunded"] -= refund[
            "amount"
        ]

    def broken(self, path: str) -> int | str | None:
        """What the next answer to this path comes to instead, once."""
        for number, (part, way) in enumerate(self.breaks):
            if part in path:
                del self.breaks[number]
                return way
        return None


@contextmanager
def stripe_stub() -> Iterator[tuple[StripeStub, str]]:
    """A stub of its own, and its address."""
    stub = StripeStub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Door", (_Door,), {"stub": stub}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Door(BaseHTTPRequestHandler):
    stub: ClassVar[StripeStub]

    def do_GET(self) -> None:
        self._serve("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._serve("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
        """Says nothing."""

    def _serve(self, method: str, form: str) -> None:
        path = urlsplit(self.path).path
        way = self.stub.broken(path)
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.stub.keys:
            self._reply(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}})
        elif isinstance(way, int):
            self._reply(way, {"error": {"type": "api_error", "message": "An unknown error occurred"}})
        else:
            status, body = self.stub.answer(
                method, path, dict(parse_qsl(form)), self.headers.get("Idempotency-Key")
            )
            self.close_connection = True
            if way != "lost":
                self._reply(status, body)

    def _reply(self, status: int, body: Json) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


def _only(form: Form, *names: str) -> None:
    """Stripe refuses parameters that it does not know."""
    unknown = [name for name in form if name.split("[")[0] not in names]
    if unknown:
        raise _invalid("parameter_unknown", param=unknown[0])
