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


UNAUTHORIZED = "Unauthorized"
EXPIRED = "The incoming token has expired"


class RefusedToken(Exception):
    """The token isn't accepted: its text says why, for the log. `answer` is what API Gateway says to the client."""

    def __init__(self, reason: str, answer: str = UNAUTHORIZED) -> None:
        super().__init__(reason)
        self.answer = answer


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
    reason = "no pool is listed"
    for pool in pools:
        try:
            claims = jwt.decode(token, _key_named_by(token, pool), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            reason = str(error) or type(error).__name__
            continue
        if fault := _fault(claims, pool, scopes, clock()):
            raise RefusedToken(fault)
        if claims["exp"] <= clock():
            raise RefusedToken("the token has expired", EXPIRED)
        return claims
    raise RefusedToken(reason)


def _key_named_by(token: str, pool: UserPool) -> RSAKey:
    """The pool's key that the token's header names. A ValueError without one: never guess a key."""
    header = jws.extract_compact(token.encode()).headers()
    for key in pool.keys.verification_keys().keys:
        if isinstance(key, RSAKey) and key.kid == header.get("kid"):
            return key
    raise ValueError("the token names no key of this pool")


def _fault(claims: Mapping[str, Any], pool: UserPool, scopes: Sequence[str], now: float) -> str | None:
    """What is wrong with the claims of a token that is rightly signed, if anything but its age."""
    use, client = ("access", "client_id") if scopes else ("id", "aud")
    faults = {
        "exp or nbf is no time": not _is_time(claims.get("exp")) or not _is_time(claims.get("nbf", 0)),
        "iss is not this pool": claims.get("iss") != pool.issuer,
        f"token_use is not {use}": claims.get("token_use") != use,
        f"{client} is no client of this pool": not _is_client(claims.get(client), pool),
        "no scope that the method names": bool(scopes)
        and not set(scopes) & set(str(claims.get("scope", "")).split()),
    }
    found = next((fault for fault, present in faults.items() if present), None)
    return found or ("nbf has not come yet" if claims.get("nbf", 0) > now else None)


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float)


def _is_client(value: Any, pool: UserPool) -> bool:
    return isinstance(value, str) and value in pool.clients


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
