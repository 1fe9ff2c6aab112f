"""Cognito user pools as far as the local engine has them: pools, app clients, groups and a domain."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path

from staybook_engine import settings
from staybook_engine.issuer_keys import KeyRing

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
LOWER_CASE = "abcdefghijklmnopqrstuvwxyz0123456789"


class NoSuchPool(LookupError):
    """No user pool has this id; with no id given: there isn't exactly one pool."""


def derived_id(seed: str, length: int, alphabet: str) -> str:
    """`length` characters of `alphabet`, always the same for the same seed."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    characters = []
    for _ in range(length):
        number, rest = divmod(number, len(alphabet))
        characters.append(alphabet[rest])
    return "".join(characters)


@dataclass(frozen=True)
class AppClient:
    """A program that people sign in to, and the exact addresses that the sign-in page may send them back to."""

    name: str
    callback_urls: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()


@dataclass
class UserPool:
    """One pool: what CloudFormation declared of it, and its keys."""

    pool_id: str
    name: str
    region: str
    account_id: str
    keys: KeyRing
    clients: dict[str, AppClient] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    domain: str | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:cognito-idp:{self.region}:{self.account_id}:userpool/{self.pool_id}"

    @property
    def issuer(self) -> str:
        return f"{settings.current().aws_url}/{self.pool_id}"

    @property
    def provider_name(self) -> str:
        """The issuer without its scheme."""
        return self.issuer.partition("://")[2]

    def add_client(self, client: AppClient) -> str:
        """Adds an app client, or puts it in the place of its namesake; returns its id, derived from its name."""
        client_id = derived_id(f"{self.pool_id}/{client.name}", 26, LOWER_CASE)
        self.clients[client_id] = client
        return client_id


class UserPools:
    """All pools of the engine. Keys outlive a restart; pools are declared again by the next deployment."""

    def __init__(self, directory: Path) -> None:
        self._directory, self._lock = directory, threading.Lock()
        self._pools: dict[str, UserPool] = {}

    def create(self, name: str, region: str, account_id: str) -> UserPool:
        """Adds the pool of this name, with an id derived from it. A ValueError if there is one already."""
        pool_id = f"{region}_{derived_id(f'{account_id}/{region}/{name}', 9, ALPHABET)}"
        with self._lock:
            if pool_id in self._pools:
                raise ValueError(f"User pool {name} already exists")
            keys = KeyRing(self._directory / f"{pool_id}.json")
            self._pools[pool_id] = UserPool(pool_id, name, region, account_id, keys)
            return self._pools[pool_id]

    def get(self, pool_id: str) -> UserPool:
        """The pool of this id, or NoSuchPool."""
        try:
            return self._pools[pool_id]
        except KeyError:
            raise NoSuchPool(f"User pool {pool_id} does not exist.") from None

    def by_arn(self, arn: str) -> UserPool | None:
        return next((pool for pool in list(self._pools.values()) if pool.arn == arn), None)

    def only(self) -> UserPool:
        """The one pool there is, or NoSuchPool."""
        if len(self._pools) != 1:
            names = ", ".join(sorted(self._pools)) or "none is deployed"
            raise NoSuchPool(f"Name one user pool: {names}")
        return next(iter(self._pools.values()))

    def remove(self, pool_id: str) -> None:
        with self._lock:
            self._pools.pop(pool_id, None)


POOLS = UserPools(settings.current().state_dir / "issuer")
