"""Authorization codes with PKCE (RFC 7636): who signed in, for which client, until the code is exchanged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

CODE_SECONDS = 60
METHOD = "S256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class BadGrant(Exception):
    """The code is unknown, used, too old, or somebody else's; the message is for a log, never for a page."""


@dataclass(frozen=True)
class Grant:
    """Somebody who has signed in: `user` and their `role`, for one client at one address, under one challenge."""

    pool_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    user: str
    role: str


@dataclass(frozen=True)
class Exchange:
    """What a client shows to have a code turned into tokens."""

    pool_id: str
    client_id: str
    redirect_uri: str
    code: str
    verifier: str


def is_challenge(text: str) -> bool:
    """Whether it can be the S256 challenge of any verifier."""
    return _CHALLENGE.fullmatch(text) is not None


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Codes:
    """The codes that are out. Each is good once and for a minute, however the exchange ends."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._out: dict[str, tuple[float, Grant]] = {}

    def issue(self, grant: Grant) -> str:
        """A fresh code for the grant."""
        code, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._out = {known: entry for known, entry in self._out.items() if entry[0] > now}
            self._out[code] = (now + CODE_SECONDS, grant)
        return code

    def redeem(self, asked: Exchange) -> Grant:
        """The grant of the code, which is used up by this. Raises BadGrant."""
        with self._lock:
            until, grant = self._out.pop(asked.code, (0.0, None))
        if grant is None or self._clock() >= until:
            raise BadGrant("The code is unknown, used or too old.")
        if (asked.pool_id, asked.client_id, asked.redirect_uri) != (
            grant.pool_id,
            grant.client_id,
            grant.redirect_uri,
        ):
            raise BadGrant("The code was given to somebody else.")
        if not _VERIFIER.fullmatch(asked.verifier) or not hmac.compare_digest(
            challenge_of(asked.verifier), grant.challenge
        ):
            raise BadGrant("The verifier is not the one that the code was asked with.")
        return grant


CODES = Codes()
