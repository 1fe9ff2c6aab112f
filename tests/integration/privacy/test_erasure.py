"""A guest stays, says so, and is forgotten: what is left of them anywhere is an id."""

from datetime import timedelta
from typing import Any

import pytest

from kernel import outbox
from tests.doors import Answer
from tests.permissions.furnished import FurnishedHouse

HOST, GUEST = "host-7d1", "guest-4f2"
EMAIL, NAME, WORDS, CARD = "planted@example.com", "Planted Name", "Planted words", "card_ok"
PERSONAL = (EMAIL, NAME, WORDS, CARD)


class Stay:
    """Everything that a guest does who leaves traces."""

    def __init__(self, house: FurnishedHouse) -> None:
        self.house = house
        self.profile("PUT", {"name": NAME, "email": EMAIL, "language": "en"})
        self.room_id = self.ask("room", "POST", "/rooms", HOST, body={"desc": "House"}).body["roomId"]
        self.stay = {"checkIn": "2026-12-22", "checkOut": "2026-12-24"}
        body = {"roomId": self.room_id, "paymentMethod": CARD, **self.stay}
        self.booking = self.ask("reservation", "POST", "/reservations", GUEST, body=body).body
        house.settle_down()

    def ask(self, service: str, method: str, resource: str, user: str, **request: Any) -> Answer:
        answer = self.house.ask(service, method, resource, user=user, **request)
        assert answer is not None
        return answer

    def profile(self, method: str, body: Any = None) -> Answer:
        return self.ask("message", method, "/me", GUEST, body=body)

    def data(self, method: str) -> Answer:
        return self.ask("message", method, "/me/data", GUEST)

    def passes(self) -> None:
        """The guest arrives, writes a review, and leaves."""
        self.house.later(timedelta(days=3))
        review = {"roomId": self.room_id, "content": WORDS, "rating": 5}
        assert self.ask("room", "POST", "/reviews", GUEST, body=review).status == 201
        self.house.later(timedelta(days=3))
        self.house.rest()

    def traces(self) -> list[str]:
        """What is left of the guest in the tables, packed or not, but for ids."""
        items = [item for table in self.house.store.tables.values() for item in table.items.values()]
        told = [event for item in items for event in outbox.since(outbox.entries(item), 0)]
        kept = repr((items, told))
        return [planted for planted in PERSONAL if planted in kept]

    def room(self) -> dict[str, Any]:
        at = {"path": {"room_id": self.room_id}}
        shown: dict[str, Any] = self.ask("room", "GET", "/rooms/{room_id}", HOST, **at).body
        return shown


@pytest.fixture
def stay(house: FurnishedHouse) -> Stay:
    return Stay(house)


def test_who_has_a_booking_open_or_a_room_listed_is_not_erased(stay: Stay) -> None:
    answer = stay.data("DELETE")
    assert (answer.status, answer.body["type"]) == (409, "/problems/still-standing")
    assert f"/reservations/{stay.booking['rsvId']}" in answer.body["detail"]
    assert stay.profile("GET").body["email"] == EMAIL
    hosted = stay.ask("message", "DELETE", "/me/data", HOST).body["detail"]
    assert f"/rooms/{stay.room_id}" in hosted


def test_the_export_has_what_every_service_keeps(stay: Stay) -> None:
    stay.passes()
    body = stay.data("GET").body
    assert body["profile"]["email"] == EMAIL
    assert [each["rsvId"] for each in body["reservations"]] == [stay.booking["rsvId"]]
    assert [each["payId"] for each in body["payments"]] == [stay.booking["payId"]]
    assert [each["content"] for each in body["reviews"]] == [WORDS]
    assert [each["kind"] for each in body["messages"]] == ["booked"]


def test_what_is_left_of_who_was_erased_is_an_id(stay: Stay) -> None:
    stay.passes()
    assert stay.traces() == list(PERSONAL)
    assert stay.data("DELETE").status == 204
    stay.house.rest()
    assert stay.traces() == []
    (booking,) = stay.data("GET").body["reservations"]
    assert (booking["guestId"], booking["status"]) == (GUEST, "completed")
    assert (stay.room()["reviewCnt"], stay.room()["rating"]) == (0, None)


def test_nothing_that_comes_again_brings_anything_back(stay: Stay) -> None:
    stay.passes()
    stay.data("DELETE")
    stay.house.rest()
    stay.house.again(list(stay.house.sent))
    stay.house.rest()
    assert stay.data("DELETE").status == 204
    stay.house.rest()
    assert stay.profile("GET").body["email"] is None
    assert stay.traces() == []
    assert stay.data("GET").body["messages"] == []


def test_what_is_on_the_bus_and_so_in_the_archive_names_people_by_id_alone(stay: Stay) -> None:
    stay.passes()
    stay.data("DELETE")
    stay.house.rest()
    said = " ".join(message.body for message in stay.house.sent)
    assert GUEST in said
    assert [planted for planted in PERSONAL if planted in said] == []


def test_the_books_are_as_they_were(stay: Stay) -> None:
    stay.passes()
    before = stay.data("GET").body["payments"]
    stay.data("DELETE")
    stay.house.rest()
    assert stay.data("GET").body["payments"] == before
