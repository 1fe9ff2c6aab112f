"""The issuer of the local engine: tokens in Cognito's shape, key sets, rotation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.engine.engines import Engine, running
from tests.engine.identities import Pool, deployed_pool
from tests.engine.stacks import stacks_on, unique


@pytest.fixture
def pool(engine: Engine) -> Iterator[Pool]:
    with stacks_on(engine) as stacks:
        yield deployed_pool(stacks)


def verified(pool: Pool, token: str) -> dict[str, Any]:
    """The claims, verified as any client of the issuer would: by nothing but what it publishes."""
    discovery = httpx.get(f"{pool.issuer}/.well-known/openid-configuration").raise_for_status().json()
    keys = jwt.PyJWKSet.from_dict(httpx.get(discovery["jwks_uri"]).raise_for_status().json())
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return dict(jwt.decode(token, key, algorithms=["RS256"], audience=pool.client_id, issuer=pool.issuer))


def test_a_token_is_verifiable_by_what_the_issuer_publishes(pool: Pool) -> None:
    claims = verified(pool, pool.token(role="host"))
    assert claims["token_use"] == "id"
    assert claims["cognito:username"] == "mina"
    assert claims["cognito:groups"] == ["host"]
    assert claims["email_verified"] is True
    assert {"sub", "name", "email", "auth_time", "iat", "jti"} <= claims.keys()
    assert claims["exp"] - claims["iat"] == 3600


def test_the_same_user_is_always_the_same_person(pool: Pool) -> None:
    first, second = verified(pool, pool.token()), verified(pool, pool.token(roles=["host", "admin"]))
    assert first["sub"] == second["sub"]
    assert first["jti"] != second["jti"]
    assert verified(pool, pool.token(user="jun"))["sub"] != first["sub"]


def test_private_parts_of_keys_are_never_published(pool: Pool) -> None:
    for key in pool.key_set()["keys"]:
        assert key.keys() == {"kid", "kty", "use", "alg", "n", "e"}


def test_after_a_rotation_the_new_key_signs_and_old_tokens_stay_good(pool: Pool) -> None:
    before = pool.token()
    new = pool.rotate()
    after = pool.token()
    assert jwt.get_unverified_header(after)["kid"] == new
    assert jwt.get_unverified_header(before)["kid"] != new
    verified(pool, before)
    verified(pool, after)


@pytest.mark.parametrize(
    "wish",
    [
        {"role": "stranger"},
        {"user": ""},
        {"roles": "host"},
        {"expiresIn": 0},
        {"expiresIn": 10**6},
        {"user": 7},
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_granted_is_refused(pool: Pool, wish: dict[str, object]) -> None:
    reply = pool.ask(**wish)
    assert reply.status_code == 400
    assert reply.json()["message"]


def test_an_unknown_pool_has_neither_tokens_nor_keys(engine: Engine) -> None:
    assert httpx.get(f"{engine.aws}/ap-northeast-2_Nobody/.well-known/jwks.json").status_code == 404
    wish = {"user": "mina", "pool": "ap-northeast-2_Nobody"}
    assert httpx.post(f"{engine.aws}/_staybook/issuer/token", json=wish).status_code == 404


def test_the_issuer_cannot_be_reached_through_the_front_door(engine: Engine, pool: Pool) -> None:
    for path in (f"/{pool.pool_id}/.well-known/jwks.json", "/_staybook/mends", "/_localstack/health"):
        reply = httpx.get(f"{engine.gateway}{path}")
        assert reply.status_code in (404, 503), path
        assert "keys" not in reply.text
    reply = httpx.post(f"{engine.gateway}/_staybook/issuer/token", json={"user": "mina"})
    assert reply.status_code in (404, 503)
    assert "token" not in reply.json()


def test_tokens_survive_a_restart_and_keys_are_their_owners_alone(tmp_path: Path) -> None:
    engine, name = Engine(tmp_path), unique("pool")
    with running(engine), stacks_on(engine) as stacks:
        token = deployed_pool(stacks, name).token(role="host")
    files = list((tmp_path / "issuer").glob("*.json"))
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    with running(engine), stacks_on(engine) as stacks:
        claims = verified(deployed_pool(stacks, name), token)
    assert claims["exp"] > time.time()


def test_without_the_mend_nobody_issues_tokens(plain: Engine) -> None:
    reply = httpx.post(f"{plain.aws}/_staybook/issuer/token", json={"user": "mina"})
    assert "token" not in reply.text
