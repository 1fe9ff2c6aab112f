"""A small token issuer in Cognito's shape: key sets, rotation, and ID tokens for whoever asks on this machine.

Served on the engine's own port (127.0.0.1:4566) only; the front door leads to the API alone. There are no passwords
here: asking is enough, which is what a development machine wants and why this never leaves it.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any, Self

from joserfc import jwt

from staybook_engine.issuer_keys import LONGEST_TOKEN_SECONDS
from staybook_engine.mends import mend
from staybook_engine.user_pools import POOLS, NoSuchPool, UserPool

TOKEN_SECONDS = 60 * 60
SUBJECTS = uuid.UUID("6f1d1a0e-6c1b-5d3a-9d53-6c1f0f7f7c55")


class BadTokenRequest(ValueError):
    """The body of a token request can't be served; the message says why."""


@dataclass(frozen=True)
class TokenRequest:
    """Who wants a token: the user's name, the groups, and the seconds the token lives."""

    user: str
    groups: tuple[str, ...]
    expires_in: int

    @classmethod
    def parse(cls, body: Any) -> Self:
        """Reads {"user", "role" | "roles", "expiresIn"?}; anything else is a BadTokenRequest."""
        if not isinstance(body, dict) or not isinstance(body.get("user"), str) or not body["user"]:
            raise BadTokenRequest('"user" must be a name')
        groups = body.get("roles", [body["role"]] if "role" in body else [])
        if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
            raise BadTokenRequest('"roles" must be a list of names')
        seconds = body.get("expiresIn", TOKEN_SECONDS)
        if not isinstance(seconds, int) or not 1 <= seconds <= LONGEST_TOKEN_SECONDS:
            raise BadTokenRequest(
                f'"expiresIn" must be a whole number of seconds up to {LONGEST_TOKEN_SECONDS}'
            )
        return cls(body["user"], tuple(groups), seconds)


def subject_of(user: str) -> str:
    """The `sub` of a user name: always the same UUID, so `mina` is the same person after every restart."""
    return str(uuid.uuid5(SUBJECTS, user))


def id_token_claims(pool: UserPool, client: str, asked: TokenRequest, now: int) -> dict[str, Any]:
    """The claims of a Cognito ID token. `now` and the times inside are epoch seconds."""
    claims: dict[str, Any] = {
        "sub": subject_of(asked.user),
        "iss": pool.issuer,
        "aud": client,
        "token_use": "id",
        "cognito:username": asked.user,
        "name": asked.user.replace(".", " ").replace("-", " ").title(),
        "email": f"{asked.user}@example.com",
        "email_verified": True,
        "auth_time": now,
        "iat": now,
        "exp": now + asked.expires_in,
        "jti": str(uuid.uuid4()),
        "origin_jti": str(uuid.uuid4()),
    }
    if asked.groups:
        claims["cognito:groups"] = list(asked.groups)
    return claims


def issue_id_token(pool: UserPool, asked: TokenRequest) -> str:
    """Signs an ID token for the pool's one app client, or raises BadTokenRequest."""
    if len(pool.clients) != 1:
        raise BadTokenRequest(
            f"{pool.pool_id} has {len(pool.clients)} app clients; a token needs exactly one"
        )
    if unknown := set(asked.groups) - pool.groups:
        raise BadTokenRequest(f"{pool.pool_id} has no group {', '.join(sorted(unknown))}")
    key = pool.keys.signing_key()
    claims = id_token_claims(pool, next(iter(pool.clients)), asked, int(time.time()))
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key, algorithms=["RS256"])


def openid_configuration(pool: UserPool) -> dict[str, Any]:
    """OpenID Connect discovery, as far as this issuer goes."""
    return {
        "issuer": pool.issuer,
        "jwks_uri": f"{pool.issuer}/.well-known/jwks.json",
        "authorization_endpoint": f"{pool.issuer}/oauth2/authorize",
        "token_endpoint": f"{pool.issuer}/oauth2/token",
        "end_session_endpoint": f"{pool.issuer}/logout",
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }


def answer(body: Any, status: int = 200) -> Any:
    from localstack.http import Response

    response = Response(status=status)
    response.set_json(body)
    return response


def key_set_route(request: Any, pool_id: str) -> Any:
    try:
        return answer(POOLS.get(pool_id).keys.public_set())
    except NoSuchPool as missing:
        return answer({"message": str(missing)}, 404)


def configuration_route(request: Any, pool_id: str) -> Any:
    try:
        return answer(openid_configuration(POOLS.get(pool_id)))
    except NoSuchPool as missing:
        return answer({"message": str(missing)}, 404)


def token_route(request: Any) -> Any:
    """`POST /_staybook/issuer/token {"user", "role" | "roles", "expiresIn"?, "pool"?}` -> {"token", "subject"}."""
    try:
        body = request.get_json(force=True, silent=True)
        asked = TokenRequest.parse(body)
        pool = POOLS.get(body["pool"]) if "pool" in body else POOLS.only()
        return answer({"token": issue_id_token(pool, asked), "subject": subject_of(asked.user)})
    except BadTokenRequest as refusal:
        return answer({"message": str(refusal)}, 400)
    except NoSuchPool as missing:
        return answer({"message": str(missing)}, 404)


def rotation_route(request: Any) -> Any:
    """`POST /_staybook/issuer/rotate {"pool"?}` -> {"kid"} of the key that signs from now on."""
    try:
        body = request.get_json(force=True, silent=True) or {}
        pool = POOLS.get(body["pool"]) if "pool" in body else POOLS.only()
        return answer({"kid": pool.keys.rotate()})
    except NoSuchPool as missing:
        return answer({"message": str(missing)}, 404)


@mend("issuer", answers="4.14 has no Cognito: nobody issues tokens and no key set is served")
def serve_issuer() -> None:
    from localstack.services.edge import ROUTER

    pool = "<regex('[a-z]+(-[a-z]+)+-[0-9]_[A-Za-z0-9]+'):pool_id>"
    ROUTER.add(f"/{pool}/.well-known/jwks.json", endpoint=key_set_route, methods=["GET"])
    ROUTER.add(f"/{pool}/.well-known/openid-configuration", endpoint=configuration_route, methods=["GET"])
    ROUTER.add("/_staybook/issuer/token", endpoint=token_route, methods=["POST"])
    ROUTER.add("/_staybook/issuer/rotate", endpoint=rotation_route, methods=["POST"])
