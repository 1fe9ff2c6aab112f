"""Wires the service together, once per cold start and not before it is needed."""

from functools import cached_property

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


class Wiring:
    """The adapters behind the ports, and what the stage sets; each made when it is first needed."""

    @cached_property
    def messages(self) -> Messages:
        return DynamoMessages()

    @cached_property
    def profiles(self) -> Profiles:
        return DynamoProfiles()

    @cached_property
    def requests(self) -> DeliveryRequests:
        return QueuedRequests(aws.client("sqs", attempts=2), settings.text("DELIVERY_QUEUE_URL"))

    @cached_property
    def courier(self) -> Courier:
        """Who carries messages out of the house, while the operator lets mail go: COURIER says `ses` or `log`."""
        sends_mail = Parameter(settings.text("SENDS_MAIL_PARAMETER", ""), switch, value=True)
        operated = Operated(sends_mail)
        return Braked(_courier(), lambda: operated.now(sends_mail))

    @cached_property
    def keepers(self) -> Keepers:
        """Who else keeps something of people."""
        room, reservation, payment = (
            Peer(settings.text(name), read_timeout_seconds=_PEER_SECONDS)
            for name in ("ROOM_CALENDAR_FUNCTION", "RESERVATION_PEOPLE_FUNCTION", "PAYMENT_CHARGE_FUNCTION")
        )
        return AskedKeepers(binding=(reservation, room), all_=(reservation, payment, room))

    @cached_property
    def clock(self) -> Clock:
        return system_clock

    @cached_property
    def default_language(self) -> Language:
        """What a person reads who has not said otherwise."""
        return Language(settings.text("DEFAULT_LANGUAGE", "ko"))


wiring = Wiring()


def needs() -> Needs:
    """What its routes cannot do without."""
    return {"table": table(TABLE, "pk", "sk")}


def _courier() -> Courier:
    if settings.text("COURIER") == "ses":
        return SesCourier(aws.client("ses", read_timeout_seconds=5), settings.text("MAIL_SENDER"))
    return LogCourier()
