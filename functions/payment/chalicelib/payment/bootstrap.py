"""Wires the service together, once per cold start; each part when it is first needed."""

from functools import cache

from chalicelib.payment.adapters.payments import DynamoPayments
from chalicelib.payment.adapters.simulated import SimulatedProvider
from chalicelib.payment.ports import Payments, Provider
from kernel import aws, settings
from kernel.clock import Clock, system_clock
from kernel.relay import EventBridge


@cache
def payments() -> Payments:
    return DynamoPayments()


@cache
def provider() -> Provider:
    return SimulatedProvider()


@cache
def event_bus() -> EventBridge:
    return EventBridge(
        aws.client("events", read_timeout_seconds=5, attempts=2), settings.text("EVENT_BUS_NAME")
    )


def clock() -> Clock:
    return system_clock
