"""The relay: from a stream to the bus, in order, each entry accounted for.

Of one aggregate, an event goes out when the one before it was taken. An entry that the bus refuses is offered again by
itself, a few times; then its record is reported and the stream is read again from there. A record that cannot be
read, or whose event is larger than the bus takes, is set aside whole.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from kernel import aws, metrics, settings, stream
from kernel.aside import Aside, set_aside
from kernel.chance import DICE
from kernel.events import CloudEvent
from kernel.logs import logger

MOST_ENTRIES = 10  # of one call, as EventBridge has it
MOST_BYTES = 256 * 1024  # of one call, and so of one entry
_OFFERS = 4
_FIRST_PAUSE_SECONDS = 0.025
_UNCOUNTED_BYTES = 14  # EventBridge counts the time of an entry
Record = dict[str, Any]
Pause = Callable[[int], None]


class Carrier(Protocol):
    """A bus that says of each event what became of it."""

    def offer(self, events: Sequence[CloudEvent]) -> Collection[int]:
        """Announces events within the limits of one call; returns the places, from 0, of those not surely taken."""


class EventBridge:
    """The bus on EventBridge."""

    def __init__(self, client: Any, bus_name: str) -> None:
        self._client, self._bus_name = client, bus_name

    def put(self, events: Sequence[CloudEvent]) -> int:
        return min(self.offer(events), default=len(events))

    def offer(self, events: Sequence[CloudEvent]) -> Collection[int]:
        try:
            reply = self._client.put_events(Entries=[self._entry(event) for event in events])
        except (BotoCoreError, ClientError) as error:
            logger().warning("bus unreachable", extra={"reason": str(error), "events": len(events)})
            return range(len(events))
        refused = {
            place: entry["ErrorCode"] for place, entry in enumerate(reply["Entries"]) if "ErrorCode" in entry
        }
        if refused:
            said = {events[place].id: code for place, code in refused.items()}
            logger().warning("events refused", extra={"refused": said})
        return refused.keys()

    def _entry(self, event: CloudEvent) -> dict[str, Any]:
        return {
            "Source": event.source,
            "DetailType": event.type,
            "Detail": msgspec.json.encode(event).decode(),
            "EventBusName": self._bus_name,
        }


@cache
def event_bus() -> EventBridge:
    """The bus that the function's environment names."""
    return EventBridge(
        aws.client("events", read_timeout_seconds=5, attempts=2), settings.text("EVENT_BUS_NAME")
    )


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An event on its way out, and the place in the batch of the record that it came with."""

    place: int
    event: CloudEvent
    size: int


def size_of(event: CloudEvent) -> int:
    """The bytes that EventBridge counts for the event."""
    names = len(event.source.encode()) + len(event.type.encode())
    return _UNCOUNTED_BYTES + names + len(msgspec.json.encode(event))


def pause(refusals: int) -> None:
    """Waits before an entry is offered again, longer each time that it was refused."""
    seconds = _FIRST_PAUSE_SECONDS * 2**refusals
    time.sleep(DICE.uniform(seconds / 2, seconds))


def relay(
    records: Iterable[Record], carrier: Carrier, aside: Aside, *, wait: Pause = pause
) -> dict[str, Any]:
    """Announces what the records newly say. Reports the first record that could not be dealt with, so that the stream
    is read again from there; what was sent twice by that is recognised by its id.
    """
    batch = list(records)
    waiting: list[_Waiting] = []
    failed: set[int] = set()
    for place, record in enumerate(batch):
        try:
            waiting += [_Waiting(place, event, size_of(event)) for event in stream.change(record).events]
        except Exception as error:  # noqa: BLE001 - the outermost door: logged, and set aside
            logger().exception("stream record not read", extra={"record": record.get("eventID")})
            if not set_aside(aside, record, type(error).__name__, str(error)):
                failed.add(place)
    for large in [one for one in waiting if one.size > MOST_BYTES]:
        waiting.remove(large)
        if not set_aside(aside, batch[large.place], "TooLarge", f"{large.event.id} has {large.size} bytes"):
            failed.add(large.place)
    failed.update(_announce(waiting, carrier, wait))
    return _report(batch, failed)


def _announce(waiting: list[_Waiting], carrier: Carrier, wait: Pause) -> set[int]:
    """Sends all that waits, call after call; the places of the records of which something was not taken. What was taken
    is counted: these are the numbers of the business, a few too high where a batch is read again.

    An entry that is refused again and again holds up its own aggregate alone; calls that are refused whole, again and
    again, mean that the bus is down.
    """
    refusals: Counter[str] = Counter()
    stuck: set[str] = set()
    in_vain = 0
    while in_vain < _OFFERS and (call := _next_call(waiting, stuck)):
        refused = {call[place].event.id for place in carrier.offer([one.event for one in call])}
        sent = {one.event.id for one in call} - refused
        for kind, taken in Counter(one.event.type for one in call if one.event.id in sent).items():
            metrics.count("Announced", taken, event=kind)
        waiting = [one for one in waiting if one.event.id not in sent]
        refusals.update(refused)
        stuck |= {one.event.subject for one in call if refusals[one.event.id] >= _OFFERS}
        in_vain = 0 if sent else in_vain + 1
        if refused:
            wait(max(refusals[event_id] for event_id in refused))
    return {one.place for one in waiting}


def _next_call(waiting: Iterable[_Waiting], stuck: Collection[str]) -> list[_Waiting]:
    """The first that wait, one of an aggregate, as many as one call takes."""
    call: list[_Waiting] = []
    subjects = set(stuck)
    size = 0
    for one in waiting:
        if one.event.subject in subjects:
            continue
        if len(call) == MOST_ENTRIES or size + one.size > MOST_BYTES:
            break
        call.append(one)
        subjects.add(one.event.subject)
        size += one.size
    return call


def _report(batch: Sequence[Record], failed: set[int]) -> dict[str, Any]:
    numbers = [batch[min(failed)]["dynamodb"]["SequenceNumber"]] if failed else []
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}
