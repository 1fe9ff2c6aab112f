"""What clients see of the viewpage service."""

from typing import Any

import pytest

from chalicelib.viewpage.adapters.optional_sign_in import OptionalSignIn
from kernel.ids import new_id
from tests.doors import Answer, knock, load_app
from tests.unit.viewpage.conftest import Screen
from tests.unit.viewpage.happenings import GUEST, HOST, BookingStory, deleted, registered

PARTY_FIELDS = {"rsvId", "rsvStatus", "payId", "payStatus"}


def at(room_id: str, **more: Any) -> Answer:
    return knock("viewpage", "GET", "/roomviews/{room_id}", path={"room_id": room_id}, **more)


def listed(**query: str) -> Answer:
    return knock("viewpage", "GET", "/roomviews", query=query)


def found(by: str, query: dict[str, str], user: str | None) -> Answer:
    return knock("viewpage", "GET", f"/roomviews/search/{by}", query=query, user=user)


class TestOneRoom:
    @pytest.fixture(autouse=True)
    def booked(self, screen: Screen, room_id: str, christmas: BookingStory) -> None:
        screen.hear([registered(room_id, reviewCnt=2, ratingTotal=9, ratingCount=2), *christmas.booked()])

    def test_everybody_sees_the_room(self, room_id: str) -> None:
        body = at(room_id).body
        links = body.pop("_links")
        assert body == {
            "id": room_id,
            "roomId": room_id,
            "hostId": HOST,
            "desc": "Beautiful House",
            "title": "Hanok",
            "city": "Seoul",
            "timeZone": "Asia/Seoul",
            "maxGuests": 2,
            "minNights": 1,
            "pricePerNight": {"amount": 100_000, "currency": "KRW"},
            "cancellationPolicy": "flexible",
            "photos": [],
            "reviewCnt": 2,
            "rating": 4.5,
            "roomStatus": "reserved",
            "bookedNights": ["2026-12-24/2026-12-26"],
            "blockedNights": [],
            "lastAction": "reserved",
            "lastChange": "2026-12-20T00:04:00.000Z",
        }
        assert links["self"]["href"] == f"/roomviews/{room_id}"

    @pytest.mark.parametrize(("user", "groups"), [(GUEST, "guest"), (HOST, "host"), ("boss", "admin,host")])
    def test_a_party_sees_the_booking_too(
        self, room_id: str, christmas: BookingStory, user: str, groups: str
    ) -> None:
        body = at(room_id, user=user, groups=groups).body
        assert {name: body[name] for name in PARTY_FIELDS} == {
            "rsvId": christmas.reservation_id,
            "rsvStatus": "reserved",
            "payId": christmas.payment_id,
            "payStatus": "paid",
        }

    @pytest.mark.parametrize("user", [None, "stranger"])
    def test_nobody_else_sees_so_much_as_the_fields_names(self, room_id: str, user: str | None) -> None:
        assert not PARTY_FIELDS & at(room_id, user=user).body.keys()

    def test_the_claims_of_optional_sign_in_are_understood(self, room_id: str) -> None:
        event = {
            "resource": "/roomviews/{room_id}",
            "path": f"/roomviews/{room_id}",
            "httpMethod": "GET",
            "headers": {},
            "pathParameters": {"room_id": room_id},
            "multiValueQueryStringParameters": None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": "/roomviews/{room_id}",
                "httpMethod": "GET",
                "requestId": "request-1",
                "authorizer": {"principalId": GUEST, "sub": GUEST, "cognito:groups": "guest"},
            },
            "body": None,
            "isBase64Encoded": False,
        }
        assert "rsvId" in load_app("viewpage").app(event, None)["body"]

    def test_an_unchanged_room_need_not_be_sent_again(self, screen: Screen, room_id: str) -> None:
        tag = at(room_id).headers["ETag"]
        again = at(room_id, headers={"If-None-Match": tag})
        assert (again.status, again.text) == (304, "")
        screen.hear([registered(room_id, 2, 30, title="New")])
        assert at(room_id, headers={"If-None-Match": tag}).status == 200

    def test_a_party_and_a_stranger_hold_different_representations(self, room_id: str) -> None:
        assert at(room_id).headers["ETag"] != at(room_id, user=GUEST).headers["ETag"]

    def test_a_deleted_room_is_not_found_and_not_listed(self, screen: Screen, room_id: str) -> None:
        screen.hear([deleted(room_id, 2)])
        assert at(room_id).status == 404
        assert listed().body["_embedded"]["roomviews"] == []

    @pytest.mark.parametrize("unknown", [new_id(), "1", "a/b"])
    def test_an_unknown_room_is_not_found(self, unknown: str) -> None:
        answer = at(unknown)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert answer.body["instance"] == f"/roomviews/{unknown}"


