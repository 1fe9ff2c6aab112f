"""The tables as they are, read as what they mean: the same from the store in memory and from the engine."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kernel import outbox
from kernel.events import CloudEvent

Raw = Mapping[str, Any]
Plain = dict[str, Any]
TABLES = ("room", "reservation", "payment", "payment-provider", "message")


def plain(value: Raw) -> Any:
    """A DynamoDB value as Python's; whole numbers only, as there are no others here."""
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return int(content)
        case "M":
            return {name: plain(inner) for name, inner in content.items()}
        case "L":
            return [plain(inner) for inner in content]
        case "NULL":
            return None
        case _:
            return content


@dataclass(frozen=True)
class Night:
    """Who has a night of a room: `until` in seconds since 1970, None when it is booked."""

    room_id: str
    date: str
    owner: str
    until: int | None


def nights(item: Plain) -> list[Night]:
    """The nights of one item of the calendar."""
    month = item["sk"].removeprefix("nights#")
    return [
        Night(item["pk"], f"{month}-{name[1:]}", hold["r"], hold.get("x"))
        for name, hold in item.items()
        if len(name) == len("d24") and name[0] == "d" and name[1:].isdecimal()
    ]


def refused_for(reservation: Plain) -> str | None:
    """The reason why a reservation did not come to stand; None when there is none."""
    refusal = reservation.get("refusal")
    reason: str | None = json.loads(refusal)["reason"] if refusal else None
    return reason


@dataclass(frozen=True)
class Snapshot:
    """Every item, by its table's short name."""

    tables: Mapping[str, list[Plain]]

    @classmethod
    def of(cls, raw: Mapping[str, Iterable[Raw]]) -> "Snapshot":
        return cls(
            {
                name: [{key: plain(value) for key, value in item.items()} for item in items]
                for name, items in raw.items()
            }
        )

    @cached_property
    def reservations(self) -> dict[str, Plain]:
        return {item["pk"]: item for item in self.tables["reservation"] if item["sk"] == "reservation"}

    @cached_property
    def open(self) -> dict[str, set[str]]:
        """Each guest's open bookings."""
        return {
            item["pk"].removeprefix("guest#"): set(item["open"])
            for item in self.tables["reservation"]
            if item["sk"] == "open"
        }

    @cached_property
    def nights(self) -> list[Night]:
        months = [item for item in self.tables["room"] if item["sk"].startswith("nights#")]
        return [night for month in months for night in nights(month)]

    @cached_property
    def nights_of(self) -> dict[str, list[Night]]:
        """By whom they belong to; nobody else has any."""
        found = defaultdict[str, list[Night]](list)
        for night in self.nights:
            found[night.owner].append(night)
        return found

    @cached_property
    def blocks(self) -> dict[str, Plain]:
        """Nights that hosts keep, by the block's id; a lifted one is kept too."""
        found = [item for item in self.tables["room"] if item["sk"].startswith("block#")]
        return {item["sk"].removeprefix("block#"): item for item in found}

    @cached_property
    def payments(self) -> dict[str, Plain]:
        """By reservation."""
        return {item["rsvId"]: item for item in self.tables["payment"] if item["sk"] == "payment"}

    @cached_property
    def charges(self) -> dict[str, Plain]:
        """The provider's own record, by payment."""
        return {item["pk"]: item for item in self.tables["payment-provider"]}

    @cached_property
    def messages(self) -> list[Plain]:
        return [item for item in self.tables["message"] if item["sk"] == "message"]

    @cached_property
    def events(self) -> list[CloudEvent]:
        """Everything that lies in an outbox."""
        return [
            event
            for items in self.tables.values()
            for item in items
            for event in outbox.since(item.get("outbox", ()), 0)
        ]

    @cached_property
    def versions_of(self) -> dict[str, list[int]]:
        """Those that were announced, in the order in which they lie there, by subject."""
        found = defaultdict[str, list[int]](list)
        for event in self.events:
            found[event.subject].append(event.sequence)
        return found
