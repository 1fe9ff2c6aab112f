"""Wires the service together, once per cold start; each part when it is first needed."""

from functools import cache

from chalicelib.payment.adapters.items import TABLE
from chalicelib.payment.adapters.payments import DynamoPayments
from chalicelib.payment.adapters.references import References
from chalicelib.payment.adapters.reminders import QueuedReminders
from chalicelib.payment.adapters.secrets import secret
from chalicelib.payment.adapters.simulated import Habits, SimulatedProvider
from chalicelib.payment.errors import NoWebhook
from chalicelib.payment.ports import Payments, Provider, Reminders
from kernel import aws, settings
from kernel.clock import Clock, system_clock
from kernel.health import Needs, table


@cache
def payments() -> Payments:
    return DynamoPayments()


@cache
def provider() -> Provider:
    """Who takes the money: PAYMENT_PROVIDER is `simulated` or `stripe`."""
    return _PROVIDERS[_provider_name()]()


def _simulated() -> Provider:
    return SimulatedProvider(
        Habits(settings.number("SLOW_CARD_SECONDS", 9), settings.number("LATE_CARD_SECONDS", 5))
    )


def _stripe() -> Provider:
    """Its library costs a cold start too much to be loaded by whoever does not use it."""
    from chalicelib.payment.adapters.stripe_provider import StripeProvider

    def api_key() -> str:
        secret.cache_clear()
        return secret(settings.text("STRIPE_API_KEY_PARAMETER"))

    return StripeProvider(api_key, References())


_PROVIDERS = {"simulated": _simulated, "stripe": _stripe}


def _provider_name() -> str:
    return settings.text("PAYMENT_PROVIDER", "simulated")


def payment_told_of(body: bytes | str, signature: str | None) -> str | None:
    """The payment that a message from Stripe is about; None: nothing of ours.

    Raises NoWebhook where Stripe is not the provider, Malformed when it is not Stripe's.
    """
    if _provider_name() != "stripe":
        raise NoWebhook
    from chalicelib.payment.adapters import stripe_webhook

    webhook_secret = secret(settings.text("STRIPE_WEBHOOK_SECRET_PARAMETER"))
    return stripe_webhook.payment_told_of(body, signature, webhook_secret)


@cache
def reminders() -> Reminders:
    return QueuedReminders(
        aws.client("sqs"),
        settings.text("PAYMENT_EVENTS_QUEUE_URL"),
        delay_seconds=settings.number("LOOK_AGAIN_SECONDS", 6),
    )


def clock() -> Clock:
    return system_clock


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"table": table(TABLE, "pk", "sk")}
