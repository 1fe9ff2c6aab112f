"""What API Gateway's Cognito authorizer accepts: a token of a listed pool, signed, current and meant for us."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from staybook_engine.user_pools import UserPool

ALGORITHMS = ["RS256"]
DATES = ("exp", "iat")


class RefusedToken(Exception):
    """The token isn't accepted; the message is the one API Gateway answers with."""


def without_scheme(header: str) -> str:
    """The token itself: API Gateway takes `Bearer <jwt>` and a bare one."""
    scheme, _, token = header.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else header.strip()


def verified_claims(
    token: str, pools: Sequence[UserPool], scopes: Sequence[str], clock: Callable[[], float] = time.time
) -> dict[str, Any]:
    """The claims of an accepted token: an ID token where the method names no scopes, else an access token.

    Raises RefusedToken when signature, key, algorithm, issuer, client, use, times or scopes don't fit.
    """
    for pool in pools:
        try:
            claims = jwt.decode(token, _key_named_by(token, pool), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            continue
        _check(claims, pool, scopes, clock())
        return claims
    raise RefusedToken("Unauthorized")


def _key_named_by(token: str, pool: UserPool) -> RSAKey:
    """The pool's key that the token's header names. A ValueError without one: never guess a key."""
    header = jws.extract_compact(token.encode()).headers()
    for key in pool.keys.verification_keys().keys:
        if isinstance(key, RSAKey) and key.kid == header.get("kid"):
            return key
    raise ValueError("the token names no key of this pool")


def _check(claims: Mapping[str, Any], pool: UserPool, scopes: Sequence[str], now: float) -> None:
    use, client = ("access", "client_id") if scopes else ("id", "aud")
    expires, starts = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(expires, int | float) or not isinstance(starts, int | float):
        raise RefusedToken("Unauthorized")
    if claims.get("iss") != pool.issuer or claims.get("token_use") != use or starts > now:
        raise RefusedToken("Unauthorized")
    if not isinstance(claims.get(client), str) or claims[client] not in pool.clients:
        raise RefusedToken("Unauthorized")
    if scopes and not set(scopes) & set(str(claims.get("scope", "")).split()):
        raise RefusedToken("Unauthorized")
    if expires <= now:
        raise RefusedToken("The incoming token has expired")


def as_request_context(claims: Mapping[str, Any]) -> dict[str, str]:
    """Claims as API Gateway hands them to a function: strings only, lists joined by commas, dates spelt out."""
    return {name: _text(name, value) for name, value in claims.items()}


def _text(name: str, value: Any) -> str:
    if name in DATES:
        return datetime.fromtimestamp(value, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(str(one) for one in value)
    return str(value)
