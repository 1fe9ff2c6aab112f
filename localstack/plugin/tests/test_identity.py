"""Keys, tokens and what the Cognito authorizer makes of them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt

from staybook_engine.cognito_authorizer import (
    RefusedToken,
    as_request_context,
    verified_claims,
    without_scheme,
)
from staybook_engine.issuer import TokenRequest, id_token_claims, subject_of
from staybook_engine.issuer_keys import LONGEST_TOKEN_SECONDS, KeyRing
from staybook_engine.user_pools import AppClient, NoSuchPool, UserPool, UserPools


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def pools(tmp_path: Path) -> UserPools:
    return UserPools(tmp_path / "issuer")


@pytest.fixture
def pool(pools: UserPools) -> UserPool:
    one = pools.create("people", "ap-northeast-2", "000000000000")
    one.add_client(AppClient("web"))
    return one


def signed(pool: UserPool, **changes: Any) -> str:
    """An ID token of mina's, with these claims changed; None takes a claim away."""
    asked = TokenRequest("mina", ("host",), 3600)
    claims = id_token_claims(pool, next(iter(pool.clients)), asked, int(time.time())) | changes
    key = pool.keys.signing_key()
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": key.kid}, present, key, algorithms=["RS256"])


def test_an_id_token_of_the_pool_is_accepted(pool: UserPool) -> None:
    assert verified_claims(signed(pool), [pool], [])["cognito:username"] == "mina"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": ["web"]},
        {"token_use": "access"},
        {"token_use": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": 1},
        {"nbf": 2**33},
        {"nbf": "now"},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(pool: UserPool, changes: dict[str, Any]) -> None:
    (name,) = changes
    with pytest.raises(RefusedToken, match="expired" if changes == {"exp": 1} else name):
        verified_claims(signed(pool, **changes), [pool], [])


def test_where_scopes_are_named_an_access_token_with_one_of_them_is_needed(pool: UserPool) -> None:
    client = next(iter(pool.clients))
    access = signed(pool, token_use="access", client_id=client, scope="rooms/read rooms/write", aud=None)
    assert verified_claims(access, [pool], ["rooms/write", "rooms/own"])["client_id"] == client
    for refused in (signed(pool), access):
        with pytest.raises(RefusedToken):
            verified_claims(refused, [pool], ["rooms/own"])


def test_a_token_of_any_listed_pool_is_accepted(pools: UserPools, pool: UserPool) -> None:
    other = pools.create("others", "ap-northeast-2", "000000000000")
    other.add_client(AppClient("web"))
    assert verified_claims(signed(other), [pool, other], [])["iss"] == other.issuer
    with pytest.raises(RefusedToken):
        verified_claims(signed(other), [pool], [])
    with pytest.raises(RefusedToken):
        verified_claims(signed(pool), [], [])


def test_claims_reach_functions_as_strings(pool: UserPool) -> None:
    claims = {"exp": 0, "iat": 0, "auth_time": 7, "email_verified": True, "cognito:groups": ["host", "admin"]}
    assert as_request_context(claims) == {
        "exp": "Thu Jan 01 00:00:00 UTC 1970",
        "iat": "Thu Jan 01 00:00:00 UTC 1970",
        "auth_time": "7",
        "email_verified": "true",
        "cognito:groups": "host,admin",
    }


@pytest.mark.parametrize("header", ["Bearer a.b.c", "bearer a.b.c", "a.b.c", "  Bearer   a.b.c "])
def test_a_token_may_come_with_or_without_its_scheme(header: str) -> None:
    assert without_scheme(header) == "a.b.c"


def test_a_retired_key_is_served_until_its_last_token_has_expired(tmp_path: Path) -> None:
    clock = Clock()
    ring = KeyRing(tmp_path / "keys.json", clock)
    old = ring.signing_key().kid
    new = ring.rotate()
    clock.now += LONGEST_TOKEN_SECONDS - 1
    assert [key["kid"] for key in ring.public_set()["keys"]] == [old, new]
    clock.now += 1
    assert [key["kid"] for key in ring.public_set()["keys"]] == [new]
    ring.rotate()
    assert old not in (tmp_path / "keys.json").read_text()


def test_keys_are_read_again_and_only_by_their_owner(tmp_path: Path) -> None:
    path = tmp_path / "issuer" / "keys.json"
    first = KeyRing(path)
    first.rotate()
    assert KeyRing(path).public_set() == first.public_set()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert "d" in json.loads(path.read_text())[0]["key"]
    assert all("d" not in key for key in first.public_set()["keys"])


def test_ids_are_the_same_wherever_they_are_made(tmp_path: Path, pool: UserPool) -> None:
    again = UserPools(tmp_path / "elsewhere").create("people", "ap-northeast-2", "000000000000")
    assert (again.pool_id, again.add_client(AppClient("web"))) == (pool.pool_id, next(iter(pool.clients)))
    assert subject_of("mina") == subject_of("mina") != subject_of("jun")


def test_pools_are_found_by_id_arn_or_as_the_only_one(pools: UserPools, pool: UserPool) -> None:
    assert pools.get(pool.pool_id) is pools.by_arn(pool.arn) is pools.only() is pool
    with pytest.raises(ValueError, match="already exists"):
        pools.create("people", "ap-northeast-2", "000000000000")
    pools.remove(pool.pool_id)
    with pytest.raises(NoSuchPool):
        pools.get(pool.pool_id)
    with pytest.raises(NoSuchPool, match="none is deployed"):
        pools.only()
