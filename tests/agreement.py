"""Holds every event that a test sees announced to the published words: its schema, and the rules that ask for it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from jsonschema import Draft202012Validator, FormatChecker

from infra.contracts.files import CURRENT, read
from infra.contracts.rules import Rule, deployed_rules
from kernel.events import Aggregate, CloudEvent, Event

Announce = Callable[[Aggregate, int, Iterable[Event], datetime], list[CloudEvent]]
Document = dict[str, Any]


@cache
def contract() -> Document:
    """The committed contract."""
    return read(CURRENT)


@cache
def rules() -> Sequence[Rule]:
    """The rules of the templates."""
    return deployed_rules()


@cache
def validator(event_type: str) -> Draft202012Validator:
    """Judges whole events of a type. Raises KeyError for one that is not in the contract."""
    document = contract()
    payload = document["components"]["messages"][event_type]["payload"]
    schema = {**payload, "components": document["components"]}
    return Draft202012Validator(schema, format_checker=FormatChecker())


def faults(event: CloudEvent, asking: Iterable[Rule] | None = None) -> list[str]:
    """What is wrong with an announced event: against its schema, and for the rules that name its type."""
    if event.type not in contract()["components"]["messages"]:
        return [f"{event.type} is in no contract: run `make contracts`"]
    document = msgspec.to_builtins(event)
    wrong = [
        f"{event.type}{fault.json_path.removeprefix('$')}: {fault.message}"
        for fault in validator(event.type).iter_errors(document)
    ]
    naming = [rule for rule in (rules() if asking is None else asking) if event.type in rule.types]
    return wrong + [
        f"{rule.name} names {event.type}, but does not ask for it from {event.source}"
        for rule in naming
        if not rule.asks_for(event.source, event.type, document)
    ]


class Watch:
    """Stands in for `kernel.events.announce`; what a service announces wrongly is remembered until it is asked for."""

    def __init__(self, announce: Announce) -> None:
        self._announce = announce
        self._faults: list[str] = []
        self.seen = 0

    def __call__(
        self, aggregate: Aggregate, version: int, events: Iterable[Event], at: datetime
    ) -> list[CloudEvent]:
        happened = list(events)
        announced = self._announce(aggregate, version, happened, at)
        for event, told in zip(happened, announced, strict=True):
            if type(event).__module__.startswith("chalicelib."):  # a test's own events are in no contract
                self.seen += 1
                self._faults += faults(told)
        return announced

    def take_faults(self) -> list[str]:
        """The faults since it was last asked."""
        taken, self._faults = self._faults, []
        return taken
