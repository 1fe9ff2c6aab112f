"""Signing in at the local issuer as at Cognito's hosted pages: the code flow with PKCE."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from tests.engine.engines import Engine
from tests.engine.identities import Pool, deployed_pool
from tests.engine.stacks import stacks_on

BACK = "http://localhost:8088/"
VERIFIER = "a-verifier-of-the-least-length-there-may-be"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def pool(engine: Engine) -> Iterator[Pool]:
    with stacks_on(engine) as stacks:
        yield deployed_pool(stacks)


def asked(pool: Pool, **changes: str) -> dict[str, str]:
    wanted = {
        "response_type": "code",
        "client_id": pool.client_id,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": "as it was",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (wanted | changes).items() if value}


def signed_in(pool: Pool, role: str = "host", **changes: str) -> httpx.Response:
    form = asked(pool, **changes) | {"user": "mina", "role": role}
    return httpx.post(f"{pool.issuer}/oauth2/authorize", data=form)


def told(answer: httpx.Response) -> dict[str, str]:
    """What the client hears at its own address."""
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def exchanged(pool: Pool, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": pool.client_id,
        "redirect_uri": BACK,
        "code": code,
        "code_verifier": VERIFIER,
    }
    return httpx.post(f"{pool.issuer}/oauth2/token", data=form | changes)


def test_a_form_a_code_a_token(pool: Pool) -> None:
    page = httpx.get(f"{pool.issuer}/oauth2/authorize", params=asked(pool))
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    heard = told(signed_in(pool))
    assert heard["state"] == "as it was"
    answer = exchanged(pool, heard["code"])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    claims = jwt.decode(answer.json()["id_token"], options={"verify_signature": False})
    assert (claims["cognito:username"], claims["cognito:groups"], claims["token_use"]) == (
        "mina",
        ["host"],
        "id",
    )


def test_a_code_is_good_once(pool: Pool) -> None:
    code = told(signed_in(pool))["code"]
    assert exchanged(pool, code).status_code == 200
    again = exchanged(pool, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "x" * 43}, {"redirect_uri": f"{BACK}x"}, {"client_id": "another"}], ids=str
)
def test_a_code_is_for_whoever_asked_for_it(pool: Pool, changes: dict[str, str]) -> None:
    assert exchanged(pool, told(signed_in(pool))["code"], **changes).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "address",
    [f"{BACK}x", BACK.removesuffix("/"), "http://localhost:8088.evil.example/", "//evil.example", ""],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(pool: Pool, address: str) -> None:
    for answer in (
        signed_in(pool, redirect_uri=address),
        httpx.get(f"{pool.issuer}/oauth2/authorize", params=asked(pool, redirect_uri=address)),
        httpx.get(f"{pool.issuer}/logout", params={"client_id": pool.client_id, "logout_uri": address}),
    ):
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "email"}, "invalid_scope"),
    ],
    ids=str,
)
def test_only_the_code_flow_with_s256_is_known(pool: Pool, changes: dict[str, str], error: str) -> None:
    page = httpx.get(f"{pool.issuer}/oauth2/authorize", params=asked(pool, **changes))
    assert told(page) == {"error": error, "state": "as it was"}


def test_a_role_that_is_no_group_signs_nobody_in(pool: Pool) -> None:
    assert told(signed_in(pool, role="owner"))["error"] == "access_denied"


def test_what_is_asked_never_becomes_markup(pool: Pool) -> None:
    page = httpx.get(
        f"{pool.issuer}/oauth2/authorize", params=asked(pool, state='"><script>alert(1)</script>')
    )
    assert "<script>" not in page.text


def test_signing_out_leads_back(pool: Pool) -> None:
    answer = httpx.get(f"{pool.issuer}/logout", params={"client_id": pool.client_id, "logout_uri": BACK})
    assert (answer.status_code, answer.headers["Location"]) == (302, BACK)


def test_strangers_pages_hear_nothing(pool: Pool) -> None:
    """A browser lets a page read this only when it is the one that the gateway serves."""
    answer = httpx.post(f"{pool.issuer}/oauth2/token", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
