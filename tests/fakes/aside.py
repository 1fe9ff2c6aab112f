"""The queue of failed stream records, in memory."""

from dataclasses import dataclass, field

from kernel.aside import Record
from kernel.errors import Unavailable


@dataclass
class InMemoryAside:
    """Keeps records with their codes; while `away`, it keeps none."""

    kept: list[tuple[Record, str]] = field(default_factory=list)
    away: bool = False

    def keep(self, record: Record, code: str, reason: str) -> None:
        if self.away:
            raise Unavailable("It is away.")
        self.kept.append((record, code))
