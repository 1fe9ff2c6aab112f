"""Records of a DynamoDB stream, reduced to what the relay and the view read: the outbox."""

from dataclasses import dataclass
from typing import Any

from kernel import outbox
from kernel.events import CloudEvent

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One stream record: its sequence number, and what it newly announces (nothing when it is a removal)."""

    sequence_number: str
    events: tuple[CloudEvent, ...]


def change(record: dict[str, Any]) -> Change:
    """Reads a raw stream record (NEW_AND_OLD_IMAGES). Raises msgspec.DecodeError on an outbox that is not ours.

    An entry that the old image had too is not looked at again: what came into an outbox broken spoils one record, not
    all that follow it.
    """
    content = record["dynamodb"]
    new, old = content.get("NewImage") or {}, content.get("OldImage") or {}
    known = set(outbox.entries(old))
    entries = [entry for entry in outbox.entries(new) if entry not in known]
    return Change(content["SequenceNumber"], tuple(outbox.since(entries, _version(old))))


def _version(image: Image) -> int:
    return int(image.get("version", {}).get("N", "0"))
