"""A rebuild beside the live view: who writes what, who reads what, and what becomes of one that is broken off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.viewpage.adapters.generations import Lately
from chalicelib.viewpage.domain import generations as domain
from chalicelib.viewpage.domain.generations import LONGEST_READ, LONGEST_WRITE, Generations
from chalicelib.viewpage.domain.sameness import compared, digest
from chalicelib.viewpage.errors import NoSuchRebuild
from kernel.errors import Unavailable
from kernel.events import CloudEvent
from kernel.ids import new_id
from tests.doors import knock, load_app
from tests.unit.viewpage.conftest import Screen
from tests.unit.viewpage.happenings import BookingStory, registered

TABLES = ("one", "two")
NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
NONE_FAILED: dict[str, Any] = {"batchItemFailures": []}


def step(command: str, **data: Any) -> dict[str, Any]:
    asked = {"command": command, "correlationId": "by hand", "data": data}
    result: dict[str, Any] = load_app("viewpage").rebuild(asked, None)["result"]
    return result


def begun(until: str | None = None) -> str:
    return str(step("begin", until=until)["rebuildId"])


def play(rebuild_id: str, *events: CloudEvent) -> dict[str, Any]:
    bodies = [msgspec.json.encode({"detail": event, "replay-name": rebuild_id}).decode() for event in events]
    records = [{"messageId": f"m{place}", "body": body} for place, body in enumerate(bodies)]
    reported: dict[str, Any] = load_app("viewpage").rebuilder({"Records": records}, None)
    return reported


class TestWriting:
    def test_what_happens_during_a_rebuild_is_in_both_tables(self, screen: Screen, room_id: str) -> None:
        begun()
        screen.hear([registered(room_id)])
        assert screen.stores["one"].rows == screen.stores["two"].rows != {}

    def test_a_rebuild_of_the_past_hears_nothing_of_the_present(self, screen: Screen, room_id: str) -> None:
        begun(until="2026-12-20T00:00:00Z")
        screen.hear([registered(room_id)])
        assert screen.stores["two"].rows == {}

    def test_after_the_swap_the_former_table_is_written_while_it_may_be_read(self, screen: Screen) -> None:
        step("swap", rebuildId=begun())
        first, second = new_id(), new_id()
        screen.hear([registered(first)])
        screen.later(seconds=LONGEST_READ.total_seconds() + 1)
        screen.hear([registered(second)])
        assert set(screen.stores["two"].rows) == {first, second}
        assert set(screen.stores["one"].rows) == {first}

    def test_a_live_table_that_refuses_keeps_nothing_from_the_rebuilt_one(
        self, screen: Screen, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: Any) -> None:
            raise Unavailable("spoilt")

        begun()
        monkeypatch.setattr(screen.stores["one"], "save", refuse)
        assert screen.hear([registered(room_id)]) != NONE_FAILED
        assert set(screen.stores["two"].rows) == {room_id}


class TestPlaying:
    def test_what_is_played_goes_into_the_rebuilt_table_alone(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        assert play(begun(), *christmas.booked(), registered(room_id)) == NONE_FAILED
        assert screen.stores["one"].rows == {}
        assert set(screen.stores["two"].rows) == {room_id}

    def test_what_is_played_for_another_rebuild_or_for_none_is_let_go(
        self, screen: Screen, room_id: str
    ) -> None:
        assert play("nobody's", registered(room_id)) == NONE_FAILED
        former = begun()
        begun()
        assert play(former, registered(room_id)) == NONE_FAILED
        assert screen.stores["two"].rows == {}

    def test_a_rebuild_of_the_past_ends_with_its_instant(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        rebuild_id = begun(until="2026-12-20T00:04:00Z")
        play(rebuild_id, registered(room_id), *christmas.booked(minute=1), *christmas.cancelled(minute=11))
        (booking,) = screen.stores["two"].rows[room_id].bookings.values()
        assert (booking.status, booking.payment_status) == ("reserved", "paid")
        assert booking.nights == (christmas.check_in, christmas.check_in + timedelta(days=1))

    def test_an_event_that_was_never_as_agreed_holds_up_no_other(self, screen: Screen, room_id: str) -> None:
        spoilt = registered(new_id())
        spoilt.data.pop("city")
        assert play(begun(), spoilt, registered(room_id)) == NONE_FAILED
        assert set(screen.stores["two"].rows) == {room_id}

    def test_what_could_not_be_folded_comes_again(
        self, screen: Screen, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: Any) -> None:
            raise Unavailable("busy")

        monkeypatch.setattr(screen.stores["two"], "save", refuse)
        assert play(begun(), registered(room_id)) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}

    def test_what_lies_in_outboxes_is_folded_like_what_is_played(self, screen: Screen, room_id: str) -> None:
        event = msgspec.to_builtins(registered(room_id))
        step("fold", rebuildId=begun(), events=[event])
        assert set(screen.stores["two"].rows) == {room_id}


class TestReading:
    def test_the_rebuilt_table_is_read_from_the_swap_on(self, screen: Screen, room_id: str) -> None:
        screen.hear([registered(new_id())])
        rebuild_id = begun()
        play(rebuild_id, registered(room_id))

        def listed() -> list[str]:
            rooms = knock("viewpage", "GET", "/roomviews").body["_embedded"]["roomviews"]
            return [room["roomId"] for room in rooms]

        assert room_id not in listed()
        assert step("swap", rebuildId=rebuild_id) == {"live": "two"}
        assert listed() == [room_id]

    def test_a_reader_asks_for_the_live_table_every_two_seconds(self) -> None:
        times, known = iter((0.0, 0.0, 1.9, 2.0, 2.0)), [Generations("two"), Generations("one")]
        lately = Lately(known.pop, seconds=lambda: next(times))
        assert [lately.live() for _ in range(3)] == ["one", "one", "two"]

    def test_a_reader_whom_nobody_answers_goes_by_what_it_knew(self) -> None:
        answers = [Generations("one")]

        def present() -> Generations:
            if not answers:
                raise Unavailable("away")
            return answers.pop()

        times = iter((0.0, 0.0, 9.0, 9.0))
        lately = Lately(present, seconds=lambda: next(times))
        assert [lately.live(), lately.live()] == ["one", "one"]
        with pytest.raises(Unavailable):
            Lately(present).live()


class TestGenerations:
    def test_a_rebuild_that_was_given_up_can_do_nothing_any_more(self, screen: Screen) -> None:
        former, present = begun(), begun()
        for command in ("swap", "leave", "clear"):
            with pytest.raises(NoSuchRebuild):
                step(command, rebuildId=former)
        assert step("swap", rebuildId=present) == {"live": "two"}

    def test_the_next_rebuild_is_in_the_table_that_is_not_live(self, screen: Screen) -> None:
        for table in ("two", "one", "two"):
            assert step("swap", rebuildId=begun()) == {"live": table}

    def test_the_past_is_never_swapped_in(self, screen: Screen) -> None:
        with pytest.raises(NoSuchRebuild):
            step("swap", rebuildId=begun(until="2026-12-20T00:00:00Z"))

    def test_a_table_at_rest_may_be_cleared_at_once(self) -> None:
        assert Generations("one").clear_at(NOW) == NOW

    def test_a_table_that_others_write_or_read_may_not(self) -> None:
        rebuilding = domain.begin(Generations("one"), TABLES, "first", None)
        assert rebuilding.clear_at(NOW) == NOW + LONGEST_WRITE
        swapped = domain.swap(rebuilding, "first", NOW)
        assert swapped.clear_at(NOW) == NOW + LONGEST_READ + LONGEST_WRITE
        assert swapped.clear_at(NOW + timedelta(minutes=1)) == NOW + timedelta(minutes=1)

    def test_a_table_is_written_once_however_many_reasons_there_are(self) -> None:
        swapped = domain.swap(domain.begin(Generations("one"), TABLES, "a", None), "a", NOW)
        again = domain.begin(swapped, TABLES, "b", None)
        assert again.written(NOW) == ("two", "one")
        assert replace(again, rebuild=None).written(NOW + timedelta(minutes=1)) == ("two",)


class TestSameness:
    def test_the_digest_is_the_same_in_any_order_and_in_any_parts(self) -> None:
        parts = digest(["a"]) + digest(["c", "b"])
        assert digest(["a", "b", "c"]) == digest(["c", "a", "b"]) == parts % 2**256
        assert digest(["a", "b"]) != digest(["a", "c"])

    def test_what_differs_is_named(self) -> None:
        live = {("r", "1"): "same", ("r", "2"): "is", ("r", "3"): "gone"}
        rebuilt = {("r", "1"): "same", ("r", "2"): "was", ("r", "4"): "new"}
        found = compared(live, rebuilt)
        assert (found.missing, found.differing, found.surplus) == (
            (("r", "3"),),
            (("r", "2"),),
            (("r", "4"),),
        )
        assert found.live != found.rebuilt
