"""What clients see of the room service."""

from datetime import date

import pytest

from chalicelib.room.bootstrap import wiring
from chalicelib.room.commands import release
from chalicelib.room.hearing import HEARD
from kernel.events import CloudEvent
from kernel.ids import new_id
from kernel.stay import Stay
from tests.doors import Answer, asked, knock, load_app
from tests.unit.room.conftest import House
from tests.wired import wire

TONIGHT = Stay(date(2026, 12, 24), date(2026, 12, 25))


def registered(**fields: object) -> Answer:
    return knock("room", "POST", "/rooms", user="mina", body={"desc": "Beautiful House", **fields})


def at(room_id: str, method: str = "GET", **more: object) -> Answer:
    return knock("room", method, "/rooms/{room_id}", path={"room_id": room_id}, **more)


def stayed(house: House, room_id: str, guest: str, reservation_id: str | None = None) -> None:
    """The guest's booking of tonight stands."""
    reservation_id = reservation_id or new_id()
    facts = {
        "roomId": room_id,
        "rsvId": reservation_id,
        "guestId": guest,
        "checkIn": TONIGHT.check_in.isoformat(),
        "checkOut": TONIGHT.check_out.isoformat(),
    }
    hear(house, "ReservationConfirmed", facts, 2)


def ended(room_id: str, reservation_id: str) -> dict[str, str]:
    """What is said of a booking of tonight that ended."""
    return {
        "roomId": room_id,
        "rsvId": reservation_id,
        "guestId": "guest",
        "checkIn": "2026-12-24",
        "checkOut": "2026-12-25",
    }


def hear(house: House, event_type: str, facts: dict[str, str], version: int) -> None:
    event = CloudEvent(
        id=f"{facts['rsvId']}:{version}:1",
        source="staybook.reservation",
        type=event_type,
        subject=facts["rsvId"],
        time="2026-12-24T03:00:00.000Z",
        sequence=version,
        correlationid="story",
        data=dict(facts),
    )
    HEARD[event_type](event)


@pytest.mark.usefixtures("house")
class TestRooms:
    def test_a_room_needs_no_more_than_a_description(self) -> None:
        answer = registered()
        assert answer.status == 201
        assert answer.headers["Location"] == f"/rooms/{answer.body['roomId']}"
        assert answer.headers["Content-Type"] == "application/hal+json"
        shown = {name: answer.body[name] for name in ("desc", "hostId", "status", "reviewCnt", "lastAction")}
        assert shown == {
            "desc": "Beautiful House",
            "hostId": "mina",
            "status": "available",
            "reviewCnt": 0,
            "lastAction": "register",
        }

    def test_everybody_reads_a_room(self) -> None:
        made = registered().body
        assert at(made["roomId"]).body == made

    def test_an_unchanged_room_need_not_be_sent_again(self) -> None:
        room_id = registered().body["roomId"]
        tag = at(room_id).headers["ETag"]
        again = at(room_id, headers={"If-None-Match": tag})
        assert (again.status, again.text) == (304, "")

    def test_rooms_are_listed_in_pages(self) -> None:
        made = {registered().body["roomId"] for _ in range(3)}
        first = knock("room", "GET", "/rooms", query={"size": "2"}).body
        assert len(first["_embedded"]["rooms"]) == first["page"]["size"] == 2
        address, cursor = first["_links"]["next"]["href"].split("&cursor=")
        assert address == "/rooms?size=2", "the next page is as large"
        second = knock("room", "GET", "/rooms", query={"size": "2", "cursor": cursor}).body
        shown = first["_embedded"]["rooms"] + second["_embedded"]["rooms"]
        assert {room["roomId"] for room in shown} == made
        assert "next" not in second["_links"]

    def test_its_host_changes_a_room(self) -> None:
        room_id = registered().body["roomId"]
        answer = at(room_id, "PATCH", user="mina", body={"desc": "Even better"})
        assert (answer.status, answer.body["desc"], answer.body["lastAction"]) == (
            200,
            "Even better",
            "modify",
        )

    def test_a_whole_representation_may_be_sent_back(self) -> None:
        made = registered().body
        answer = at(made["roomId"], "PUT", user="mina", body={**made, "title": "Hanok", "status": "reserved"})
        assert (answer.status, answer.body["title"], answer.body["status"]) == (200, "Hanok", "available")

    def test_a_stale_if_match_changes_nothing(self) -> None:
        room_id = registered().body["roomId"]
        answer = at(room_id, "PATCH", user="mina", body={"desc": "x"}, headers={"If-Match": '"old"'})
        assert (answer.status, at(room_id).body["desc"]) == (412, "Beautiful House")

    @pytest.mark.parametrize(
        ("method", "body"), [("PATCH", {"desc": "x"}), ("PUT", {"desc": "x"}), ("DELETE", None)]
    )
    def test_nobody_else_changes_a_room(self, method: str, body: object) -> None:
        room_id = registered().body["roomId"]
        assert at(room_id, method, user="stranger", body=body).status == 403
        assert at(room_id).body["desc"] == "Beautiful House"

    def test_a_deleted_room_is_gone(self, house: House) -> None:
        room_id = registered().body["roomId"]
        assert at(room_id, "DELETE", user="mina").status == 204
        assert at(room_id).status == 404
        assert house.announced() == ["RoomRegistered", "RoomDeleted"]

    def test_a_booked_room_cannot_go(self, house: House) -> None:
        room_id = registered().body["roomId"]
        house.book(room_id, "RESERVATION", TONIGHT)
        answer = at(room_id, "DELETE", user="mina")
        assert (answer.status, answer.body["type"]) == (409, "/problems/room-has-bookings")
        assert at(room_id).body["status"] == "reserved"

    def test_check_answers_and_reserves_nothing(self, house: House) -> None:
        room_id = registered().body["roomId"]
        asked = {"query": {"roomId": room_id}}
        before = knock("room", "GET", "/check/chkAndReqReserve", **asked)
        house.book(room_id, "RESERVATION", TONIGHT)
        after = knock("room", "GET", "/check/chkAndReqReserve", **asked)
        assert (before.text, after.text) == ("true", "false")


