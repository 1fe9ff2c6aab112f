"""RS256 for PyJWT, verified by PyCryptodome.

PyJWT by itself would take `cryptography`, which is larger than all else that the service's package holds together.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import jwt
from Crypto.Hash import SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15

RS256 = "RS256"


class Tokens(jwt.PyJWT):
    """PyJWT that knows RS256 and no other algorithm; its keys are RSA keys of PyCryptodome's."""

    def __init__(self) -> None:
        super().__init__()
        self._jws = jwt.PyJWS(algorithms=[])
        self._jws.register_algorithm(RS256, _Rs256())


class _Rs256(jwt.algorithms.Algorithm):
    """As PyJWT wants to have it; nobody signs here."""

    def prepare_key(self, key: Any) -> RSA.RsaKey:
        if not isinstance(key, RSA.RsaKey):
            raise jwt.InvalidKeyError("It takes an RSA key.")
        return key

    def verify(self, msg: bytes, key: RSA.RsaKey, sig: bytes) -> bool:
        try:
            pkcs1_15.new(key).verify(SHA256.new(msg), sig)
        except ValueError:
            return False
        return True

    def sign(self, msg: bytes, key: Any) -> bytes:
        raise NotImplementedError

    @staticmethod
    def to_jwk(key_obj: Any, as_dict: bool = False) -> Any:  # noqa: FBT001 - PyJWT's signature
        raise NotImplementedError

    @staticmethod
    def from_jwk(jwk: str | Mapping[str, Any]) -> RSA.RsaKey:
        raise NotImplementedError


def rsa_key(jwk: Mapping[str, Any]) -> RSA.RsaKey | None:
    """The public key that a JSON Web Key says; None for what is no RSA key, as a set may hold others."""
    if jwk.get("kty") != "RSA":
        return None
    try:
        return RSA.construct((_number(jwk["n"]), _number(jwk["e"])))
    except (KeyError, TypeError, ValueError):
        return None


def _number(encoded: str) -> int:
    return int.from_bytes(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
