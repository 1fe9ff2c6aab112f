"""The viewpage service's ports in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib.viewpage.domain.generations import Generations
from chalicelib.viewpage.domain.parts import Part, PaymentFacts, ReservationFacts
from chalicelib.viewpage.domain.row import Row
from chalicelib.viewpage.errors import ChangedMeanwhile
from chalicelib.viewpage.ports import BookingKey
from kernel.errors import Invalid
from kernel.pages import Page


@dataclass
class InMemoryViewStore:
    """The port `ViewStore`; `saves` counts the writes of rows."""

    rows: dict[str, Row] = field(default_factory=dict)
    kept: dict[tuple[str, str, str], Part] = field(default_factory=dict)
    saves: int = 0

    def remember(self, part: Part) -> None:
        key = (part.room_id, part.group, part.subject)
        if key not in self.kept or self.kept[key].version < part.version:
            self.kept[key] = part

    def parts(self, room_id: str, group: str) -> tuple[Part, ...]:
        return tuple(part for key, part in self.kept.items() if key[:2] == (room_id, group))

    def row(self, room_id: str) -> Row | None:
        return self.rows.get(room_id)

    def save(self, row: Row) -> None:
        present = self.rows.get(row.room_id)
        if (present.version if present else 0) != row.version - 1:
            raise ChangedMeanwhile
        self.rows[row.room_id] = row
        self.saves += 1

    def listed(
        self, size: int, position: str | None, fits: Callable[[Row], bool], *, host_id: str | None = None
    ) -> Page[Row]:
        if position is not None and position not in self.rows:
            raise Invalid("The cursor is not one of ours.")
        found = sorted(
            (
                row
                for row in self.rows.values()
                if row.facts
                and host_id in (None, row.facts.host_id)
                and row.room_id > (position or "")
                and fits(row)
            ),
            key=lambda row: row.room_id,
        )
        return Page(tuple(found[:size]), found[size - 1].room_id if len(found) > size else None)

    def booking_by_reservation(self, reservation_id: str) -> BookingKey | None:
        return next(
            (
                BookingKey(part.room_id, part.group)
                for part in self.kept.values()
                if isinstance(part.facts, ReservationFacts) and part.group == reservation_id
            ),
            None,
        )

    def booking_by_payment(self, payment_id: str) -> BookingKey | None:
        return next(
            (
                BookingKey(part.room_id, part.group)
                for part in self.kept.values()
                if isinstance(part.facts, PaymentFacts) and part.facts.payment_id == payment_id
            ),
            None,
        )


@dataclass
class InMemoryGenerations:
    """The port `GenerationStore`; the table `one` is live at first."""

    kept: Generations = field(default_factory=lambda: Generations("one"))

    def present(self) -> Generations:
        return self.kept

    def save(self, generations: Generations) -> None:
        if generations.version != self.kept.version + 1:
            raise ChangedMeanwhile
        self.kept = generations
