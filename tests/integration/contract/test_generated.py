"""Whatever the contract admits, the door that takes it can read: every consumer, the view, every direct command.

A door may still refuse what it has read (a reservation that nobody made, a stay of no nights): with an error of the
house, never with one that says it did not understand.
"""

import sys
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.bootstrap import wiring
from chalicelib.viewpage.adapters import streams
from infra.contracts.rules import deployed_rules
from infra.contracts.sources import direct_commands
from infra.layout import SERVICES
from kernel import consumer
from kernel.errors import Refused, StaybookError
from kernel.events import CloudEvent
from tests.agreement import contract
from tests.by_hand import ByHand
from tests.deliveries import queued, record
from tests.doors import load_app
from tests.integration.contract.instances import instances
from tests.tables import create_tables
from tests.wired import wire

HEARD = [(rule.service, rule.function, event_type) for rule in deployed_rules() for event_type in rule.types]
EVENTS = [name for name in contract()["components"]["messages"] if "." not in name]
COMMANDS = [(command.function, command.name) for command in direct_commands()]
MANY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Errors:
    """Stands in for a door's logger: what the door would log and leave to redelivery is seen here."""

    def __init__(self) -> None:
        self.seen: list[BaseException] = []

    def info(self, *said: Any, **more: Any) -> None:
        """What went well is nobody's business here."""

    def exception(self, *said: Any, **more: Any) -> None:
        error = sys.exception()
        assert error is not None
        self.seen.append(error)


@pytest.fixture
def errors(store: None, monkeypatch: pytest.MonkeyPatch) -> Errors:
    """Every table, every door, and the doors' errors."""
    for service in SERVICES:
        create_tables(service)
    monkeypatch.setenv("EVENT_BUS_NAME", "staybook")
    monkeypatch.setenv("STREAM_FAILURES_QUEUE", "nobody-reads-it")
    monkeypatch.setenv("DELIVERY_QUEUE_URL", "nobody here has an address to send anything to")
    room = RoomService(ByHand(load_app("room").calendar))
    payment = PaymentService(ByHand(load_app("payment").charge))
    wire(monkeypatch, wiring, rooms=room, payments=payment)
    found = Errors()
    for door in (consumer, streams):
        monkeypatch.setattr(door, "logger", lambda: found)
    return found


def messages(name: str) -> st.SearchStrategy[Any]:
    return instances(contract()["components"]["messages"][name]["payload"], contract())


def understood(errors: Errors) -> bool:
    """Raises the first error that is not of the house."""
    seen, errors.seen = errors.seen, []
    for error in seen:
        if not isinstance(error, StaybookError | Refused):
            raise error
    return True


@pytest.mark.parametrize(("service", "function", "event_type"), HEARD, ids=str)
@MANY
@given(data=st.data())
def test_a_consumer_understands_every_event_that_its_rule_brings(
    errors: Errors, service: str, function: str, event_type: str, data: st.DataObject
) -> None:
    event = msgspec.convert(data.draw(messages(event_type)), CloudEvent)
    getattr(load_app(service), function)(queued(event), None)
    assert understood(errors)


@pytest.mark.parametrize("event_type", EVENTS)
@MANY
@given(data=st.data())
def test_the_view_understands_every_event(errors: Errors, event_type: str, data: st.DataObject) -> None:
    event = msgspec.convert(data.draw(messages(event_type)), CloudEvent)
    load_app("viewpage").projector({"Records": [record("1", [event])]}, None)
    assert understood(errors)


@pytest.mark.parametrize(("function", "command"), COMMANDS, ids=str)
@MANY
@given(data=st.data())
def test_a_function_understands_every_command(
    errors: Errors, function: str, command: str, data: st.DataObject
) -> None:
    _, service, door = function.split("-")
    asked = data.draw(messages(f"{function}.{command}"))
    try:
        answer = getattr(load_app(service), door)(asked, None)
    except StaybookError:
        return
    assert answer.keys() <= {"result", "refused"}
