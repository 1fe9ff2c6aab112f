"""What each change of a room, its nights and its reviews counts, says and leaves behind, to the letter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import msgspec
import pytest

from chalicelib.room.domain import calendar, review, room
from chalicelib.room.domain.booking import Booking
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.domain.photo import LARGEST_BYTES
from chalicelib.room.domain.rates import Rates
from chalicelib.room.domain.review import Opinion, Review
from chalicelib.room.domain.room import Details
from chalicelib.room.domain.terms import terms
from chalicelib.room.events import RoomCancelled, RoomReserved
from chalicelib.room.usecases.calendar import release
from chalicelib.room.usecases.reviews import create_review
from kernel.identity import Caller
from kernel.ids import derived_id
from kernel.money import Money
from tests.doors import knock
from tests.unit.room.conftest import House
from tests.unit.room.test_doors import TONIGHT, at, hear, registered, stayed

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
NIGHT = date(2026, 12, 24)
WON = Money(100_000, "KRW")
HELD = Month("room", "2026-12", {NIGHT: Hold("RESERVATION", 100)}, version=7)
BOOKED = replace(HELD, nights={NIGHT: Hold("RESERVATION", None)})
DETAILS = Details("Beautiful House", "Hanok", "Seoul", "Asia/Seoul", 2, 1, WON, "flexible")
ROOM = replace(room.register("room", "host", DETAILS, NOW)[0], version=1)
REVIEW = Review("review", "room", "guest", "Good Room", 4, NOW, version=3)


def test_a_booking_is_announced_as_reserved_one_version_later() -> None:
    after, events = calendar.book(HELD, "RESERVATION", [NIGHT], now=1)
    assert after.version == 8
    assert events == (
        RoomReserved(
            room_id="room",
            reservation_id="RESERVATION",
            nights=[NIGHT],
            status="reserved",
            last_action="reserved",
        ),
    )


def test_nights_given_back_are_announced_as_available_one_version_later() -> None:
    after, events = calendar.release(BOOKED, "RESERVATION")
    assert after.version == 8
    assert events == (
        RoomCancelled(
            room_id="room",
            reservation_id="RESERVATION",
            nights=[NIGHT],
            status="available",
            last_action="cancelled",
        ),
    )


def test_blocking_and_giving_back_are_a_version_each() -> None:
    blocked, _ = calendar.block(replace(HELD, nights={}), "BLOCK", [NIGHT], now=1)
    given_back, _ = calendar.unblock(blocked, "BLOCK")
    assert (blocked.version, given_back.version) == (8, 9)


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (lambda: room.modify(ROOM, replace(ROOM.details, city="Busan"), NOW), "modify"),
        (lambda: room.price_nights(ROOM, Rates({"fri": WON}), NOW), "modify"),
        (lambda: room.add_photo(ROOM, "photo", NOW), "modify"),
        (lambda: room.remove_photo(replace(ROOM, photos=("photo",)), "photo", NOW), "modify"),
        (lambda: room.count_review(ROOM, None, REVIEW, NOW), "review"),
        (lambda: room.delete(ROOM, NOW), "delete"),
    ],
)
def test_every_change_of_a_room_is_one_version_and_says_what_was_done(
    change: Callable[[], room.Change], action: str
) -> None:
    after, events = change()
    assert (ROOM.version, after.version, after.last_action) == (1, 2, action)
    assert len(events) == 1


def test_a_room_begins_with_version_one() -> None:
    assert room.register("room", "host", DETAILS, NOW)[0].version == 1


def test_every_change_of_a_review_is_one_version_and_its_words_stay_at_home() -> None:
    changed, told = review.modify(REVIEW, Opinion("So so", 3))
    gone, told_last = review.delete(changed)
    assert (changed.version, gone.version) == (4, 5)
    assert [msgspec.to_builtins(event)["content"] for event in (*told, *told_last)] == ["", ""]


def test_a_review_without_stars_adds_none() -> None:
    assert (replace(REVIEW, rating=None).stars, replace(REVIEW, deleted=True).stars, REVIEW.stars) == (
        0,
        0,
        4,
    )


def test_a_claim_is_live_in_its_last_second_and_a_booking_for_ever() -> None:
    assert [Hold("RESERVATION", 100).live(now) for now in (100, 101)] == [True, False]
    assert Hold("RESERVATION", None).live(10**12)


@pytest.mark.parametrize(
    ("policy", "tiers"),
    [("flexible", [(24, 100), (0, 50)]), ("strict", [(336, 100), (168, 50)])],
)
def test_a_policy_is_its_hours_and_its_shares(policy: str, tiers: list[tuple[int, int]]) -> None:
    sold_under = terms(policy, "Asia/Seoul")
    assert [(tier.hours_before, tier.percent) for tier in sold_under.refunds] == tiers


def test_a_picture_has_two_mebibytes_at_most() -> None:
    assert LARGEST_BYTES == 2 * 1024 * 1024


def test_what_guests_do_with_a_room_is_what_was_last_done(house: House) -> None:
    room_id = registered().body["roomId"]
    house.later(minutes=1)
    facts = {
        "roomId": room_id,
        "rsvId": derived_id("reservation", "one"),
        "guestId": "guest",
        "checkIn": "2026-12-24",
        "checkOut": "2026-12-25",
    }
    house.rooms.rooms[room_id] = replace(
        house.rooms.rooms[room_id], last_action_at=datetime(2026, 12, 1, tzinfo=UTC)
    )
    hear(house, "ReservationConfirmed", facts, 2)
    assert at(room_id).body["lastAction"] == "reserved"


def test_a_booking_that_is_let_go_is_what_was_last_done_and_one_without_nights_is_not(house: House) -> None:
    room_id = registered().body["roomId"]
    booking = house.book(room_id, "RESERVATION", TONIGHT)
    house.later(minutes=1)
    let_go(house, replace(booking, reservation_id="ANOTHER"))
    assert at(room_id).body["lastAction"] == "register"
    let_go(house, booking)
    assert at(room_id).body["lastAction"] == "cancelled"


def let_go(house: House, booking: Booking) -> None:
    release(booking, rooms=house.rooms, calendar=house.calendar, clock=lambda: house.now)


class TestReviewing:
    @pytest.fixture
    def path(self, house: House) -> dict[str, str]:
        room_id = registered().body["roomId"]
        stayed(house, room_id, "guest", "RESERVATION")
        body = {"roomId": room_id, "content": "Good Room", "rating": 5}
        return {"review_id": knock("room", "POST", "/reviews", user="guest", body=body).body["reviewId"]}

    def test_a_review_has_the_id_of_its_stay_and_begins_with_version_one(
        self, house: House, path: dict[str, str]
    ) -> None:
        kept = house.reviews.reviews[path["review_id"]]
        assert (kept.review_id, kept.version) == (derived_id("review", "RESERVATION"), 1)

    def test_a_key_is_told_what_it_wrote_although_that_was_taken_back(
        self, house: House, path: dict[str, str]
    ) -> None:
        room_id = house.reviews.reviews.pop(path["review_id"]).room_id
        write = partial(
            create_review,
            Caller("guest"),
            room_id,
            Opinion("Good Room", 5),
            "key",
            rooms=house.rooms,
            reviews=house.reviews,
            stays=house.stays,
            clock=lambda: house.now,
        )
        first = write().made
        house.reviews.reviews[first.review_id] = replace(first, deleted=True)
        again = write()
        assert (again.made, again.replayed) == (first, True)

    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_who_meant_another_state_of_a_review_changes_nothing(
        self, house: House, path: dict[str, str], method: str
    ) -> None:
        body = {"content": "So so"} if method == "PATCH" else None
        stale = {"if-match": '"another"'}
        answer = knock(
            "room", method, "/reviews/{review_id}", path=path, user="guest", body=body, headers=stale
        )
        assert answer.status == 412
        assert house.reviews.reviews[path["review_id"]].content == "Good Room"

    def test_one_written_again_goes_on_from_the_version_of_the_one_taken_back(
        self, house: House, path: dict[str, str]
    ) -> None:
        knock("room", "DELETE", "/reviews/{review_id}", path=path, user="guest")
        room_id = house.reviews.reviews[path["review_id"]].room_id
        body = {"roomId": room_id, "content": "Good after all", "rating": 2}
        knock("room", "POST", "/reviews", user="guest", body=body)
        kept = house.reviews.reviews[path["review_id"]]
        assert (kept.version, kept.deleted) == (3, False)
        assert at(room_id).body["rating"] == 2.0

    def test_stars_that_change_change_the_room_by_their_difference(
        self, house: House, path: dict[str, str]
    ) -> None:
        body = {"content": "So so", "rating": 2}
        knock("room", "PATCH", "/reviews/{review_id}", path=path, user="guest", body=body)
        room_id = house.reviews.reviews[path["review_id"]].room_id
        assert at(room_id).body["rating"] == 2.0


def test_a_stale_delete_takes_no_room_off(house: House) -> None:
    room_id = registered().body["roomId"]
    assert at(room_id, "DELETE", user="mina", headers={"if-match": '"another"'}).status == 412
    assert at(room_id).status == 200


def test_a_changed_room_is_kept_as_changed(house: House) -> None:
    room_id = registered().body["roomId"]
    at(room_id, "PATCH", user="mina", body={"desc": "Changed"})
    assert at(room_id).body["desc"] == "Changed"


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 12, 24), "2026-12", "2027-12"),
        (date(2026, 12, 2), "2026-12", "2027-12"),  # the last night that is sold is a month's first
        (date(2026, 11, 30), "2026-11", "2027-11"),  # the last day of a stay is a month's last
    ],
)
def test_a_room_that_goes_closes_every_month_that_can_be_booked(
    house: House, today: date, first: str, last: str
) -> None:
    house.later(days=(today - house.now.date()) / timedelta(days=1))
    room_id = registered().body["roomId"]
    at(room_id, "DELETE", user="mina")
    closed = sorted(month for (_, month), kept in house.calendar.written.items() if kept.closed)
    assert (len(closed), closed[0], closed[-1]) == (13, first, last)
