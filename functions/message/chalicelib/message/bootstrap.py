"""Wires the service together, once per cold start and not before it is needed."""

from functools import cache

from chalicelib.message.adapters.couriers import LogCourier, SesCourier
from chalicelib.message.adapters.messages import DynamoMessages
from chalicelib.message.adapters.profiles import DynamoProfiles
from chalicelib.message.adapters.requests import QueuedRequests
from chalicelib.message.domain.profile import Language
from chalicelib.message.ports import Courier, DeliveryRequests, Messages, Profiles
from kernel import aws, settings
from kernel.clock import Clock, system_clock


@cache
def messages() -> Messages:
    """Where messages are kept."""
    return DynamoMessages()


@cache
def profiles() -> Profiles:
    """Where it is kept how to reach people."""
    return DynamoProfiles()


@cache
def requests() -> DeliveryRequests:
    """Where deliveries wait."""
    return QueuedRequests(aws.client("sqs", attempts=2), settings.text("DELIVERY_QUEUE_URL"))


@cache
def courier() -> Courier:
    """Who carries messages out of the house: COURIER says `ses` or `log`."""
    if settings.text("COURIER") == "ses":
        return SesCourier(aws.client("ses", read_timeout_seconds=5), settings.text("MAIL_SENDER"))
    return LogCourier()


@cache
def default_language() -> Language:
    """What a person reads who has not said otherwise."""
    return Language(settings.text("DEFAULT_LANGUAGE", "ko"))


def clock() -> Clock:
    return system_clock
