"""Identifiers: 128 bits in Crockford base32, 26 characters."""

import hashlib
import re
import secrets
import time
from typing import Any

import msgspec

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]  # half as many steps as letters
_AS_PYTHON_COUNTS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_SHAPE = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_RANDOM_BITS = 80


def new_id(now_ms: int | None = None) -> str:
    """A ULID: 48 bits of milliseconds since 1970, then 80 random bits. Sorts by creation."""
    millis = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    return _encode(millis << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS))


def derived_id(*parts: str) -> str:
    """The same id for the same parts, always. Parts carry their length:

    >>> derived_id("reservation", "mina", "my key") == derived_id("reservation", "mina", "my key")
    True
    >>> derived_id("ab", "c") == derived_id("a", "bc")
    False
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return _encode(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16]))


def fingerprint(value: Any) -> str:
    """Equal for equal values of dataclasses and of what JSON holds, however they were written down."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()


def is_id(text: str) -> bool:
    """Whether text has the shape of an id; anything else cannot name a thing we stored.

    >>> is_id("01KAN6X3V8ZQ4M7T9W2Y5B1C0D"), is_id("../secret")
    (True, False)
    """
    return _SHAPE.fullmatch(text) is not None


def bits_of(id_: str) -> bytes:
    """The 16 bytes of an id.

    >>> id_of(bits_of(derived_id("mina"))) == derived_id("mina")
    True
    """
    return int(id_.translate(_AS_PYTHON_COUNTS), 32).to_bytes(16)


def id_of(bits: bytes) -> str:
    """The id of 16 bytes."""
    return _encode(int.from_bytes(bits))


def _encode(number: int) -> str:
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])
