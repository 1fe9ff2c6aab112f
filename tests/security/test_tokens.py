"""Only a token of the pool, signed by it, for us, of now and of who somebody is opens a door; the log says why not."""

import os
from pathlib import Path

import httpx
import pytest

from tests.house import House
from tests.security.tokens import BAD, Mint
from tests.waiting import eventually

SIGNED_IN, OPTIONAL = "/reservations", "/roomviews"
SERVICE_LOG = "staybook-viewpage-identify.log"


@pytest.fixture(scope="module")
def mint(house: House) -> Mint:
    return Mint.of(fresh(house))


def fresh(house: House) -> str:
    return house.person("mina").headers["Authorization"].removeprefix("Bearer ")


def knock(house: House, path: str, token: str) -> httpx.Response:
    return house.anybody().insist("GET", path, Authorization=f"Bearer {token}")


def logged(name: str) -> str:
    path = Path(os.environ["STAYBOOK_STATE_DIR"]) / "logs" / name
    return path.read_text(errors="replace") if path.exists() else ""


def assert_refused(answer: httpx.Response) -> None:
    assert answer.status_code == 401, answer.text
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    problem = answer.json()
    assert (problem["type"], problem["detail"]) == ("/problems/unauthenticated", "Sign in first")
    assert problem["correlationId"] == answer.headers["X-Correlation-Id"]


@pytest.mark.parametrize("path", [SIGNED_IN, OPTIONAL])
def test_a_good_token_opens_the_door(house: House, mint: Mint, path: str) -> None:
    assert knock(house, path, mint.token()).status_code == 200


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_opens_no_door_and_the_gateway_s_log_says_why(
    house: House, mint: Mint, kind: str
) -> None:
    answer = knock(house, SIGNED_IN, BAD[kind].make(mint))
    assert_refused(answer)
    asked = f"(request {answer.json()['correlationId']})"

    def told() -> str | None:
        return next((line for line in logged("engine.log").splitlines() if asked in line), None)

    reason = eventually(told, what="a line in the log") or ""
    assert f"token refused: {reason.partition('token refused: ')[2]}" in reason
    assert BAD[kind].gateway in reason


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_token_is_no_stranger_s_where_signing_in_is_optional(
    house: House, mint: Mint, kind: str
) -> None:
    before = len(logged(SERVICE_LOG))
    assert_refused(knock(house, OPTIONAL, BAD[kind].make(mint)))

    def told() -> bool:
        new = logged(SERVICE_LOG)[before:]
        return "token refused" in new and BAD[kind].service in new

    eventually(told, what="a line in the log")


def test_nobody_at_all_is_refused_only_where_one_has_to_sign_in(house: House) -> None:
    assert_refused(house.anybody().insist("GET", SIGNED_IN))
    assert house.anybody().insist("GET", OPTIONAL).status_code == 200


@pytest.mark.parametrize("path", [SIGNED_IN, OPTIONAL])
def test_a_new_key_is_taken_without_a_restart_and_the_old_one_still(
    house: House, mint: Mint, path: str
) -> None:
    house.engine.post("/issuer/rotate", json={}).raise_for_status()
    token = fresh(house)
    eventually(lambda: knock(house, path, token).status_code == 200, what="the new key")
    assert knock(house, path, mint.token()).status_code == 200
