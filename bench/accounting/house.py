"""The house of one process, with the view folded in it, its queues and streams read in the batches that are deployed,
and a meter at every call of AWS.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest

from bench.accounting.meter import Meter, StoreMeter
from chalicelib.viewpage.adapters.generations import Lately
from chalicelib.viewpage.bootstrap import wiring
from infra.layout import TEMPLATES
from infra.template_files import read_template
from tests.miniature.fixtures import seams_for_tests
from tests.miniature.house import Job, Message, Miniature, _queued, _record
from tests.miniature.seams import SERVICES
from tests.wired import wire

_VIEWED = ("room", "reservation", "payment")  # whose streams the view reads
_READERS = tuple((service, service, "relay") for service in SERVICES) + tuple(
    (service, "viewpage", "projector") for service in _VIEWED
)


@dataclass
class MeteredHouse(Miniature):
    """A Miniature that counts. `meter` may be replaced at any time."""

    meter: Meter = field(default_factory=Meter)
    _read_up_to: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._units = StoreMeter(self.store)

    # What the meter sees

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        function = self._function()
        self.meter.calls[f"{function} {service}.{operation}"] += 1
        if operation == "PutEvents":
            self.meter.events.update(entry["DetailType"] for entry in request["Entries"])
        if service != "dynamodb":
            return super().aws(service, operation, request)
        with self._units.writing(function, operation, request, self.meter):
            reply = super().aws(service, operation, request)
        self.meter.lines += self._units.reads(function, operation, request, reply)
        return reply

    def ask(self, service: str, method: str, resource: str, **request: Any) -> Any:
        self.meter.synchronous[f"{service}-app"] += 1
        return super().ask(service, method, resource, **request)

    def invoke(self, function: str, payload: str) -> tuple[dict[str, Any], bool]:
        name = f"{function.replace('.', '-')} {json.loads(payload)['command']}"
        self.meter.calls[f"{self._function()} lambda.Invoke"] += 1
        self.meter.synchronous[name] += 1
        return super().invoke(function, payload)

    def _route(self, entry: Mapping[str, Any]) -> None:
        sent = len(self.sent)
        super()._route(entry)
        self.meter.queue_requests["sent by the bus"] += len(self.sent) - sent

    def _send(self, queue: str, entry: Mapping[str, Any]) -> None:
        self.meter.queue_requests["sent by a function"] += 1
        super()._send(queue, entry)

    def _taken(self, service: str, door: str, records: list[dict[str, Any]]) -> bool:
        self.meter.asynchronous[f"{service}-{door}"] += 1
        self.meter.records[f"{service}-{door}"] += len(records)
        return super()._taken(service, door, records)

    def _function(self) -> str:
        present = self.watch._present()
        return f"{present.service}-{present.door}" if present else "by hand"

    # What happens by itself, in batches

    def jobs(self) -> list[Job]:
        streams = [self._stream_job(*reader) for reader in _READERS if self._waiting(*reader)]
        due = [message for message in self.queued if message.due <= self.now]
        doors = dict.fromkeys((message.service, message.door) for message in due)
        return streams + [self._queue_job(*door) for door in doors]

    def finish(self) -> None:
        """All that follows from what was done happens, what is delayed too; nothing that runs by the clock."""
        self.settle_down()
        while self.queued:
            self.now = max(self.now, min(message.due for message in self.queued))
            self.settle_down()

    def _waiting(self, stream: str, service: str, door: str) -> list[Any]:
        return self.store.streams.get(f"staybook-{stream}", [])[self._read_up_to.get((stream, door), 0) :]

    def _stream_job(self, stream: str, service: str, door: str) -> Job:
        def read() -> None:
            batch = self._waiting(stream, service, door)[: batch_size(service, door)]
            records = [record for record in map(_record, batch) if wanted(service, door, record)]
            if not records or self._taken(service, door, records):
                self._read_up_to[stream, door] = self._read_up_to.get((stream, door), 0) + len(batch)

        return read

    def _queue_job(self, service: str, door: str) -> Job:
        def deliver() -> None:
            size = batch_size(service, door)
            batch = [each for each in self.queued if self._is_for(each, service, door)][:size]
            if not batch:
                return
            for message in batch:
                self.queued.remove(message)
            self.meter.queue_requests["received and deleted by Lambda"] += 2
            assert self._taken(service, door, [_queued(each) for each in batch]), self.raised[-3:]

        return deliver

    def _is_for(self, message: Message, service: str, door: str) -> bool:
        return (message.service, message.door) == (service, door) and message.due <= self.now


@cache
def _source(service: str, door: str) -> Mapping[str, Any]:
    """How Lambda reads for a door: its event source, as the template declares it."""
    resources = read_template(TEMPLATES / f"{service}.yaml")["Resources"]
    events = next(
        resource["Properties"]["Events"] for name, resource in resources.items() if name.lower() == door
    )
    source: Mapping[str, Any] = next(iter(events.values()))["Properties"]
    return source


def batch_size(service: str, door: str) -> int:
    """Records that an invocation takes at the most."""
    return int(_source(service, door)["BatchSize"])


def wanted(service: str, door: str, record: Mapping[str, Any]) -> bool:
    """Whether Lambda's filter lets a record through."""
    criteria = _source(service, door).get("FilterCriteria")
    patterns = [json.loads(each["Pattern"]) for each in criteria["Filters"]] if criteria else [{}]
    return any(_fits(record, pattern) for pattern in patterns)


def _fits(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, list):
        return value in pattern or (value is not None and {"exists": True} in pattern)
    return isinstance(value, Mapping) and all(
        _fits(value.get(name), inner) for name, inner in pattern.items()
    )


@contextmanager
def metered_house[H: MeteredHouse](kind: type[H], **settings: str) -> Iterator[H]:
    """A house of this kind with nobody in it, the services' settings changed by these, for as long as it lasts."""
    with pytest.MonkeyPatch.context() as patch, seams_for_tests() as seams:
        for name, value in settings.items():
            patch.setenv(name, value)
        house = kind(seams)
        _tell_the_view_the_time(house, patch)
        yield house


def _tell_the_view_the_time(house: MeteredHouse, patch: pytest.MonkeyPatch) -> None:
    def seconds() -> float:
        return house.now.timestamp()

    lately = Lately(wiring.generations.present, seconds=seconds)
    wire(patch, wiring, live_table=lately.live, clock=house.clock)
