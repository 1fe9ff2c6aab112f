"""The relay: in order, each entry accounted for, nothing that holds up the rest."""

import random
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from kernel import relay as relaying
from kernel.aside import FailureQueue
from kernel.errors import Unavailable
from kernel.events import Aggregate, CloudEvent, Event, announce
from kernel.relay import MOST_BYTES, MOST_ENTRIES, EventBridge, size_of
from tests.deliveries import record
from tests.fakes.aside import InMemoryAside

NOW = datetime(2026, 12, 1, tzinfo=UTC)
NONE_FAILED: dict[str, Any] = {"batchItemFailures": []}


class RoomPainted(Event, frozen=True, kw_only=True):
    colour: str


def painted(subject: str, version: int, count: int = 1, colour: str = "red") -> list[CloudEvent]:
    told = [RoomPainted(colour=colour) for _ in range(count)]
    return announce(Aggregate("staybook.room", subject), version, told, NOW)


def change(number: int, *events: CloudEvent) -> dict[str, Any]:
    """A record that announces just these events."""
    return record(str(number), events, before=min(event.sequence for event in events) - 1)


@dataclass
class FakeBus:
    """Takes events but those that it refuses: by id, so many times each. It refuses a call beyond its limits."""

    refusing: dict[str, int] = field(default_factory=dict)
    down: bool = False
    calls: list[list[str]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def offer(self, events: Sequence[CloudEvent]) -> Collection[int]:
        assert 0 < len(events) <= MOST_ENTRIES
        assert sum(map(size_of, events)) <= MOST_BYTES
        self.calls.append([event.id for event in events])
        refused = {place for place, event in enumerate(events) if self.down or self._refuses(event.id)}
        self.taken += [event.id for place, event in enumerate(events) if place not in refused]
        return refused

    def _refuses(self, event_id: str) -> bool:
        left = self.refusing.get(event_id, 0)
        self.refusing[event_id] = left - 1
        return left > 0


def relay(records: list[dict[str, Any]], bus: FakeBus, aside: InMemoryAside | None = None) -> dict[str, Any]:
    return relaying.relay(records, bus, aside or InMemoryAside(), wait=lambda refusals: None)


def failed(number: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": str(number)}]}


def test_many_aggregates_go_out_in_full_calls() -> None:
    bus = FakeBus()
    assert relay([change(n, *painted(f"R{n}", 1)) for n in range(23)], bus) == NONE_FAILED
    assert [len(call) for call in bus.calls] == [10, 10, 3]


def test_an_event_waits_until_the_one_before_it_of_its_aggregate_was_taken() -> None:
    bus = FakeBus(refusing={"A:1:1": 2})
    records = [change(1, *painted("A", 1, 2)), change(2, *painted("B", 1)), change(3, *painted("A", 2))]
    assert relay(records, bus) == NONE_FAILED
    assert bus.taken == ["B:1:1", "A:1:1", "A:1:2", "A:2:1"]


def test_only_what_was_refused_is_offered_again() -> None:
    bus = FakeBus(refusing={"R1:1:1": 1, "R3:1:1": 1})
    assert relay([change(n, *painted(f"R{n}", 1)) for n in range(5)], bus) == NONE_FAILED
    assert bus.calls[1] == ["R1:1:1", "R3:1:1"]
    assert sorted(bus.taken) == [f"R{n}:1:1" for n in range(5)]


def test_an_entry_that_is_refused_for_good_holds_up_its_own_aggregate_alone() -> None:
    bus = FakeBus(refusing={"A:1:1": 99})
    records = [change(1, *painted("A", 1)), change(2, *painted("A", 2))]
    records += [change(n, *painted(f"R{n}", 1)) for n in range(3, 50)]
    assert relay(records, bus) == failed(1)
    assert len(bus.taken) == 47
    assert "A:2:1" not in bus.taken


def test_a_bus_that_is_down_is_not_asked_for_ever() -> None:
    bus = FakeBus(down=True)
    assert relay([change(n, *painted(f"R{n}", 1)) for n in range(1, 40)], bus) == failed(1)
    assert len(bus.calls) == 4


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 3)), max_size=12), st.integers(0, 2**32))
def test_whatever_is_refused_meanwhile_all_is_taken_once_and_in_order(
    steps: list[tuple[str, int]], seed: int
) -> None:
    versions: dict[str, int] = defaultdict(int)
    records, wanted = [], defaultdict[str, list[str]](list)
    for number, (subject, count) in enumerate(steps):
        versions[subject] += 1
        events = painted(subject, versions[subject], count)
        records.append(change(number, *events))
        wanted[subject] += [event.id for event in events]
    chance = random.Random(seed)
    refusing = {event_id: chance.choice([0, 0, 1, 2]) for ids in wanted.values() for event_id in ids}
    bus = FakeBus(refusing)
    assert relay(records, bus) == NONE_FAILED
    assert {subject: [e for e in bus.taken if e[0] == subject] for subject in wanted} == wanted


