"""Somebody is quicker at a room, its nights or a review: once, which is found, or every time, which is said."""

from collections.abc import Callable
from typing import Any

import pytest

from kernel.errors import ChangedMeanwhile
from tests.doors import Answer, knock
from tests.unit.room.conftest import House
from tests.unit.room.test_doors import TONIGHT, at, registered, stayed
from tests.unit.room.test_hosting import BLOCK, blocked, unblocked
from tests.unit.room.test_photos import ask, kept, uploaded

REVIEW = {"content": "Good Room", "rating": 5}
KEY = {"idempotency-key": "key"}


def losing(times: int, save: Callable[..., None], first: Callable[[], object] | None = None) -> Any:
    """`save`, but somebody is quicker so many times; before that, `first` is what they do."""
    left = [first or (lambda: None)] * times

    def hurried(*change: Any) -> None:
        if left:
            left.pop()()
            raise ChangedMeanwhile
        save(*change)

    return hurried


@pytest.fixture
def room_id(house: House) -> str:
    return str(registered().body["roomId"])


def reviewed(room_id: str, **more: Any) -> Answer:
    return knock("room", "POST", "/reviews", user="guest", body={"roomId": room_id, **REVIEW}, **more)


class TestNights:
    def test_a_booking_that_meets_others_in_its_month_is_made_all_the_same(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.calendar, "save", losing(7, house.calendar.save))
        house.book(room_id, "RESERVATION", TONIGHT)
        assert at(room_id).body["status"] == "reserved"

    def test_one_that_meets_others_every_time_is_told_so(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.calendar, "save", losing(8, house.calendar.save))
        with pytest.raises(ChangedMeanwhile, match=r"^The calendar of this room is changing quickly"):
            house.book(room_id, "RESERVATION", TONIGHT)
        assert at(room_id).body["status"] == "available"


