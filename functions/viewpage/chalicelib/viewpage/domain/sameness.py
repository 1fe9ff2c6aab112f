"""Whether two tables of the view say the same: a hash of each, whatever the order of their items, and what differs."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_MODULUS = 1 << 256

Key = tuple[str, str]


class Side(StrEnum):
    """One of the two tables that are compared."""

    LIVE = "live"
    REBUILT = "rebuilt"


def digest(texts: Iterable[str]) -> int:
    """One number for items as text: sums of such numbers are the number for all items together."""
    total = sum(int.from_bytes(hashlib.sha256(text.encode()).digest()) for text in texts)
    return total % _MODULUS


@dataclass(frozen=True, slots=True)
class Compared:
    """`live` and `rebuilt` are digests of the items looked at. `missing` are in the live table alone, `surplus` in the
    rebuilt one alone; `differing` are in both.
    """

    items: int
    live: int
    rebuilt: int
    missing: tuple[Key, ...] = ()
    differing: tuple[Key, ...] = ()
    surplus: tuple[Key, ...] = ()

    @property
    def unlike(self) -> tuple[Key, ...]:
        return (*self.missing, *self.differing, *self.surplus)


def compared(live: Mapping[Key, str], rebuilt: Mapping[Key, str]) -> Compared:
    """The same items of both tables, as text."""
    both = live.keys() & rebuilt.keys()
    return Compared(
        items=len(live.keys() | rebuilt.keys()),
        live=digest(live.values()),
        rebuilt=digest(rebuilt.values()),
        missing=tuple(sorted(live.keys() - rebuilt.keys())),
        differing=tuple(sorted(key for key in both if live[key] != rebuilt[key])),
        surplus=tuple(sorted(rebuilt.keys() - live.keys())),
    )


def surplus(live: Mapping[Key, str], rebuilt: Mapping[Key, str]) -> Compared:
    """Only what is in the rebuilt table alone: who has gone through the live one has compared the rest."""
    return compared({}, {key: text for key, text in rebuilt.items() if key not in live})
