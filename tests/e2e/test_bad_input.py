"""What nobody should send gets one clear answer at the front door, and changes nothing."""

from typing import Any

import httpx
import pytest

from kernel.ids import new_id
from tests.house import House, Person

UNKNOWN = f"/rooms/{new_id()}"


@pytest.fixture(scope="module")
def host(house: House) -> Person:
    return house.person(f"host-{new_id()}", "host")


@pytest.fixture(scope="module")
def room(host: Person) -> dict[str, Any]:
    return host.lists_room()


def assert_problem(answer: httpx.Response, status: int, kind: str, path: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    problem = answer.json()
    assert (problem["type"], problem["status"], problem["instance"]) == (f"/problems/{kind}", status, path)
    assert problem["title"]
    assert problem["detail"]
    assert problem["correlationId"] == answer.headers["X-Correlation-Id"]


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", UNKNOWN, 404, "not-found"),
        ("GET", "/rooms/no-id-at-all", 404, "not-found"),
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/rooms/a/b/c", 404, "not-found"),
        ("PUT", "/rooms", 405, "method-not-allowed"),
        ("POST", "/payments", 405, "method-not-allowed"),
        ("DELETE", "/roomviews", 405, "method-not-allowed"),
        ("TRACE", "/rooms", 405, "method-not-allowed"),
        ("GET", "/nowhere%22%2C%0A%3Cb%3E", 404, "not-found"),
        ("POST", "/rooms", 401, "unauthenticated"),
        ("GET", "/reservations", 401, "unauthenticated"),
        ("GET", "/messages", 401, "unauthenticated"),
        ("GET", "/roomviews/search/findByRsvId", 401, "unauthenticated"),
    ],
)
def test_nobody_gets_anything_by_asking_wrongly(
    house: House, method: str, path: str, status: int, kind: str
) -> None:
    assert_problem(house.anybody().ask(method, path), status, kind, path)


@pytest.mark.parametrize("token", ["", "x", "Bearer", "Bearer x", "Bearer a.b.c", "Basic dTpw"])
def test_what_is_no_token_lets_nobody_in(house: House, token: str) -> None:
    answer = house.anybody().ask("POST", "/rooms", {"desc": "x"}, Authorization=token)
    assert_problem(answer, 401, "unauthenticated", "/rooms")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"nmae": "x"}, "/nmae"),
        ({"status": "reserved"}, "/status"),
        ({"reviewCnt": 7}, "/reviewCnt"),
        ({"desc": 7}, "/desc"),
        ({"maxGuests": "two"}, "/maxGuests"),
    ],
)
def test_an_unacceptable_field_is_named_and_nothing_is_written(
    house: House, host: Person, room: dict[str, Any], body: dict[str, Any], pointer: str
) -> None:
    path = f"/rooms/{room['roomId']}"
    answer = host.ask("PATCH", path, body)
    assert_problem(answer, 422, "invalid-input", path)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert host.get(path) == room


def test_what_is_too_large_is_refused_before_it_is_read(house: House, host: Person) -> None:
    large = host.ask("POST", "/rooms", {"desc": "x" * 200_000})
    assert_problem(large, 413, "too-large", "/rooms")
    assert_problem(host.ask("GET", "/rooms", X_Large="x" * 11_000), 413, "too-large", "/rooms")
    assert_problem(host.ask("POST", "/rooms", {"desc": "x" * (10 << 20)}), 413, "too-large", "/rooms")


@pytest.mark.parametrize("header", ["x" * 256, "한옥", "a b"])
def test_a_key_that_is_none_is_malformed(house: House, host: Person, header: str) -> None:
    headers = httpx.Headers({**host.headers, "Idempotency-Key": header}, encoding="utf-8")
    answer = house.http.post("/rooms", json={"desc": "x"}, headers=headers)
    assert_problem(answer, 400, "malformed-request", "/rooms")


@pytest.mark.parametrize(
    "path", ["/rooms", "/reviews", "/roomviews", "/messages", "/payments", "/reservations"]
)
def test_a_cursor_that_was_not_sealed_here_is_refused(house: House, host: Person, path: str) -> None:
    for cursor in ("e30", "eyJwayI6eyJTIjoieCJ9fQ", "A" * 64):
        answer = host.ask("GET", f"{path}?cursor={cursor}")
        assert_problem(answer, 422, "invalid-input", path)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain", ""]
)
def test_only_json_is_taken(house: House, host: Person, kind: str) -> None:
    headers = {**host.headers, "Content-Type": kind}
    answer = house.http.post("/rooms", content=b'{"desc": "x"}', headers=headers)
    assert_problem(answer, 415, "unsupported-media-type", "/rooms")


def test_a_cursor_of_one_person_is_no_cursor_of_another(house: House, host: Person) -> None:
    for _ in range(2):
        room_id = host.lists_room()["roomId"]
        assert host.books(room_id, new_id()).status_code == 201
    following = host.get("/reservations?size=1")["_links"]["next"]["href"]
    assert host.ask("GET", following).status_code == 200
    answer = house.person("stranger").ask("GET", following)
    assert_problem(answer, 422, "invalid-input", "/reservations")


def test_broken_json_is_malformed(house: House, host: Person) -> None:
    headers = {**host.headers, "Content-Type": "application/json"}
    answer = house.http.post("/rooms", content=b'{"desc": ', headers=headers)
    assert_problem(answer, 400, "malformed-request", "/rooms")


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"desc": "mine"}), ("DELETE", None)])
def test_a_stranger_changes_nothing(
    house: House, host: Person, room: dict[str, Any], method: str, body: dict[str, Any] | None
) -> None:
    path = f"/rooms/{room['roomId']}"
    assert_problem(house.person("stranger").ask(method, path, body), 403, "forbidden", path)
    assert host.get(path) == room


def test_a_page_of_another_origin_may_ask(house: House) -> None:
    answer = house.anybody().ask(
        "OPTIONS",
        "/rooms",
        Origin="http://example.org",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="authorization,content-type,idempotency-key",
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]


def test_head_answers_as_get_without_its_body(house: House, room: dict[str, Any]) -> None:
    path = f"/rooms/{room['roomId']}"
    head, get = (house.anybody().ask(method, path) for method in ("HEAD", "GET"))
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", get.headers["ETag"])