@pytest.mark.parametrize("check_in", ["9999-12-31", "0001-01-01"])
@pytest.mark.parametrize("resource", ["/check/chkAndReqReserve", "/rooms/{room_id}/quote"])
def test_the_ends_of_the_calendar_are_dates_too(house: House, resource: str, check_in: str) -> None:
    room_id = registered().body["roomId"]
    query = {"checkIn": check_in} | ({"roomId": room_id} if "check/" in resource else {})
    assert knock("room", "GET", resource, path={"room_id": room_id}, query=query).status in (200, 422)


@pytest.mark.parametrize(("check_out", "free"), [("2027-01-23", True), ("2027-01-24", False)])
def test_the_longest_stay_is_free_and_a_longer_one_is_not(house: House, check_out: str, free: bool) -> None:  # noqa: FBT001 - what is expected
    query = {"roomId": registered().body["roomId"], "checkIn": "2026-12-24", "checkOut": check_out}
    assert knock("room", "GET", "/check/chkAndReqReserve", query=query).body is free


def test_a_stay_of_ages_is_not_free_and_costs_no_reads(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    room_id = registered().body["roomId"]
    monkeypatch.setattr(house.calendar, "months", None)
    query = {"roomId": room_id, "checkIn": "0001-01-01", "checkOut": "9999-12-31"}
    assert knock("room", "GET", "/check/chkAndReqReserve", query=query).body is False


@pytest.mark.usefixtures("house")
class TestBadInput:
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "/desc"),
            ({"desc": 5}, "/desc"),
            ({"desc": ""}, "/desc"),
            ({"desc": "x", "nmae": "y"}, "/nmae"),
            ({"desc": "x", "status": "reserved"}, "/status"),
            ({"desc": "x", "hostId": "me"}, "/hostId"),
            ({"desc": "x", "timeZone": "Mars/Olympus"}, "/timeZone"),
            ({"desc": "x", "timeZone": "../etc/passwd"}, "/timeZone"),
            ({"desc": "x", "pricePerNight": {"amount": 1.5, "currency": "KRW"}}, "/pricePerNight/amount"),
            ({"desc": "x", "maxGuests": True}, "/maxGuests"),
        ],
    )
    def test_an_unacceptable_field_is_named(self, house: House, body: object, pointer: str) -> None:
        answer = knock("room", "POST", "/rooms", user="mina", body=body)
        assert (answer.status, answer.headers["Content-Type"]) == (422, "application/problem+json")
        assert [error["pointer"] for error in answer.body["errors"]] == [pointer]
        assert house.rooms.rooms == {}

    @pytest.mark.parametrize("raw", ["{", "", "[1", '{"desc": "x"', '{"desc": "\\ud800"}'])
    def test_what_is_not_json_is_malformed(self, raw: str) -> None:
        answer = knock("room", "POST", "/rooms", user="mina", raw=raw)
        assert (answer.status, answer.body["type"]) == (400, "/problems/malformed-request")

    def test_another_media_type_is_refused(self) -> None:
        answer = knock("room", "POST", "/rooms", user="mina", raw="x", headers={"content-type": "text/plain"})
        assert (answer.status, answer.body["title"]) == (415, "Send JSON")

    def test_a_write_needs_somebody_signed_in(self) -> None:
        answer = knock("room", "POST", "/rooms", body={"desc": "x"})
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")

    @pytest.mark.parametrize("room_id", ["unknown", new_id(), "a/b", "é", "x" * 500])
    def test_an_unknown_id_is_not_found(self, room_id: str) -> None:
        answer = at(room_id)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")

    def test_a_method_that_is_not_there_is_named_as_such(self) -> None:
        answer = knock("room", "PUT", "/rooms", body={})
        assert (answer.status, answer.body["type"]) == (405, "/problems/method-not-allowed")
        assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}

    @pytest.mark.parametrize("query", [{"size": "0"}, {"size": "many"}, {"sort": "x"}])
    def test_an_unacceptable_query_is_named(self, query: dict[str, str]) -> None:
        answer = knock("room", "GET", "/rooms", query=query)
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, f"?{next(iter(query))}")


