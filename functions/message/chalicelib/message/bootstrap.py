"""Wires the service together, once per cold start and not before it is needed."""

from functools import cache

from chalicelib.message.adapters.couriers import Braked, LogCourier, SesCourier
from chalicelib.message.adapters.items import TABLE
from chalicelib.message.adapters.keepers import AskedKeepers
from chalicelib.message.adapters.messages import DynamoMessages
from chalicelib.message.adapters.profiles import DynamoProfiles
from chalicelib.message.adapters.requests import QueuedRequests
from chalicelib.message.domain.profile import Language
from chalicelib.message.ports import Courier, DeliveryRequests, Keepers, Messages, Profiles
from kernel import aws, settings
from kernel.clock import Clock, system_clock
from kernel.health import Needs, table
from kernel.parameters import Operated, Parameter, switch
from kernel.remote import Peer

_PEER_SECONDS = 5


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
    """Who carries messages out of the house, while the operator lets mail go: COURIER says `ses` or `log`."""
    return Braked(_courier(), lambda: _operated().now(_sends_mail()))


@cache
def _sends_mail() -> Parameter[bool]:
    return Parameter(settings.text("SENDS_MAIL_PARAMETER", ""), switch, value=True)


@cache
def _operated() -> Operated:
    return Operated(_sends_mail())


def _courier() -> Courier:
    if settings.text("COURIER") == "ses":
        return SesCourier(aws.client("ses", read_timeout_seconds=5), settings.text("MAIL_SENDER"))
    return LogCourier()


@cache
def default_language() -> Language:
    """What a person reads who has not said otherwise."""
    return Language(settings.text("DEFAULT_LANGUAGE", "ko"))


@cache
def keepers() -> Keepers:
    """Who else keeps something of people."""
    room, reservation, payment = (
        Peer(settings.text(name), read_timeout_seconds=_PEER_SECONDS)
        for name in ("ROOM_CALENDAR_FUNCTION", "RESERVATION_PEOPLE_FUNCTION", "PAYMENT_CHARGE_FUNCTION")
    )
    return AskedKeepers(binding=(reservation, room), all_=(reservation, payment, room))


def clock() -> Clock:
    return system_clock


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"table": table(TABLE, "pk", "sk")}
