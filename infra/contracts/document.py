"""The contract as an AsyncAPI 3 document."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from infra.contracts.rules import Rule
from infra.contracts.sources import Announced, Commanded
from kernel.direct import Command
from kernel.events import CloudEvent

Document = dict[str, Any]
BUS = "staybook"
_INSTANT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"
_ABOUT = """What Staybook's services tell each other. Events travel on the bus `staybook` as CloudEvents 1.0 in the
`detail` of an EventBridge event whose `source` and `detail-type` are the CloudEvent's `source` and `type`. Each is
delivered at least once and in any order: its `id` is the same each time, its `sequence` counts its subject's changes.
A direct command is the payload of a synchronous invocation of the function's alias `live`."""


def asyncapi(events: Sequence[Announced], commands: Sequence[Commanded], rules: Iterable[Rule]) -> Document:
    """The document: a channel for the bus and one for each function that takes commands."""
    kinds: list[type] = [*(event.kind for event in events), *(command.data for command in commands)]
    _, schemas = msgspec.json.schema_components(
        [*kinds, CloudEvent, Command], ref_template="#/components/schemas/{name}"
    )
    schemas["CloudEvent"]["properties"]["time"] |= {"format": "date-time", "pattern": _INSTANT}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Staybook", "version": "1", "description": " ".join(_ABOUT.split())},
        "defaultContentType": "application/json",
        "channels": {
            BUS: _channel(BUS, [event.name for event in events]),
            **_command_channels(commands),
        },
        "operations": {**_sending(events), **_hearing(events, rules), **_taking(commands)},
        "components": {
            "messages": {
                **{event.name: _event_message(event) for event in events},
                **{_message_name(command): _command_message(command) for command in commands},
            },
            "schemas": dict(sorted(schemas.items())),
        },
    }


def _message_name(command: Commanded) -> str:
    return f"{command.function}.{command.name}"


def _channel(address: str, messages: Iterable[str]) -> Document:
    return {
        "address": address,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }


def _command_channels(commands: Sequence[Commanded]) -> Document:
    functions = dict.fromkeys(command.function for command in commands)
    return {
        function: _channel(function, [_message_name(each) for each in commands if each.function == function])
        for function in functions
    }


def _event_message(event: Announced) -> Document:
    said = {
        "type": {"const": event.name},
        "source": {"const": event.source},
        "data": {"$ref": f"#/components/schemas/{event.name}"},
    }
    return {
        "name": event.name,
        "summary": _first_line(event.kind),
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, {"properties": said}]},
    }


def _command_message(command: Commanded) -> Document:
    said = {
        "command": {"const": command.name},
        "data": {"$ref": f"#/components/schemas/{command.data.__name__}"},
    }
    return {
        "name": command.name,
        "summary": f"Asks {command.function} to {command.name}.",
        "payload": {"allOf": [{"$ref": "#/components/schemas/Command"}, {"properties": said}]},
    }


def _operation(action: str, channel: str, messages: Iterable[str], summary: str) -> Document:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in messages],
    }


def _sending(events: Sequence[Announced]) -> Document:
    sources = dict.fromkeys(event.source for event in events)
    return {
        f"{source}.announces": _operation(
            "send", BUS, [each.name for each in events if each.source == source], f"What {source} announces."
        )
        for source in sources
    }


def _hearing(events: Sequence[Announced], rules: Iterable[Rule]) -> Document:
    return {
        f"{rule.name}.hears": _operation(
            "receive",
            BUS,
            [event.name for event in events if rule.asks_for(event.source, event.name)],
            f"What the rule {rule.name} brings to the {rule.function} of {rule.service}.",
        )
        for rule in rules
    }


def _taking(commands: Sequence[Commanded]) -> Document:
    return {
        f"{command.function}.takes.{command.name}": _operation(
            "receive", command.function, [_message_name(command)], f"{command.function} answers at once."
        )
        for command in commands
    }


def _first_line(kind: type) -> str:
    return re.split(r"\n\s*\n", (kind.__doc__ or "").strip())[0].strip()