class TestReviews:
    def reviewed(self, room_id: str, guest: str, **fields: object) -> Answer:
        body = {"roomId": room_id, "content": "Good Room", **fields}
        return knock("room", "POST", "/reviews", user=guest, body=body)

    def test_a_guest_reviews_from_check_in_on(self, house: House) -> None:
        room_id = registered().body["roomId"]
        stayed(house, room_id, "guest")
        answer = self.reviewed(room_id, "guest", rating=4)
        assert (answer.status, answer.body["content"]) == (201, "Good Room")
        room = at(room_id).body
        assert (room["reviewCnt"], room["rating"], room["lastAction"]) == (1, 4.0, "review")

    def test_nobody_reviews_without_a_stay(self, house: House) -> None:
        room_id = registered().body["roomId"]
        answer = self.reviewed(room_id, "guest")
        assert (answer.status, answer.body["type"]) == (403, "/problems/no-stay-to-review")

    def test_a_cancelled_stay_gives_no_say(self, house: House) -> None:
        room_id, reservation_id = registered().body["roomId"], new_id()
        house.book(room_id, reservation_id, TONIGHT)
        stayed(house, room_id, "guest", reservation_id)
        hear(house, "ReservationCancelled", ended(room_id, reservation_id), 4)
        assert self.reviewed(room_id, "guest").status == 403
        assert (at(room_id).body["status"], at(room_id).body["lastAction"]) == ("available", "register")

    @pytest.mark.parametrize("event_type", ["ReservationRejected", "ReservationExpired"])
    def test_of_a_booking_that_never_stood_nothing_is_kept(self, house: House, event_type: str) -> None:
        room_id, reservation_id = registered().body["roomId"], new_id()
        house.book(room_id, reservation_id, TONIGHT)
        facts = ended(room_id, reservation_id)
        hear(house, event_type, facts, 2)
        release({**facts, "version": 2, "stood": False})
        assert at(room_id).body["status"] == "available"
        assert house.stays.records == {}

    def test_a_stay_is_reviewed_once(self, house: House) -> None:
        room_id = registered().body["roomId"]
        stayed(house, room_id, "guest")
        self.reviewed(room_id, "guest")
        assert self.reviewed(room_id, "guest").body["type"] == "/problems/already-reviewed"
        assert at(room_id).body["reviewCnt"] == 1

    def test_everybody_reads_what_was_said_of_a_room_and_of_no_other(self, house: House) -> None:
        room_id, other = registered().body["roomId"], registered().body["roomId"]
        for reviewed_room in (room_id, other):
            stayed(house, reviewed_room, "guest")
        review = self.reviewed(room_id, "guest").body
        self.reviewed(other, "guest")
        listed = knock("room", "GET", "/reviews", query={"roomId": room_id}).body
        assert listed["_embedded"]["reviews"] == [review]
        assert len(knock("room", "GET", "/reviews").body["_embedded"]["reviews"]) == 2

    def test_the_author_changes_and_takes_back_a_review(self, house: House) -> None:
        room_id = registered().body["roomId"]
        stayed(house, room_id, "guest")
        path = {"review_id": self.reviewed(room_id, "guest", rating=5).body["reviewId"]}
        one = "/reviews/{review_id}"
        changed = knock(
            "room", "PATCH", one, path=path, user="guest", body={"content": "Good Room. But Expensive"}
        )
        assert (changed.body["content"], changed.body["rating"]) == ("Good Room. But Expensive", 5)
        assert knock("room", "DELETE", one, path=path, user="stranger").status == 403
        assert knock("room", "DELETE", one, path=path, user="guest").status == 204
        assert (at(room_id).body["reviewCnt"], at(room_id).body["rating"]) == (0, None)
        assert knock("room", "GET", one, path=path).status == 404


def test_a_head_request_is_a_get_without_its_body(house: House) -> None:
    room_id = registered().body["roomId"]
    answer = at(room_id, "HEAD")
    assert (answer.status, answer.text, answer.headers["ETag"]) == (200, "", at(room_id).headers["ETag"])


def test_korean_is_sent_as_it_is_written(house: House) -> None:
    assert "한옥" in registered(title="한옥").text


def test_a_correlation_id_comes_back(house: House) -> None:
    answer = knock("room", "GET", "/rooms", headers={"X-Correlation-Id": "my-story"})
    assert answer.headers["X-Correlation-Id"] == "my-story"


@pytest.mark.parametrize(("resource", "status"), [("/rooms", 200), ("/rooms/{room_id}", 404)])
def test_the_development_server_tells_the_path_in_the_context_alone(
    house: House, resource: str, status: int
) -> None:
    event = asked("GET", resource, path={"room_id": "none"})
    del event["path"]
    assert load_app("room").app(event, None)["statusCode"] == status


def test_no_new_room_is_taken_while_the_operator_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    wire(monkeypatch, wiring, takes_rooms=lambda: False)
    answer = knock("room", "POST", "/rooms", body={"desc": "Beautiful House"}, user="hana", groups="host")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert answer.body["type"] == "/problems/unavailable"
