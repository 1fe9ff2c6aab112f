"""The signing keys of one user pool, kept in a file that only its owner may read."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from joserfc.jwk import KeySet, RSAKey

LONGEST_TOKEN_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class SigningKey:
    """An RSA key and, once another has taken over, the time (epoch seconds) at which it did."""

    key: RSAKey
    retired_at: float | None = None

    @classmethod
    def create(cls) -> Self:
        """A new 2048-bit key whose id is its thumbprint (RFC 7638)."""
        key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True)
        key.ensure_kid()
        return cls(key)

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        return cls(RSAKey.import_key(stored["key"]), stored["retiredAt"])

    def stored(self) -> dict[str, Any]:
        return {"key": self.key.as_dict(private=True), "retiredAt": self.retired_at}

    def serves(self, now: float) -> bool:
        """Whether a token signed with this key may still be alive."""
        return self.retired_at is None or now < self.retired_at + LONGEST_TOKEN_SECONDS


class KeyRing:
    """The newest key signs; retired ones stay in the public set until their last token must have expired."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock, self._lock = path, clock, threading.Lock()
        self._keys = self._read()
        if not self._keys:
            self._keys = [SigningKey.create()]
            self._write()

    def signing_key(self) -> RSAKey:
        with self._lock:
            return self._keys[-1].key

    def public_set(self) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517) to publish, public parts only."""
        return {"keys": [key.as_dict(private=False) for key in self._served()]}

    def verification_keys(self) -> KeySet:
        return KeySet(list(self._served()))

    def rotate(self) -> str:
        """Creates a key that signs from now on; returns its id."""
        with self._lock:
            now = self._clock()
            former = [key for key in self._keys[:-1] if key.serves(now)]
            newest = SigningKey.create()
            self._keys = [*former, SigningKey(self._keys[-1].key, now), newest]
            self._write()
            return str(newest.key.kid)

    def _served(self) -> list[RSAKey]:
        with self._lock:
            now = self._clock()
            return [key.key for key in self._keys if key.serves(now)]

    def _read(self) -> list[SigningKey]:
        if not self._path.exists():
            return []
        return [SigningKey.load(stored) for stored in json.loads(self._path.read_text())]

    def _write(self) -> None:
        """Replaces the file in one step, so a crash leaves either the old keys or the new."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump([key.stored() for key in self._keys], file)
        draft.replace(self._path)
