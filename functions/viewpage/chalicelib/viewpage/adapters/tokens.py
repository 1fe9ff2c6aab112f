"""Optional sign-in: a Lambda authorizer that lets strangers in as strangers, and refuses only bad tokens.

API Gateway's own Cognito authorizer refuses whoever brings no token; public pages that show more to those they
concern need a third answer. Only this function imports a crypto library.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.request import urlopen

import jwt

from chalicelib.viewpage.adapters.signatures import RS256, Tokens, rsa_key
from kernel.logs import logger

_SECONDS_BETWEEN_FETCHES = 5.0
_SAYS_WHO = "id"  # an access token says nothing of who somebody is
_REQUIRED = ["exp", "iss", "aud", "sub", "token_use"]

Fetch = Callable[[], Mapping[str, Any]]


class KeySet:
    """The issuer's public keys, by key id. A token of an unknown key makes it look again, but not all the time."""

    def __init__(self, fetch: Fetch, seconds: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._seconds = fetch, seconds
        self._keys: dict[str, Any] = {}
        self._fetched_at: float | None = None

    def key(self, key_id: str) -> Any:
        """Raises jwt.InvalidKeyError when the issuer has no such key."""
        if key_id not in self._keys and self._may_fetch():
            said = {str(jwk["kid"]): rsa_key(jwk) for jwk in self._fetch().get("keys", ()) if "kid" in jwk}
            self._keys = {key_id: key for key_id, key in said.items() if key}
            self._fetched_at = self._seconds()
        if key_id not in self._keys:
            raise jwt.InvalidKeyError("The issuer has no such key.")
        return self._keys[key_id]

    def _may_fetch(self) -> bool:
        return self._fetched_at is None or self._seconds() - self._fetched_at >= _SECONDS_BETWEEN_FETCHES


class Authorizer:
    """Answers API Gateway's question who a request is from."""

    def __init__(self, issuer: str, client_id: str, keys: KeySet) -> None:
        self._issuer, self._client_id, self._keys, self._tokens = issuer, client_id, keys, Tokens()

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Allows the request, with the claims of its token if it has one.

        Raises Exception("Unauthorized"), which API Gateway turns into a 401, for a token that is not good.
        """
        token = _bearer(event.get("headers") or {})
        if token is None:
            return _allow("anonymous", event["methodArn"], {})
        try:
            claims = self._claims(token)
        except jwt.PyJWTError as error:
            logger().info("token refused", extra={"reason": str(error)})
            raise Exception("Unauthorized") from error  # noqa: TRY002 - API Gateway knows just this word
        return _allow(claims["sub"], event["methodArn"], _context(claims))

    def _claims(self, token: str) -> dict[str, Any]:
        key = self._keys.key(str(jwt.get_unverified_header(token).get("kid")))
        claims = self._tokens.decode(
            token,
            key,
            algorithms=[RS256],
            audience=self._client_id,
            issuer=self._issuer,
            options={"require": _REQUIRED},
        )
        if claims["token_use"] != _SAYS_WHO:
            raise jwt.InvalidTokenError("It is not an ID token.")
        return claims


def issuer_keys(issuer: str) -> Fetch:
    """Reads the key set of an issuer, at its well-known address."""

    def fetch() -> Mapping[str, Any]:
        address = f"{issuer}/.well-known/jwks.json"
        with urlopen(address, timeout=2) as response:  # noqa: S310 - the address is the deployment's, not a caller's
            keys: Mapping[str, Any] = json.load(response)
        return keys

    return fetch


def _bearer(headers: Mapping[str, str]) -> str | None:
    """The token of the Authorization header, as a Cognito authorizer reads it: the word Bearer may be missing."""
    header = next((value for name, value in headers.items() if name.lower() == "authorization"), None)
    if header is None:
        return None
    scheme, _, rest = header.strip().partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else header.strip()


def _context(claims: Mapping[str, Any]) -> dict[str, str]:
    """Claims as API Gateway's context takes them: flat, text only."""
    return {
        "sub": str(claims["sub"]),
        "cognito:groups": ",".join(claims.get("cognito:groups", ())),
        "name": str(claims.get("name", "")),
        "email": str(claims.get("email", "")),
    }


def _allow(principal: str, resource: str, context: Mapping[str, str]) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": resource}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }
