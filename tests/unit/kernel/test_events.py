"""From a transition to the bus, and from a queue to a handler."""

import base64
import json
import zlib
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.reservation import events as reservation_events
from kernel import lexicon, outbox, stream
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
    number: int, entries: list[outbox.Entry], old_version: int | None = 0, name: str = "MODIFY"
) -> dict[str, Any]:
    old = {} if old_version is None else {"OldImage": {"version": {"N": str(old_version)}}}
    new = {"NewImage": {"outbox": outbox.stored(entries)}}
    return {
        "eventID": str(number),
        "eventName": name,
        "dynamodb": {"SequenceNumber": str(number), **new, **old},
    }


def encoded(*events: CloudEvent) -> list[outbox.Entry]:
    return outbox.append([], events)


def deflated(event: CloudEvent) -> str:
    """An entry as the release before wrote it."""
    deflate = zlib.compressobj(
        zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=lexicon.DEFLATED
    )
    content = deflate.compress(msgspec.json.encode(event)) + deflate.flush()
    return "1:" + base64.b64encode(content).decode()


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
        kept: list[outbox.Entry] = []
        for version, count in enumerate(counts, 1):
            kept = outbox.append(kept, painted(version, count))
        versions = [event.sequence for event in outbox.since(kept, 0)]
        newest = max((version for version, count in enumerate(counts, 1) if count), default=0)
        told = [version for version, count in enumerate(counts, 1) for _ in range(count)]
        last = [version for version in told if version > newest - outbox.KEPT]
        assert versions == last

    def test_a_change_tells_what_the_old_image_did_not(self) -> None:
        entries = encoded(*painted(1), *painted(2), *painted(3, 2))
        assert [event.id for event in stream.change(record(1, entries, old_version=2)).events] == [
            "ROOM:3:1",
            "ROOM:3:2",
        ]

    def test_an_entry_is_half_of_the_event_at_most_and_the_same_each_time(self) -> None:
        event = announced(reservation_events, "ReservationConfirmed")
        entry = outbox.packed([event])
        assert outbox.read(entry) == [event]
        assert outbox.packed([event]) == entry
        assert len(entry) < len(msgspec.json.encode(event)) / 2

    def test_what_was_announced_long_ago_is_dropped_by_the_next(self) -> None:
        kept = outbox.append(encoded(*painted(1)), painted(2), since="2026-12-01T00:00:00.001Z")
        assert [event.sequence for event in outbox.since(kept, 0)] == [2]

    def test_entries_of_the_releases_before_are_read_and_taken_over(self) -> None:
        first, second, third = painted(1) + painted(2) + painted(3)
        old = [deflated(first), msgspec.json.encode(second).decode()]
        assert outbox.since(old, 0) == [first, second]
        assert outbox.since(outbox.append(old, [third]), 0) == [first, second, third]
        assert stream.change(record(1, [*old, outbox.packed([third])], old_version=1)).events == (
            second,
            third,
        )

    @pytest.mark.parametrize("entry", ["no event", "1:no event", "1:AAAA", b"no event", b"2:no event"])
    def test_what_is_no_entry_is_refused_and_left_where_it_lies(self, entry: outbox.Entry) -> None:
        with pytest.raises(msgspec.DecodeError):
            outbox.read(entry)
        spoilt, *rest = outbox.append([entry], painted(2))
        assert (spoilt, outbox.since(rest, 0)) == (entry, painted(2))
        assert outbox.append([entry], []) == [entry]

    def test_bytes_are_read_as_a_client_has_them_and_as_lambdas_json_has_them(self) -> None:
        (entry,) = encoded(*painted(1))
        assert isinstance(entry, bytes)
        for content in (entry, base64.b64encode(entry).decode()):
            assert outbox.entries({"outbox": {"L": [{"B": content}]}}) == [entry]

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
