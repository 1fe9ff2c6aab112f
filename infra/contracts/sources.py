"""What the code says: the events that each service announces, and the commands that its functions take."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import msgspec

from infra.layout import SERVICES
from kernel.events import Event


@dataclass(frozen=True)
class Announced:
    """An event that a service announces."""

    source: str
    kind: type[Event]

    @property
    def name(self) -> str:
        """Its type on the wire."""
        return self.kind.__name__


@dataclass(frozen=True)
class Commanded:
    """A command that a function takes from another, and the shape of its `data`."""

    function: str
    name: str
    data: type[msgspec.Struct]


def announced_events() -> list[Announced]:
    """Every event of every service, in the order of services and names."""
    return [
        Announced(f"staybook.{service}", kind)
        for service in SERVICES
        if (SERVICES[service].source / "chalicelib" / service / "events.py").exists()
        for kind in event_kinds(importlib.import_module(f"chalicelib.{service}.events"))
    ]


def event_kinds(module: ModuleType) -> list[type[Event]]:
    """The events of a service's module: the leaves of its tree of events."""
    kinds = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)]
    leaves = [each for each in kinds if each.__module__ == module.__name__ and not each.__subclasses__()]
    return sorted(leaves, key=lambda kind: kind.__name__)


def direct_commands() -> list[Commanded]:
    """Every command that one service's function takes from another's, as its `schemas.COMMANDS` say."""
    return [
        Commanded(f"staybook-{service}-{function}", name, data)
        for service in SERVICES
        for function, taken in _commands(service).items()
        for name, data in taken.items()
    ]


def _commands(service: str) -> Mapping[str, Mapping[str, type[msgspec.Struct]]]:
    commands: Mapping[str, Mapping[str, type[msgspec.Struct]]] = getattr(
        importlib.import_module(f"chalicelib.{service}.schemas"), "COMMANDS", {}
    )
    return commands
