"""Wires the service together, once per cold start and not before it is needed."""

from functools import cached_property

from chalicelib.payment.adapters.items import TABLE
from chalicelib.payment.adapters.payments import DynamoPayments
from chalicelib.payment.adapters.references import References
from chalicelib.payment.adapters.reminders import QueuedReminders
from chalicelib.payment.adapters.secrets import secret
from chalicelib.payment.adapters.simulated import Habits, SilentProvider, SimulatedProvider
from chalicelib.payment.ports import Payments, Provider, Reminders, Webhook
from kernel import settings
from kernel.clock import Clock, system_clock
from kernel.health import Needs, table


class Wiring:
    """The adapters behind the ports, each made when it is first needed."""

    @cached_property
    def payments(self) -> Payments:
        return DynamoPayments()

    @cached_property
    def provider(self) -> Provider:
        """Who takes the money: PAYMENT_PROVIDER says `simulated` or `stripe`."""
        return _stripe_provider() if _is_stripe() else _simulated_provider()

    @cached_property
    def webhook(self) -> Webhook:
        """How that provider calls us."""
        return _stripe_webhook() if _is_stripe() else SilentProvider()

    @cached_property
    def reminders(self) -> Reminders:
        return QueuedReminders(
            lambda: settings.text("PAYMENT_EVENTS_QUEUE_URL"),
            delay_seconds=settings.number("LOOK_AGAIN_SECONDS", 6),
        )

    @cached_property
    def clock(self) -> Clock:
        return system_clock


wiring = Wiring()


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"table": table(TABLE, "pk", "sk")}


def _is_stripe() -> bool:
    """Raises KeyError for a provider that nobody knows: no other may take its place."""
    return {"simulated": False, "stripe": True}[settings.text("PAYMENT_PROVIDER", "simulated")]


def _simulated_provider() -> Provider:
    return SimulatedProvider(
        Habits(settings.number("SLOW_CARD_SECONDS", 9), settings.number("LATE_CARD_SECONDS", 5))
    )


# Stripe's library costs a cold start too much to be loaded by whoever does not use it.


def _stripe_provider() -> Provider:
    from chalicelib.payment.adapters.stripe_provider import StripeProvider

    def api_key() -> str:
        secret.cache_clear()
        return secret(settings.text("STRIPE_API_KEY_PARAMETER"))

    return StripeProvider(api_key, References())


def _stripe_webhook() -> Webhook:
    from chalicelib.payment.adapters.stripe_webhook import StripeWebhook

    return StripeWebhook(lambda: secret(settings.text("STRIPE_WEBHOOK_SECRET_PARAMETER")))
