"""Two releases of every service side by side, on the same tables, events and commands.

The newer one writes what this one has never heard of. Every second write of a table is its, so that one booking is
served by both in turns.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kernel import outbox
from tests.miniature.operands import Item
from tests.permissions.furnished import FurnishedHouse

PACKED = b"2:"  # how a packed entry of an outbox begins; a plain one is read as well
NEWER = "newerRelease"  # the name of everything that only the newer release knows
_KEYED = ("bookings", "items", "nights", "weekday")  # maps by ids, dates and days, whose keys are no fields


@dataclass
class MixedHouse(FurnishedHouse):
    """`dropped`: where a write of this release has lost an attribute of the newer one, as (table, kind of item)."""

    dropped: set[tuple[str, str]] = field(default_factory=set)
    _seen: int = 0
    _writes: Counter[str] = field(default_factory=Counter)

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        reply = super().aws(service, operation, request)
        for write in self.store.writes[self._seen :]:
            if write.new is None:
                continue
            if write.old and NEWER in write.old and NEWER not in write.new:
                self.dropped.add((write.table, write.key[-1].split("#")[0]))
            self._writes[write.table] += 1
            if self._writes[write.table] % 2:
                _as_the_newer_writes(write.new)
        self._seen = len(self.store.writes)
        return reply

    def invoke(self, function: str, payload: str) -> tuple[dict[str, Any], bool]:
        asked = json.loads(payload)
        reply, crashed = super().invoke(function, json.dumps(_more(asked)))
        return (reply if crashed else _more(reply)), crashed


def _as_the_newer_writes(item: Item) -> None:
    for name, value in item.items():
        item[name] = _extended(value)
    item[NEWER] = {"S": "of tomorrow"}


def _extended(value: dict[str, Any]) -> dict[str, Any]:
    """JSON in an attribute, an event in an outbox for one, with more in it."""
    ((kind, content),) = value.items()
    if kind == "L":
        return {"L": [spelled for each in content for spelled in _spelled_out(each)]}
    if kind == "S" and content.startswith("{"):
        return {"S": json.dumps(_more(json.loads(content)))}
    return value


def _spelled_out(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The events in an entry of an outbox, each an entry of its own; whatever else it is, as it is."""
    if not entry.get("B", b"").startswith(PACKED):
        return [_extended(entry)]
    return [_extended({"S": msgspec.json.encode(event).decode()}) for event in outbox.read(entry["B"])]


def _more(document: Any, name: str = "") -> Any:
    """The same with something unheard of in every object."""
    if isinstance(document, list):
        return [_more(each) for each in document]
    if not isinstance(document, dict):
        return document
    found = {key: _more(each, key) for key, each in document.items()}
    return found if name in _KEYED else {**found, NEWER: {"of": "tomorrow"}}
