"""What clients did and were told, as they saw it: all that a checker knows besides the tables."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

BINDING = frozenset({201, 402, 409, 422})


@dataclass(frozen=True)
class Told:
    """One request and its answer. `began` and `ended` are on one clock; `asked` is the body that was meant.
    `conflict`: it met another who wanted the same.
    """

    act: str
    guest: str
    key: str
    room_id: str
    asked: Mapping[str, Any]
    began: float
    ended: float
    status: int
    kind: str
    conflict: bool = False

    @property
    def body(self) -> str:
        """Equal for equal bodies."""
        return str(self.asked)

    @property
    def word(self) -> str:
        return f"{self.status} {self.kind}".strip()

    @property
    def binds(self) -> bool:
        """Whether it stays true for its key: an answer that says "ask again" does not."""
        return self.act == "book" and self.status in BINDING and self.kind != "in-flight"


@dataclass
class History:
    told: list[Told] = field(default_factory=list)

    def words(self) -> Counter[str]:
        return Counter(f"{each.act} {each.word}" for each in self.told)

    def bookings(self) -> dict[tuple[str, str], list[Told]]:
        """Requests by guest and key: each of these is one booking."""
        found: dict[tuple[str, str], list[Told]] = {}
        for each in self.told:
            if each.act == "book":
                found.setdefault((each.guest, each.key), []).append(each)
        return found

    def contended(self) -> int:
        """How many bookings met a conflict."""
        return sum(any(each.conflict for each in requests) for requests in self.bookings().values())


def kind_of(body: Any) -> str:
    """The word of a problem's type, "" for what is none."""
    return str(body.get("type", "")).rsplit("/", 1)[-1] if isinstance(body, dict) else ""
