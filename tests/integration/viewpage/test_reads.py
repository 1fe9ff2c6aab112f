"""What a page of the listing reads is bounded, and the same however many rooms there are.

Counted on the answers of the store: the keys that an index examined, the rows that were fetched, and the read units
that DynamoDB takes for their bytes (half a unit for each 4 KB, of a query's items together, of a batch's one by one).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from bench.accounting.sizes import read_units, size
from chalicelib.viewpage.adapters.items import BUCKETS, TABLES, row_item, rows_of
from chalicelib.viewpage.adapters.listing import _LEAST_ASKED, MOST_READ
from chalicelib.viewpage.adapters.store import DynamoViewStore
from chalicelib.viewpage.domain.order import Order
from chalicelib.viewpage.domain.row import Booking, Row
from chalicelib.viewpage.domain.view import Wish
from chalicelib.viewpage.usecases.views import list_views
from kernel.clock import system_clock
from kernel.ids import new_id
from kernel.money import Money
from kernel.wire.client import Client
from tests.depth import depth
from tests.integration.viewpage.test_ports import FACTS
from tests.miniature.store import Store
from tests.tables import REGION

FEW, MANY = 100, depth(5_000, 20_000)
PAGE = 20
WISHES = {
    "newest": Wish(),
    "by price": Wish(order=Order.PRICE),
    "by rating": Wish(order=Order.RATING),
    "of a city": Wish(city="Jeju", order=Order.PRICE),
    "in vain": Wish(guests=50),
}


@dataclass
class Reads:
    """What was asked of the store."""

    calls: int = 0
    examined: int = 0
    fetched: int = 0
    units: float = 0

    def count(self, operation: str, reply: dict[str, Any]) -> None:
        self.calls += 1
        if operation == "Query":
            self.examined += reply["ScannedCount"]
            self.units += read_units(sum(map(size, reply["Items"])), consistent=False)
        else:
            items = [item for items in reply["Responses"].values() for item in items]
            self.fetched += len(items)
            self.units += sum(read_units(size(item), consistent=False) for item in items)

    def __str__(self) -> str:
        return f"{self.calls} calls, {self.examined} keys, {self.fetched} rows, {self.units:g} units"


class Table:
    """The view's first table, in a store that counts what is read in it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._store, self._reads, self.rooms = Store(system_clock), Reads(), 0
        self._kind = rows_of(TABLES[0])
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)

        def counting(client: Any, operation: str, request: dict[str, Any]) -> Any:
            reply = self._store.call(operation, request)
            self._reads.count(operation, reply)
            return reply

        monkeypatch.setattr(Client, "_make_api_call", counting)

    def fill(self, rooms: int) -> None:
        """Until so many rooms are in it."""
        for number in range(self.rooms, rooms):
            item = row_item(room(number), self._kind).serialize()
            self._store.put({"TableName": TABLES[0], "Item": item})
        self.rooms = rooms

    def reads(self, wish: Wish) -> Reads:
        """What the first page of a wish reads."""
        store = DynamoViewStore(TABLES[0])
        self._reads = counted = Reads()
        list_views(None, wish, PAGE, None, store=store, clock=system_clock)
        self._reads = Reads()
        return counted


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    return Table(monkeypatch)


def room(number: int) -> Row:
    """One of many, with a booking a week."""
    city = ("Seoul", "Busan", "Jeju")[number % 3]
    facts = replace(
        FACTS,
        host_id="jun" if number % 4 == 0 else "narae",
        city=city,
        price_per_night=Money(50_000 + number % 977 * 100, "KRW"),
        rating_count=number % 7,
        rating_total=4 * (number % 7),
    )
    nights = (date(2027, 1, 1), date(2027, 1, 2))
    bookings = {booking: Booking(booking, "reserved", nights=nights) for booking in (new_id(), new_id())}
    return Row(new_id(), facts, bookings, version=1, since=f"2026-12-20T03:00:00.{number % 1000:03}Z")


def test_a_page_reads_no_more_of_many_rooms_than_of_few(
    table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    table.fill(FEW)
    of_few = {name: table.reads(wish) for name, wish in WISHES.items()}
    table.fill(MANY)
    of_many = {name: table.reads(wish) for name, wish in WISHES.items()}
    with capsys.disabled():
        for name in WISHES:
            print(f"\n  {name:9} of {FEW} rooms: {of_few[name]}; of {MANY}: {of_many[name]}", end="")
        print()
    for name in WISHES:
        assert of_many[name].units == pytest.approx(of_few[name].units, rel=0.05)
    for name in ("newest", "by price", "by rating", "of a city"):
        reads = of_many[name]
        assert reads.calls == BUCKETS + 1
        assert reads.examined == BUCKETS * _LEAST_ASKED
        assert reads.fetched == PAGE
        assert reads.units <= BUCKETS + PAGE / 2


def test_a_page_in_vain_stops_and_says_where_to_go_on(table: Table) -> None:
    table.fill(2_000)
    reads = table.reads(Wish(guests=50))
    assert reads.fetched == MOST_READ
    assert reads.examined <= MOST_READ + BUCKETS * _LEAST_ASKED
    assert reads.units <= reads.calls + MOST_READ / 2


def test_a_hosts_page_reads_no_more_than_it_shows(table: Table) -> None:
    table.fill(400)
    reads = table.reads(Wish(host_id="jun"))
    assert (reads.calls, reads.examined, reads.fetched) == (2, _LEAST_ASKED, PAGE)