class TestList:
    def test_rooms_come_in_pages(self, screen: Screen) -> None:
        rooms = {new_id() for _ in range(3)}
        screen.hear([registered(room) for room in rooms])
        first = listed(size="2", city="Seoul").body
        query = first["_links"]["next"]["href"].partition("?")[2]
        second = listed(**dict(pair.split("=") for pair in query.split("&"))).body
        shown = first["_embedded"]["roomviews"] + second["_embedded"]["roomviews"]
        assert [first["page"]["size"], second["page"]["size"]] == [2, 1]
        assert {room["roomId"] for room in shown} == rooms

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"status": "available"}, 1),
            ({"status": "reserved"}, 1),
            ({"city": "Busan"}, 0),
            ({"checkIn": "2026-12-24", "checkOut": "2026-12-25"}, 1),
            ({"guests": "3"}, 0),
            ({"maxPrice": "100000"}, 2),
        ],
    )
    def test_a_wish_narrows_the_list(
        self, screen: Screen, room_id: str, christmas: BookingStory, query: dict[str, str], count: int
    ) -> None:
        screen.hear([registered(room_id), registered(new_id()), *christmas.booked()])
        assert listed(**query).body["page"]["size"] == count

    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ({}, "new"),
            ({"sort": "newest"}, "new"),
            ({"sort": "price"}, "cheap"),
            ({"sort": "rating"}, "good"),
        ],
    )
    def test_rooms_come_in_the_order_that_was_asked_for(
        self, screen: Screen, query: dict[str, str], first: str
    ) -> None:
        price = {"amount": 50_000, "currency": "KRW"}
        screen.hear(
            [
                registered(new_id(), minute=1, title="cheap", pricePerNight=price),
                registered(new_id(), minute=2, title="good", reviewCnt=1, ratingTotal=5, ratingCount=1),
                registered(new_id(), minute=3, title="new"),
            ]
        )
        assert listed(size="1", **query).body["_embedded"]["roomviews"][0]["title"] == first

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ({"status": "gone"}, "?status"),
            ({"size": "101"}, "?size"),
            ({"guests": "0"}, "?guests"),
            ({"sort": "beauty"}, "?sort"),
            ({"sort": "price", "hostId": "jun"}, "?sort"),
            ({"checkIn": "2026-12-24"}, "?checkOut"),
            ({"checkIn": "2026-12-24", "checkOut": "2026-12-24"}, "?checkOut"),
        ],
    )
    def test_an_unacceptable_wish_is_named(self, screen: Screen, query: dict[str, str], pointer: str) -> None:
        answer = listed(**query)
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, pointer)


class TestFinding:
    @pytest.fixture(autouse=True)
    def booked(self, screen: Screen, room_id: str, christmas: BookingStory) -> None:
        screen.hear([registered(room_id), *christmas.booked()])

    @pytest.mark.parametrize(("user", "status"), [(GUEST, 200), (HOST, 200), ("stranger", 403), (None, 401)])
    def test_only_parties_find_a_booking(
        self, christmas: BookingStory, room_id: str, user: str | None, status: int
    ) -> None:
        answers = [
            found("findByRsvId", {"rsvId": christmas.reservation_id}, user),
            found("findByPayId", {"payId": christmas.payment_id}, user),
        ]
        assert [answer.status for answer in answers] == [status, status]
        if status == 200:
            assert [answer.body["payStatus"] for answer in answers] == ["paid", "paid"]

    def test_an_unknown_booking_is_not_found(self) -> None:
        assert found("findByRsvId", {"rsvId": new_id()}, GUEST).status == 404

    def test_the_id_is_asked_for(self) -> None:
        answer = found("findByPayId", {}, GUEST)
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "?payId")


class TestSignIn:
    def test_public_routes_declare_optional_sign_in(self) -> None:
        routes = load_app("viewpage").app.routes
        for resource in ("/roomviews", "/roomviews/{room_id}"):
            assert isinstance(routes[resource]["GET"].authorizer, OptionalSignIn)

    def test_searches_need_somebody_signed_in(self) -> None:
        routes = load_app("viewpage").app.routes
        for resource in ("/roomviews/search/findByRsvId", "/roomviews/search/findByPayId"):
            assert routes[resource]["GET"].authorizer.name == "SignedIn"


class TestPage:
    @pytest.mark.parametrize(
        ("resource", "name", "media_type"),
        [
            ("/", None, "text/html; charset=utf-8"),
            ("/assets/{name}", "app.js", "text/javascript; charset=utf-8"),
            ("/assets/{name}", "app.css", "text/css; charset=utf-8"),
        ],
    )
    def test_its_files_are_served_and_kept(self, resource: str, name: str | None, media_type: str) -> None:
        path = {"name": name} if name else None
        answer = knock("viewpage", "GET", resource, path=path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)
        again = knock(
            "viewpage", "GET", resource, path=path, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert (again.status, again.text, again.headers["Cache-Control"]) == (304, "", "no-cache")

    def test_nothing_in_it_runs_but_its_own_files(self) -> None:
        answer = knock("viewpage", "GET", "/")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "style=" not in answer.text
        assert "<style" not in answer.text
        assert answer.text.count("<script") == answer.text.count('<script src="assets/app.js"') == 1

    def test_what_rooms_say_never_becomes_markup(self) -> None:
        script = knock("viewpage", "GET", "/assets/{name}", path={"name": "app.js"}).text
        assert not any(
            sink in script for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
        )

    @pytest.mark.parametrize("name", ["nothing.js", "../app.py", "index.html/..", "..%2f..%2fapp.py"])
    def test_no_other_file_is_served(self, name: str) -> None:
        assert knock("viewpage", "GET", "/assets/{name}", path={"name": name}).status == 404
