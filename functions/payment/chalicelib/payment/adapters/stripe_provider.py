"""Stripe, through its own library. docs/payments.md says why each step is as it is.

A charge is a PaymentIntent. Its id is stored before it is confirmed, and only the stored one is ever confirmed: so
money can only move under an id that we know, whatever was lost, however late anybody asks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import stripe

from chalicelib.payment.adapters.references import References
from chalicelib.payment.domain.payment import Order
from chalicelib.payment.ports import Outcome
from kernel.errors import Unavailable
from kernel.logs import logger
from kernel.money import Money

if TYPE_CHECKING:  # types only: the library loads what it is asked for, and these are large
    from stripe import PaymentIntent, StripeClient
    from stripe.params import PaymentIntentConfirmParams

_TIMEOUT_SECONDS = (1, 4)  # to connect, to read; a charge asks at most three times
_CONFLICT = 409
_LIMITS = {"amount_too_small", "amount_too_large"}
_FAILED = {"failed", "canceled"}


class _NotPayable(Exception):
    """Stripe takes no such amount: no intent was made, and none ever will be."""


def _client(api_key: str, address: str) -> "StripeClient":
    """With short time limits and no retries of its own: whoever asks us asks again."""
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": address},
        http_client=stripe.RequestsClient(timeout=_TIMEOUT_SECONDS),
        max_network_retries=0,
    )


class StripeProvider:
    """The port `Provider`. `api_key` gives the secret key; it is asked again when that is not accepted any more."""

    def __init__(
        self,
        api_key: Callable[[], str],
        references: References,
        *,
        address: str = "https://api.stripe.com",
    ) -> None:
        self._api_key, self._references, self._address = api_key, references, address
        self._connected: StripeClient | None = None

    def charge(self, order: Order) -> Outcome:
        with self._asking() as client:
            reference = self._references.find(order.key)
            if reference is not None:
                known = _outcome(_intent(client, reference))
                if known is not Outcome.UNKNOWN:
                    return known
            try:
                return _confirm(client, order, reference or self._made(client, order))
            except _NotPayable:
                return Outcome.DECLINED

    def cancel(self, order: Order) -> Outcome:
        with self._asking() as client:
            try:
                reference = self._references.find(order.key) or self._made(client, order)
            except _NotPayable:
                return Outcome.CANCELLED
            return _cancel(client, order, reference)

    def refund(self, order: Order, back: Money) -> None:
        with self._asking() as client:
            reference = self._references.find(order.key)
            if reference and _outcome(_intent(client, reference)) in {Outcome.APPROVED, Outcome.REFUNDED}:
                _refund(client, order, reference, back)

    def look(self, order: Order) -> Outcome:
        with self._asking() as client:
            reference = self._references.find(order.key)
            return _outcome(_intent(client, reference)) if reference else Outcome.UNKNOWN

    def _made(self, client: "StripeClient", order: Order) -> str:
        """The intent for this key, which nobody has confirmed yet. Raises _NotPayable."""
        try:
            made = client.v1.payment_intents.create(
                {
                    "amount": order.price.amount,
                    "currency": order.price.currency.lower(),
                    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                    "metadata": {"payId": order.key},
                },
                {"idempotency_key": f"{order.key}:create"},
            )
        except stripe.InvalidRequestError as error:
            if error.code in _LIMITS:
                raise _NotPayable from error
            raise
        return self._references.put(order.key, made.id)

    @contextmanager
    def _asking(self) -> "Iterator[StripeClient]":
        """Around everything that is asked. What says nothing about the outcome becomes Unavailable; a request that
        Stripe does not understand is a fault of ours, and stays one.
        """
        if self._connected is None:
            self._connected = _client(self._api_key(), self._address)
        try:
            yield self._connected
        except (stripe.AuthenticationError, stripe.PermissionError) as error:
            logger().error("stripe does not accept our key", extra={"code": error.code})
            self._connected = None
            raise Unavailable("The payment provider does not let us in.") from None
        except (stripe.APIError, stripe.APIConnectionError, stripe.RateLimitError) as error:
            raise Unavailable("The payment provider does not answer just now.") from error
        except stripe.IdempotencyError as error:
            raise Unavailable("The payment provider is being asked this already.") from error


def _intent(client: "StripeClient", reference: str) -> "PaymentIntent":
    return client.v1.payment_intents.retrieve(reference, {"expand": ["latest_charge"]})


def _confirm(client: "StripeClient", order: Order, reference: str) -> Outcome:
    asked: PaymentIntentConfirmParams = {"off_session": True}
    if order.method:
        asked["payment_method"] = order.method
    try:
        confirmed = client.v1.payment_intents.confirm(
            reference, asked, {"idempotency_key": f"{order.key}:confirm"}
        )
    except stripe.CardError:
        return Outcome.DECLINED
    except stripe.InvalidRequestError as error:
        found = _outcome(_intent(client, reference))
        if found is not Outcome.UNKNOWN:
            return found  # decided meanwhile
        if error.http_status == _CONFLICT:
            raise Unavailable("Another is asking the payment provider the same.") from error
        return Outcome.DECLINED  # there is no paying with what was named
    return _outcome(confirmed)


def _cancel(client: "StripeClient", order: Order, reference: str) -> Outcome:
    try:
        cancelled = client.v1.payment_intents.cancel(
            reference, {}, {"idempotency_key": f"{order.key}:cancel"}
        )
    except stripe.InvalidRequestError:
        found = _outcome(_intent(client, reference))
        if found is Outcome.UNKNOWN:
            raise Unavailable("The payment provider neither charged nor cancelled.") from None
        return found
    return _outcome(cancelled)


def _refund(client: "StripeClient", order: Order, reference: str, back: Money) -> None:
    """A refund that failed was none: the next one is another, under another key."""
    refunds = client.v1.refunds.list({"payment_intent": reference, "limit": 100}).data
    failed = [refund for refund in refunds if refund.status in _FAILED]
    if len(failed) < len(refunds):
        return
    client.v1.refunds.create(
        {"payment_intent": reference, "amount": back.amount, "metadata": {"payId": order.key}},
        {"idempotency_key": f"{order.key}:refund:{len(failed)}"},
    )


def _outcome(intent: "PaymentIntent") -> Outcome:
    match intent.status:
        case "succeeded":
            return Outcome.REFUNDED if _given_back(intent) else Outcome.APPROVED
        case "canceled":
            return Outcome.CANCELLED
        case "processing":
            return Outcome.PROCESSING
        case "requires_action":
            return Outcome.DECLINED  # nobody is there to act
        case _:
            return Outcome.DECLINED if intent.last_payment_error else Outcome.UNKNOWN


def _given_back(intent: "PaymentIntent") -> bool:
    """Whether anything of it was; only an intent with its charge in it tells."""
    charge = intent.latest_charge
    return isinstance(charge, stripe.Charge) and charge.amount_refunded > 0
