"""Wires the service together, once per cold start and not before it is needed."""

from functools import cache

from chalicelib.message.adapters.table import DynamoMessages
from chalicelib.message.ports import Messages


@cache
def messages() -> Messages:
    """Where messages are kept."""
    return DynamoMessages()
