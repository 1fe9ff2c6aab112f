"""The viewpage service's ports in memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from chalicelib.viewpage.domain.generations import Generations
from chalicelib.viewpage.domain.order import Listing, city_key
from chalicelib.viewpage.domain.parts import Part, PaymentFacts, ReservationFacts
from chalicelib.viewpage.domain.row import Row
from chalicelib.viewpage.ports import BookingKey, ItemKey
from kernel.errors import ChangedMeanwhile, Invalid
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
        self, listing: Listing, size: int, position: str | None, fits: Callable[[Row], bool]
    ) -> Page[Row]:
        shown = [
            row
            for row in self.rows.values()
            if row.facts and (listing.city is None or city_key(row.facts.city) == city_key(listing.city))
        ]
        shown.sort(key=listing.order.place, reverse=listing.order.descends)
        return self._page(shown, size, position, fits, listing.order.value)

    def listed_of(
        self, host_id: str, size: int, position: str | None, fits: Callable[[Row], bool]
    ) -> Page[Row]:
        own = [row for row in self.rows.values() if row.facts and row.facts.host_id == host_id]
        return self._page(sorted(own, key=lambda row: row.room_id), size, position, fits, "host")

    def _page(
        self, shown: list[Row], size: int, position: str | None, fits: Callable[[Row], bool], kind: str
    ) -> Page[Row]:
        known = [f"{kind}-{row.room_id}" for row in shown]
        if position is not None and position not in known:
            raise Invalid("The cursor is not one of ours.")
        first = 0 if position is None else known.index(position) + 1
        found = [row for row in shown[first:] if fits(row)]
        return Page(tuple(found[:size]), f"{kind}-{found[size - 1].room_id}" if len(found) > size else None)

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
                if isinstance(part.facts, PaymentFacts | ReservationFacts)
                and part.facts.payment_id == payment_id
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


@dataclass
class InMemoryShelf:
    """The port `Shelf`: the items of each table as text, two a page; a position is the key of a page's last item.
    `happens` is done one after the other, each before another look at certain items.
    """

    tables: dict[str, dict[ItemKey, str]] = field(default_factory=dict)
    happens: list[Callable[[], object]] = field(default_factory=list)

    def clear(self, table: str, position: str | None) -> str | None:
        page = self.page(table, position, date.max)
        for key, _ in page.items:
            del self.tables[table][key]
        return page.cursor

    def page(self, table: str, position: str | None, since: date) -> Page[tuple[ItemKey, str]]:
        rest = sorted(item for item in self.tables[table].items() if "/".join(item[0]) > (position or ""))
        return Page(tuple(rest[:2]), "/".join(rest[1][0]) if len(rest) > 2 else None)

    def these(self, table: str, keys: Iterable[ItemKey], since: date) -> Mapping[ItemKey, str]:
        if self.happens:
            self.happens.pop(0)()
        return {key: self.tables[table][key] for key in keys if key in self.tables[table]}
