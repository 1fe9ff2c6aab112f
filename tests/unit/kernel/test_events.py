"""From a transition to the bus, and from a queue to a handler."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.reservation import events as reservation_events
from kernel import outbox, stream
from kernel.consumer import consume
from kernel.events import Aggregate, Cause, CloudEvent, Event, announce, begin, present_cause
from tests.samples import announced

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ROOM = Aggregate("staybook.room", "ROOM")


class RoomPainted(Event, frozen=True, kw_only=True):
    room_id: str
    colour: str


def painted(version: int, count: int = 1) -> list[CloudEvent]:
    return announce(ROOM, version, [RoomPainted(room_id="ROOM", colour=str(n)) for n in range(count)], NOW)


def record(
    number: int, entries: list[str], old_version: int | None = 0, name: str = "MODIFY"
) -> dict[str, Any]:
    old = {} if old_version is None else {"OldImage": {"version": {"N": str(old_version)}}}
    new = {"NewImage": {"outbox": {"L": [{"S": entry} for entry in entries]}}}
    return {
        "eventID": str(number),
        "eventName": name,
        "dynamodb": {"SequenceNumber": str(number), **new, **old},
    }


def encoded(*events: CloudEvent) -> list[str]:
    return outbox.append([], events)


class TestAnnouncing:
    def test_an_event_says_who_when_why_and_what(self) -> None:
        begin(Cause("story", "cause"))
        (event,) = painted(3)
        assert msgspec.to_builtins(event) == {
            "specversion": "1.0",
            "id": "ROOM:3:1",
            "source": "staybook.room",
            "type": "RoomPainted",
            "subject": "ROOM",
            "time": "2026-12-01T00:00:00.000Z",
            "sequence": 3,
            "datacontenttype": "application/json",
            "correlationid": "story",
            "causationid": "cause",
            "data": {"roomId": "ROOM", "colour": "0"},
        }

    def test_events_of_one_transition_have_ids_of_their_own(self) -> None:
        assert [event.id for event in painted(3, 2)] == ["ROOM:3:1", "ROOM:3:2"]

    @example([1, *[0] * 16, 1])
    @given(st.lists(st.integers(0, 3), max_size=40))
    def test_an_outbox_keeps_the_last_versions_whole(self, counts: list[int]) -> None:
        kept: list[str] = []
        for version, count in enumerate(counts, 1):
            kept = outbox.append(kept, painted(version, count))
        versions = [outbox.read(entry).sequence for entry in kept]
        newest = max((version for version, count in enumerate(counts, 1) if count), default=0)
        told = [version for version, count in enumerate(counts, 1) for _ in range(count)]
        last = [version for version in told if version > newest - outbox.KEPT]
        assert versions[-len(last) :] == last
        assert versions == last or len(versions) <= outbox.KEPT

    def test_a_change_tells_what_the_old_image_did_not(self) -> None:
        entries = encoded(*painted(1), *painted(2), *painted(3, 2))
        assert [event.id for event in stream.change(record(1, entries, old_version=2)).events] == [
            "ROOM:3:1",
            "ROOM:3:2",
        ]

    def test_an_entry_is_half_of_the_event_at_most_and_the_same_each_time(self) -> None:
        event = announced(reservation_events, "ReservationConfirmed")
        entry = outbox.pack(event)
        assert outbox.read(entry) == event
        assert outbox.pack(event) == entry
        assert len(entry) < len(msgspec.json.encode(event)) / 2

    def test_what_lay_in_the_outbox_before_is_not_read_again(self) -> None:
        spoilt = record(1, ["no event", *encoded(*painted(3))], old_version=2)
        spoilt["dynamodb"]["OldImage"]["outbox"] = {"L": [{"S": "no event"}]}
        assert [event.id for event in stream.change(spoilt).events] == ["ROOM:3:1"]

    def test_an_insert_tells_everything_and_a_removal_nothing(self) -> None:
        entries = encoded(*painted(1))
        gone = {
            "eventName": "REMOVE",
            "dynamodb": {"SequenceNumber": "1", "OldImage": {"version": {"N": "1"}}},
        }
        assert len(stream.change(record(1, entries, old_version=None)).events) == 1
        assert stream.change(gone).events == ()


class TestConsumer:
    def delivered(self, *events: CloudEvent) -> list[dict[str, str]]:
        return [
            {"messageId": f"m{number}", "body": json.dumps({"detail": msgspec.to_builtins(event)})}
            for number, event in enumerate(events)
        ]

    def test_a_handler_works_under_the_events_story(self) -> None:
        begin(Cause("first story"))
        causes: list[Cause] = []
        records = self.delivered(*painted(1))
        begin(Cause("another story"))
        assert consume(records, {"RoomPainted": lambda event: causes.append(present_cause())}) == {
            "batchItemFailures": []
        }
        assert causes == [Cause("first story", "ROOM:1:1")]

    def test_one_that_fails_holds_up_none_of_the_others(self) -> None:
        handled: list[int] = []

        def handle(event: CloudEvent) -> None:
            if event.sequence == 2:
                raise ValueError("cannot")
            handled.append(event.sequence)

        failed = consume(self.delivered(*painted(1), *painted(2), *painted(3)), {"RoomPainted": handle})
        assert (handled, failed) == ([1, 3], {"batchItemFailures": [{"itemIdentifier": "m1"}]})

    @pytest.mark.parametrize("body", ["no json", "{}", '{"detail": {"type": "RoomPainted"}}'])
    def test_what_is_no_event_is_left_to_the_dead_letters(self, body: str) -> None:
        failed = consume([{"messageId": "m", "body": body}], {})
        assert failed == {"batchItemFailures": [{"itemIdentifier": "m"}]}

    def test_an_event_that_nobody_handles_is_seen(self) -> None:
        assert consume(self.delivered(*painted(1)), {})["batchItemFailures"] == [{"itemIdentifier": "m0"}]
