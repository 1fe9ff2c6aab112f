"""The `ViewStore` port on DynamoDB."""

from collections.abc import Callable, Iterable

from chalicelib.viewpage.adapters.items import (
    ROW,
    PartItem,
    group_of,
    group_prefix,
    part_item,
    part_of,
    parts_of,
    row_item,
    row_of,
    rows_of,
)
from chalicelib.viewpage.adapters.listing import listed, listed_of
from chalicelib.viewpage.domain.order import Listing
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.domain.row import Row
from chalicelib.viewpage.ports import BookingKey
from kernel.dynamo import conditional, reading
from kernel.errors import ChangedMeanwhile
from kernel.pages import Page


class DynamoViewStore:
    """The port `ViewStore`: rows and parts in one table."""

    def __init__(self, table: str) -> None:
        self._rows, self._parts = rows_of(table), parts_of(table)

    def remember(self, part: Part) -> None:
        unknown = self._parts.room_id.does_not_exist() | (self._parts.version < part.version)
        try:
            with conditional():
                part_item(part, self._parts).save(condition=unknown)
        except ChangedMeanwhile:
            return  # told before, or overtaken

    def parts(self, room_id: str, group: str) -> tuple[Part, ...]:
        with reading():
            found = self._parts.query(
                room_id, self._parts.key.startswith(group_prefix(group)), consistent_read=True
            )
            return tuple(part_of(item) for item in found)

    def row(self, room_id: str) -> Row | None:
        with reading():
            try:
                return row_of(self._rows.get(room_id, ROW, consistent_read=True))
            except self._rows.DoesNotExist:
                return None

    def save(self, row: Row) -> None:
        first = row.version == 1
        expected = self._rows.room_id.does_not_exist() if first else self._rows.version == row.version - 1
        with conditional():
            row_item(row, self._rows).save(condition=expected)

    def listed(
        self, listing: Listing, size: int, position: str | None, fits: Callable[[Row], bool]
    ) -> Page[Row]:
        with reading():
            return listed(self._rows, listing, size, position, fits)

    def listed_of(
        self, host_id: str, size: int, position: str | None, fits: Callable[[Row], bool]
    ) -> Page[Row]:
        with reading():
            return listed_of(self._rows, host_id, size, position, fits)

    def booking_by_reservation(self, reservation_id: str) -> BookingKey | None:
        with reading():
            return _first(self._parts.by_reservation.query(reservation_id, limit=1))

    def booking_by_payment(self, payment_id: str) -> BookingKey | None:
        with reading():
            return _first(self._parts.by_payment.query(payment_id, limit=1))


def _first(found: Iterable[PartItem]) -> BookingKey | None:
    return next((BookingKey(item.room_id, group_of(item)) for item in found), None)