class TestBlocks:
    def test_a_block_that_meets_others_in_its_month_is_made_all_the_same(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.blocks, "save", losing(7, house.blocks.save))
        assert blocked(room_id).status == 201

    def test_one_that_meets_others_every_time_is_told_so(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.blocks, "save", losing(8, house.blocks.save))
        assert blocked(room_id).body["type"] == "/problems/changed-meanwhile"
        assert house.blocks.blocks == {}

    def test_the_same_request_at_once_blocks_once(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        save = house.blocks.save

        def twice(*change: Any) -> None:
            save(*change)
            save(*change)

        monkeypatch.setattr(house.blocks, "save", twice)
        answer = blocked(room_id, headers=KEY)
        assert (answer.status, answer.headers["Idempotent-Replayed"]) == (201, "true")
        assert len(house.blocks.blocks) == 1

    def test_one_that_meets_others_is_lifted_all_the_same(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        block_id = blocked(room_id).body["blockId"]
        monkeypatch.setattr(house.blocks, "save", losing(7, house.blocks.save))
        assert unblocked(room_id, block_id).status == 204
        assert house.blocks.blocks[room_id, block_id].lifted

    def test_a_block_that_somebody_lifted_meanwhile_is_not_lifted_again(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        block_id = blocked(room_id).body["blockId"]
        save = house.blocks.save

        def twice(*change: Any) -> None:
            save(*change)
            save(*change)

        monkeypatch.setattr(house.blocks, "save", twice)
        assert unblocked(room_id, block_id).body["type"] == "/problems/changed-meanwhile"
        assert house.announced()[-2:] == ["RoomUnblocked", "RoomUnblocked"], "one a month, and once"
        assert BLOCK["checkIn"][:7] != BLOCK["checkOut"][:7]


class TestPhotos:
    def test_photos_that_are_kept_at_once_are_all_shown(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photo_id = uploaded(house, room_id)
        monkeypatch.setattr(house.rooms, "save", losing(4, house.rooms.save))
        assert ask("PUT", room_id, photo_id, user="mina").status == 200
        assert house.rooms.rooms[room_id].photos == (photo_id,)

    def test_a_room_that_never_stands_still_shows_no_more(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photo_id = uploaded(house, room_id)
        monkeypatch.setattr(house.rooms, "save", losing(5, house.rooms.save))
        answer = ask("PUT", room_id, photo_id, user="mina")
        assert (answer.body["type"], answer.body["detail"]) == (
            "/problems/changed-meanwhile",
            "This room is changing quickly; try again.",
        )
        assert house.rooms.rooms[room_id].photos == ()

    def test_the_same_photo_kept_twice_at_once_is_shown_once(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photo_id, keep = uploaded(house, room_id), house.pictures.keep
        meanwhile = [lambda: ask("PUT", room_id, photo_id, user="mina")]

        def keep_meanwhile(*about: str) -> None:
            keep(*about)
            if meanwhile:
                meanwhile.pop()()

        monkeypatch.setattr(house.pictures, "keep", keep_meanwhile)
        assert ask("PUT", room_id, photo_id, user="mina").status == 200
        assert house.rooms.rooms[room_id].photos == (photo_id,)
        assert house.announced() == ["RoomRegistered", "RoomModified"]

    def test_a_photo_removed_twice_at_once_is_removed_once(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        photo_id, save = kept(house, room_id), house.rooms.save

        def twice(*change: Any) -> None:
            save(*change)
            raise ChangedMeanwhile

        monkeypatch.setattr(house.rooms, "save", twice)
        assert ask("DELETE", room_id, photo_id, user="mina").status == 204
        assert house.announced() == ["RoomRegistered", "RoomModified", "RoomModified"]


class TestReviews:
    @pytest.fixture(autouse=True)
    def stays(self, house: House, room_id: str) -> None:
        stayed(house, room_id, "guest")

    def test_reviews_that_meet_at_a_rooms_count_are_all_counted(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.reviews, "save", losing(4, house.reviews.save))
        assert reviewed(room_id).status == 201
        assert at(room_id).body["reviewCnt"] == 1

    def test_a_room_that_is_reviewed_by_many_at_once_asks_for_patience(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        review = {"review_id": reviewed(room_id).body["reviewId"]}
        monkeypatch.setattr(house.reviews, "save", losing(5, house.reviews.save))
        changed = knock(
            "room", "PATCH", "/reviews/{review_id}", path=review, user="guest", body={"content": "So so"}
        )
        assert (changed.body["type"], changed.body["detail"]) == (
            "/problems/changed-meanwhile",
            "The room is being reviewed by many at once; try again.",
        )

    def test_a_review_that_only_met_others_every_time_is_not_said_to_be_there(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(house.reviews, "save", losing(5, house.reviews.save))
        refused = reviewed(room_id)
        assert (refused.body["type"], refused.body["detail"]) == (
            "/problems/changed-meanwhile",
            "The room is being reviewed by many at once; try again.",
        )
        assert reviewed(room_id).status == 201

    def test_a_review_that_was_taken_back_meanwhile_is_not_changed_again_and_again(
        self, house: House, room_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        review = {"review_id": reviewed(room_id).body["reviewId"]}
        save, tries = house.reviews.save, list[None]()

        def too_late(*change: Any) -> None:
            house.reviews.reviews.clear()
            tries.append(None)
            save(*change)

        monkeypatch.setattr(house.reviews, "save", too_late)
        changed = knock(
            "room", "PATCH", "/reviews/{review_id}", path=review, user="guest", body={"content": "So so"}
        )
        assert (changed.body["type"], len(tries)) == ("/problems/changed-meanwhile", 1)

    @pytest.mark.parametrize(
        ("headers", "status", "told"),
        [(KEY, 201, None), ({}, 409, "/problems/already-reviewed")],
        ids=["told what it wrote", "told that it is there"],
    )
    def test_the_same_review_at_once_is_written_once(
        self,
        house: House,
        room_id: str,
        headers: dict[str, str],
        status: int,
        told: str | None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        save = house.reviews.save

        def twice(*change: Any) -> None:
            save(*change)
            save(*change)

        monkeypatch.setattr(house.reviews, "save", twice)
        answer = reviewed(room_id, headers=headers)
        assert (answer.status, answer.body.get("type")) == (status, told)
        assert at(room_id).body["reviewCnt"] == 1

    def test_saying_the_same_again_changes_nothing(self, house: House, room_id: str) -> None:
        review = {"review_id": reviewed(room_id).body["reviewId"]}
        announced = house.announced()
        again = knock("room", "PATCH", "/reviews/{review_id}", path=review, user="guest", body=REVIEW)
        assert (again.status, house.announced()) == (200, announced)


def test_describing_a_room_as_it_is_changes_nothing(house: House, room_id: str) -> None:
    assert at(room_id, "PATCH", user="mina", body={"desc": "Beautiful House"}).status == 200
    assert house.announced() == ["RoomRegistered"]
    assert kept(house, room_id)
