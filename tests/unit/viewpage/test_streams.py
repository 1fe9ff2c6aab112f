"""How the projector answers for a batch."""

from typing import Any

import pytest

from kernel.ids import new_id
from tests.deliveries import record, told
from tests.unit.viewpage.conftest import Screen
from tests.unit.viewpage.happenings import BookingStory, registered


def failed(number: str) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": number}]}


NONE_FAILED: dict[str, Any] = {"batchItemFailures": []}


def unreadable(number: str) -> dict[str, Any]:
    bad = record(number, [])
    bad["dynamodb"]["NewImage"]["outbox"] = {"L": [{"S": "no event"}]}
    return bad


def test_a_record_that_cannot_be_read_is_set_aside_whole_and_holds_up_no_other(screen: Screen) -> None:
    before, after, bad = new_id(), new_id(), unreadable("200")
    reported = screen.project(record("100", [registered(before)]), bad, record("300", [registered(after)]))
    assert reported == NONE_FAILED
    assert screen.aside.kept == [(bad, "DecodeError")]
    assert set(screen.store.rows) == {before, after}


def test_what_cannot_be_set_aside_comes_again_from_the_first_on(screen: Screen) -> None:
    screen.aside.away = True
    assert screen.project(unreadable("9"), unreadable("10")) == failed("9")


def test_an_event_that_is_not_as_agreed_is_set_aside(screen: Screen, room_id: str) -> None:
    broken = told("RoomModified", room_id, 2, {"roomId": room_id, "desc": 5}, source="staybook.room")
    assert screen.project(record("1", [broken])) == NONE_FAILED
    assert [code for _, code in screen.aside.kept] == ["ValidationError"]


def test_a_room_that_cannot_be_folded_holds_up_no_other(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = new_id(), new_id()
    save = screen.store.save

    def picky(row: Any) -> None:
        if row.room_id == bad:
            raise ConnectionError("the store is away")
        save(row)

    monkeypatch.setattr(screen.store, "save", picky)
    reported = screen.project(record("1", [registered(good)]), record("2", [registered(bad)]))
    assert reported == failed("2")
    assert set(screen.store.rows) == {good}


def test_events_that_do_not_concern_the_view_pass_by(screen: Screen, room_id: str) -> None:
    review = told(
        "ReviewCreated", new_id(), 1, {"roomId": room_id, "content": "Good"}, source="staybook.room"
    )
    assert screen.project(record("1", [review])) == NONE_FAILED
    assert screen.store.rows == {}


def test_removals_and_changes_without_a_new_version_say_nothing(screen: Screen, room_id: str) -> None:
    removal = {
        "eventName": "REMOVE",
        "dynamodb": {"SequenceNumber": "1", "OldImage": {"version": {"N": "3"}}},
    }
    same = record("2", [registered(room_id)], before=1)
    assert screen.project(removal, same) == NONE_FAILED
    assert screen.store.rows == {}


def test_a_batch_of_one_room_is_one_write(screen: Screen, room_id: str, christmas: BookingStory) -> None:
    assert screen.hear([registered(room_id), *christmas.booked(), *christmas.cancelled()]) == NONE_FAILED
    assert screen.store.saves == 1
