"""Tokens that must open nothing, made with the pool's own key where that is what makes them dangerous."""

import base64
import hmac
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

Claims = dict[str, Any]


@dataclass(frozen=True)
class Mint:
    """The pool's signing key, which a test may read where the engine keeps it, and the claims of a good token."""

    key: RSAPrivateKey
    key_id: str
    claims: Claims

    @classmethod
    def of(cls, good: str) -> "Mint":
        """Mints as whoever signed this token."""
        key_id = jwt.get_unverified_header(good)["kid"]
        rings = (Path(os.environ["STAYBOOK_STATE_DIR"]) / "issuer").glob("*.json")
        keys = [each["key"] for ring in rings for each in json.loads(ring.read_text())]
        (own,) = [key for key in keys if key["kid"] == key_id]
        key = jwt.algorithms.RSAAlgorithm.from_jwk(own)
        assert isinstance(key, RSAPrivateKey)
        return cls(key, key_id, jwt.decode(good, options={"verify_signature": False}))

    def token(self, key: RSAPrivateKey | None = None, key_id: str | None = None, **changes: Any) -> str:
        """The good token with other claims, or another key."""
        return jwt.encode(self.claims | changes, key or self.key, "RS256", {"kid": key_id or self.key_id})

    def unsigned(self) -> str:
        return jwt.encode(self.claims, "", "none", {"kid": self.key_id})

    def by_the_public_key(self) -> str:
        """HS256, its secret the key that everybody can read."""
        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        head = _base64(json.dumps({"alg": "HS256", "kid": self.key_id}).encode())
        body = self.token().split(".")[1]
        return f"{head}.{body}.{_base64(hmac.digest(pem, f'{head}.{body}'.encode(), 'sha256'))}"

    def with_another_body(self) -> str:
        """Somebody else's claims under the signature of these."""
        head, _, signature = self.token().split(".")
        return f"{head}.{self.token(sub='somebody-else').split('.')[1]}.{signature}"


@dataclass(frozen=True)
class Bad:
    """A token that is not good, and how the gateway's and the service's log say so."""

    make: Callable[[Mint], str]
    gateway: str
    service: str


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _somebody() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


_ELSEWHERE = "https://cognito-idp.ap-northeast-2.amazonaws.com/ap-northeast-2_Elsewhere"
_NO_KEY = "The issuer has no such key"

BAD: dict[str, Bad] = {
    "expired": Bad(lambda mint: mint.token(exp=int(time.time()) - 1), "has expired", "has expired"),
    "not yet valid": Bad(lambda mint: mint.token(nbf=2**32), "nbf has not come yet", "not yet valid"),
    "of another issuer": Bad(lambda mint: mint.token(iss=_ELSEWHERE), "iss is not", "Invalid issuer"),
    "for another client": Bad(lambda mint: mint.token(aud="another"), "aud is no", "Audience doesn't match"),
    "signed by another key": Bad(
        lambda mint: mint.token(_somebody()), "bad_signature", "Signature verification"
    ),
    "of another pool": Bad(
        lambda mint: mint.token(_somebody(), "elsewhere", iss=_ELSEWHERE), "names no key", _NO_KEY
    ),
    "without a signature": Bad(lambda mint: mint.unsigned(), "alg", "alg"),
    "signed with the public key": Bad(lambda mint: mint.by_the_public_key(), "alg", "alg"),
    "with another body": Bad(
        lambda mint: mint.with_another_body(), "bad_signature", "Signature verification"
    ),
    "an access token": Bad(
        lambda mint: mint.token(token_use="access", client_id=mint.claims["aud"]),
        "token_use",
        "not an ID token",
    ),
    "a refresh token": Bad(lambda mint: "eyJjdHkiOiJKV1QifQ.a.b.c.d", "", ""),
    "without an end": Bad(lambda mint: mint.token(exp=None), "exp", "exp"),
    "no token at all": Bad(lambda mint: "mina", "", "Not enough segments"),
}