def test_calls_stay_within_the_bytes_of_one() -> None:
    bus = FakeBus()
    large = "x" * 100_000
    assert relay([change(n, *painted(f"R{n}", 1, 1, large)) for n in range(5)], bus) == NONE_FAILED
    assert [len(call) for call in bus.calls] == [2, 2, 1]


def test_an_event_larger_than_the_bus_takes_is_set_aside() -> None:
    bus, aside = FakeBus(), InMemoryAside()
    large = change(1, *painted("A", 1, 1, "x" * MOST_BYTES))
    assert relay([large, change(2, *painted("B", 1))], bus, aside) == NONE_FAILED
    assert aside.kept == [(large, "TooLarge")]
    assert bus.taken == ["B:1:1"]


def poison(number: int) -> dict[str, Any]:
    bad = change(number, *painted("A", 1))
    bad["dynamodb"]["NewImage"]["outbox"] = {"L": [{"S": "no event"}]}
    return bad


@pytest.mark.parametrize("outbox", [{"L": [{"S": "no event"}]}, {"L": [{"N": "1"}]}, {"L": [{"S": "{}"}]}])
def test_a_record_that_cannot_be_read_is_set_aside_whole_and_the_rest_goes_on(outbox: Any) -> None:
    bus, aside, bad = FakeBus(), InMemoryAside(), poison(2)
    bad["dynamodb"]["NewImage"]["outbox"] = outbox
    records = [change(1, *painted("B", 1)), bad, change(3, *painted("C", 1))]
    assert relay(records, bus, aside) == NONE_FAILED
    assert [kept for kept, _ in aside.kept] == [bad]
    assert bus.taken == ["B:1:1", "C:1:1"]


def test_a_record_that_cannot_be_set_aside_comes_again() -> None:
    bus = FakeBus()
    assert relay([poison(1), change(2, *painted("B", 1))], bus, InMemoryAside(away=True)) == failed(1)
    assert bus.taken == ["B:1:1"]


class PutEvents:
    """EventBridge's client, with an answer prepared."""

    def __init__(self, answer: dict[str, Any] | Exception) -> None:
        self._answer = answer

    def put_events(self, **request: Any) -> dict[str, Any]:
        assert {entry["EventBusName"] for entry in request["Entries"]} == {"staybook"}
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def test_eventbridges_refusals_are_read_entry_by_entry() -> None:
    answer = {
        "FailedEntryCount": 1,
        "Entries": [{"EventId": "1"}, {"ErrorCode": "Throttled"}, {"EventId": "3"}],
    }
    bus = EventBridge(PutEvents(answer), "staybook")
    assert list(bus.offer(painted("A", 1, 3))) == [1]
    assert bus.put(painted("A", 1, 3)) == 1


def test_a_call_without_an_answer_took_nothing_for_sure() -> None:
    bus = EventBridge(PutEvents(ClientError({"Error": {"Code": "Throttling"}}, "PutEvents")), "staybook")
    assert list(bus.offer(painted("A", 1, 3))) == [0, 1, 2]
    assert bus.put(painted("A", 1, 3)) == 0


class Queue:
    """SQS's client: remembers what it was sent, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sent: list[dict[str, Any]] = []
        self._error = error

    def send_message(self, **message: Any) -> None:
        if self._error:
            raise self._error
        self.sent.append(message)


class TestFailureQueue:
    def test_a_record_is_kept_whole_with_why(self) -> None:
        queue, bad = Queue(), poison(1)
        FailureQueue(lambda: queue, "url").keep(bad, "DecodeError", "no JSON")
        (message,) = queue.sent
        assert msgspec.json.decode(message["MessageBody"]) == {"record": bad}
        said = {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
        assert said == {"ERROR_CODE": "DecodeError", "ERROR_MESSAGE": "no JSON"}

    def test_a_record_too_large_for_a_message_is_kept_by_its_key(self) -> None:
        queue, bad = Queue(), poison(1)
        bad["dynamodb"] |= {"Keys": {"pk": {"S": "A"}}, "NewImage": {"x": {"S": "x" * 300_000}}}
        FailureQueue(lambda: queue, "url").keep(bad, "TooLarge", "")
        kept = msgspec.json.decode(queue.sent[0]["MessageBody"])["record"]
        assert kept["dynamodb"] == {"Keys": {"pk": {"S": "A"}}, "SequenceNumber": "1"}

    def test_a_queue_that_does_not_answer_is_unavailable(self) -> None:
        away = Queue(ClientError({"Error": {"Code": "Down"}}, "SendMessage"))
        with pytest.raises(Unavailable):
            FailureQueue(lambda: away, "url").keep(poison(1), "DecodeError", "no JSON")
