"""What is kept of a person, and what they wrote, taken back."""

from datetime import date

from chalicelib.room.domain.booking import Booking
from chalicelib.room.usecases import calendar, people
from kernel.stay import Stay
from tests.doors import knock
from tests.unit.room.conftest import House
from tests.unit.room.test_doors import TONIGHT, at, registered, stayed


def reviewed(house: House, room_id: str) -> None:
    stayed(house, room_id, "guest")
    body = {"roomId": room_id, "content": "Good Room", "rating": 5}
    assert knock("room", "POST", "/reviews", user="guest", body=body).status == 201


def forget(house: House) -> None:
    people.forget("guest", rooms=house.rooms, reviews=house.reviews, clock=lambda: house.now)


def test_what_a_person_wrote_is_taken_back_and_counts_no_more(house: House) -> None:
    room_id = registered().body["roomId"]
    reviewed(house, room_id)
    for _ in range(2):
        forget(house)
    assert people.written_reviews("guest", reviews=house.reviews) == []
    assert (at(room_id).body["reviewCnt"], at(room_id).body["rating"]) == (0, None)
    assert house.announced().count("ReviewDeleted") == 1


def test_a_review_of_a_room_that_is_gone_is_taken_back_too(house: House) -> None:
    gone, never_was = registered().body["roomId"], registered().body["roomId"]
    for room_id in (gone, never_was):
        reviewed(house, room_id)
    at(gone, "DELETE", user="mina")
    del house.rooms.rooms[never_was]
    forget(house)
    assert [review.content for review in house.reviews.reviews.values()] == ["", ""]
    assert house.announced().count("ReviewDeleted") == 2


def test_a_hosts_rooms_are_those_that_are_listed(house: House) -> None:
    stays, gone = registered().body["roomId"], registered().body["roomId"]
    at(gone, "DELETE", user="mina")
    assert [room.room_id for room in people.listed_rooms("mina", rooms=house.rooms)] == [stays]


def test_who_has_booked_which_night_leaves_out_what_is_only_held_or_blocked(house: House) -> None:
    room_id = registered().body["roomId"]
    house.book(room_id, "RESERVATION", TONIGHT)
    held = Booking(room_id, "HELD", Stay(date(2026, 12, 25), date(2026, 12, 26)))
    until = int(house.now.timestamp()) + 600
    calendar.claim(held, 1, until, None, rooms=house.rooms, calendar=house.calendar, clock=lambda: house.now)
    body = {"checkIn": "2026-12-26", "checkOut": "2026-12-27"}
    knock("room", "POST", "/rooms/{room_id}/blocks", path={"room_id": room_id}, user="mina", body=body)
    stay = Stay(date(2026, 12, 24), date(2026, 12, 27))
    assert calendar.booked(room_id, stay, calendar=house.calendar) == {date(2026, 12, 24): "RESERVATION"}
