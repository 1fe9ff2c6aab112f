"""The relay: from a stream to the bus, in order, each entry accounted for."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec

from kernel import stream
from kernel.events import CloudEvent
from kernel.logs import logger

_MOST_ENTRIES = 10  # EventBridge's limit for one call


class EventBus(Protocol):
    """Where announced events go."""

    def put(self, events: Sequence[CloudEvent]) -> int:
        """Announces at most ten events; returns how many of them, from the first on, were surely taken."""


class EventBridge:
    """The bus on EventBridge."""

    def __init__(self, client: Any, bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def put(self, events: Sequence[CloudEvent]) -> int:
        reply = self._client.put_events(Entries=[self._entry(event) for event in events])
        refused = [index for index, entry in enumerate(reply["Entries"]) if "ErrorCode" in entry]
        return refused[0] if refused else len(events)

    def _entry(self, event: CloudEvent) -> dict[str, Any]:
        return {
            "Source": event.source,
            "DetailType": event.type,
            "Detail": msgspec.json.encode(event).decode(),
            "EventBusName": self._bus_name,
        }


def relay(records: Iterable[dict[str, Any]], bus: EventBus) -> dict[str, Any]:
    """Announces what the records newly say. Reports the first record that could not be announced whole, so that
    the stream is read again from there; what was sent twice by that is recognised by its id.
    """
    pending: list[tuple[str, CloudEvent]] = []
    for record in records:
        try:
            change = stream.change(record)
        except msgspec.DecodeError:
            logger().exception("outbox unreadable", extra={"record": record.get("eventID")})
            return _failed(_send(pending, bus) or record["dynamodb"]["SequenceNumber"])
        pending += [(change.sequence_number, event) for event in change.events]
    return _failed(_send(pending, bus))


def _send(pending: Sequence[tuple[str, CloudEvent]], bus: EventBus) -> str | None:
    """The sequence number of the first record that was not wholly taken, or None."""
    for start in range(0, len(pending), _MOST_ENTRIES):
        batch = pending[start : start + _MOST_ENTRIES]
        taken = bus.put([event for _, event in batch])
        if taken < len(batch):
            return batch[taken][0]
    return None


def _failed(sequence_number: str | None) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": sequence_number}] if sequence_number else []}
