"""The tables as they are, read as what they mean: the same from the store in memory and from the engine."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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

    @property
    def reservations(self) -> dict[str, Plain]:
        return {item["pk"]: item for item in self.tables["reservation"] if item["sk"] == "reservation"}

    @property
    def open(self) -> dict[str, set[str]]:
        """Each guest's open bookings."""
        return {
            item["pk"].removeprefix("guest#"): set(item["open"])
            for item in self.tables["reservation"]
            if item["sk"] == "open"
        }

    @property
    def nights(self) -> list[Night]:
        months = [item for item in self.tables["room"] if item["sk"].startswith("nights#")]
        return [night for month in months for night in nights(month)]

    @property
    def blocks(self) -> dict[str, Plain]:
        """Nights that hosts keep, by the block's id; a lifted one is kept too."""
        found = [item for item in self.tables["room"] if item["sk"].startswith("block#")]
        return {item["sk"].removeprefix("block#"): item for item in found}

    @property
    def payments(self) -> dict[str, Plain]:
        """By reservation."""
        return {item["rsvId"]: item for item in self.tables["payment"] if item["sk"] == "payment"}

    @property
    def charges(self) -> dict[str, Plain]:
        """The provider's own record, by payment."""
        return {item["pk"]: item for item in self.tables["payment-provider"]}

    @property
    def messages(self) -> list[Plain]:
        return [item for item in self.tables["message"] if item["sk"] == "message"]

    def events(self) -> list[CloudEvent]:
        """Everything that lies in an outbox."""
        return [
            event
            for items in self.tables.values()
            for item in items
            for event in outbox.since(item.get("outbox", ()), 0)
        ]
