"""The contract of the viewpage service's port, kept by the fake and by DynamoDB alike."""

from dataclasses import replace
from datetime import date
from uuid import uuid4
from zlib import compress

import msgspec
import pytest

from chalicelib.viewpage.adapters.items import TABLES
from chalicelib.viewpage.adapters.packed_rows import packed, unpacked
from chalicelib.viewpage.adapters.store import DynamoViewStore
from chalicelib.viewpage.domain.order import Listing, Order
from chalicelib.viewpage.domain.parts import (
    ROOM_GROUP,
    Facts,
    NightsFacts,
    Part,
    PaymentFacts,
    ReservationFacts,
    RoomFacts,
    RoomGone,
)
from chalicelib.viewpage.domain.row import Action, Booking, Row
from chalicelib.viewpage.ports import BookingKey, ViewStore
from kernel.cursors import cursor
from kernel.errors import ChangedMeanwhile, Invalid
from kernel.ids import new_id
from kernel.money import Money
from tests.fakes.viewpage import InMemoryViewStore
from tests.tables import create_tables

FACTS = RoomFacts(
    host_id="jun",
    description="아름다운 집",
    title="Hanok",
    city="Seoul",
    time_zone="Asia/Seoul",
    max_guests=2,
    min_nights=1,
    price_per_night=Money(100_000, "KRW"),
    cancellation_policy="flexible",
    review_count=1,
    rating_total=4,
    rating_count=1,
    last_action="register",
)
ALL, IN_SEOUL = Listing(), Listing(city="SEOUL ")
RESERVATION = ReservationFacts("mina", "jun", date(2026, 12, 24), date(2026, 12, 26), "reserved")
TIME = "2026-12-20T03:00:00.000Z"


@pytest.fixture(params=["in memory", "DynamoDB"])
def views(request: pytest.FixtureRequest) -> ViewStore:
    if request.param == "in memory":
        return InMemoryViewStore()
    request.getfixturevalue("store")
    create_tables("viewpage")
    return DynamoViewStore(TABLES[0])


def part(
    facts: Facts, *, room: str = "ROOM", group: str = "R1", subject: str = "S1", version: int = 1
) -> Part:
    return Part(room, group, subject, version, TIME, facts)


class TestStoredRows:
    def rows(self, bookings: int) -> Row:
        known = (
            Booking(
                new_id(), "reserved", str(uuid4()), "jun", date(2026, 12, 24), date(2026, 12, 26), new_id()
            )
            for _ in range(bookings)
        )
        return Row("ROOM", facts=FACTS, bookings={each.reservation_id: each for each in known})

    def test_a_row_is_read_as_it_was_written(self) -> None:
        row = self.rows(3)
        assert unpacked(packed(row)) == row

    def test_a_row_of_the_release_before_is_read(self) -> None:
        row = self.rows(3)
        assert unpacked(compress(msgspec.json.encode(row))) == row

    def test_another_booking_takes_a_tenth_of_a_unit_at_most(self) -> None:
        assert len(packed(self.rows(20))) - len(packed(self.rows(10))) < 10 * 102


def listed(views: ViewStore, room_id: str, facts: RoomFacts | None = FACTS, since: str = TIME) -> Row:
    row = Row(room_id, facts=facts, version=1, since=since)
    views.save(row)
    return row


def all_pages(views: ViewStore, size: int, listing: Listing = IN_SEOUL) -> list[Row]:
    seen: list[Row] = []
    position = None
    for _ in range(40):
        page = views.listed(listing, size, position, lambda row: True)
        assert len(page.items) <= size
        seen += page.items
        position = page.cursor
        if position is None:
            return seen
    raise AssertionError("the pages never end")


class TestParts:
    @pytest.mark.parametrize(
        "facts",
        [
            FACTS,
            RoomGone("jun"),
            NightsFacts((date(2026, 12, 24), date(2026, 12, 25)), "reserved"),
            RESERVATION,
            PaymentFacts("P1", "paid"),
        ],
        ids=lambda facts: type(facts).__name__,
    )
    def test_a_part_is_read_as_it_was_written(self, views: ViewStore, facts: Facts) -> None:
        views.remember(part(facts))
        assert views.parts("ROOM", "R1") == (part(facts),)

    def test_only_a_later_version_takes_the_place_of_an_earlier_one(self, views: ViewStore) -> None:
        cancelled = replace(RESERVATION, status="cancelled")
        for told in (part(RESERVATION, version=2), part(cancelled, version=4), part(RESERVATION, version=3)):
            views.remember(told)
        views.remember(part(RESERVATION, version=4))
        assert views.parts("ROOM", "R1") == (part(cancelled, version=4),)

    def test_groups_and_rooms_stay_apart(self, views: ViewStore) -> None:
        own = [part(RESERVATION, subject="R1"), part(PaymentFacts("P1", "paid"), subject="P1")]
        others = [
            part(RESERVATION, group="R10", subject="R10"),
            part(FACTS, group=ROOM_GROUP, subject="ROOM"),
            part(RESERVATION, room="OTHER", subject="R1"),
        ]
        for told in own + others:
            views.remember(told)
        assert sorted(views.parts("ROOM", "R1"), key=lambda told: told.subject) == sorted(
            own, key=lambda told: told.subject
        )

    def test_a_booking_is_found_by_reservation_and_by_payment(self, views: ViewStore) -> None:
        views.remember(part(RESERVATION, subject="R1"))
        views.remember(part(PaymentFacts("P1", "paid"), subject="P1"))
        key = BookingKey("ROOM", "R1")
        assert (views.booking_by_reservation("R1"), views.booking_by_payment("P1")) == (key, key)

    def test_a_booking_is_not_found_by_a_payment_or_nights_alone(self, views: ViewStore) -> None:
        views.remember(part(PaymentFacts("P1", "paid"), subject="P1"))
        views.remember(part(NightsFacts((), "cancelled"), subject="ROOM#2026-12"))
        assert views.booking_by_reservation("R1") is None
        assert views.booking_by_payment("P2") is None


class TestRows:
    def test_a_row_is_read_as_it_was_written(self, views: ViewStore) -> None:
        booking = Booking(
            "R1", "reserved", "mina", "jun", date(2026, 12, 24), date(2026, 12, 26), "P1", "paid"
        )
        row = Row(
            "ROOM",
            FACTS,
            {"R1": replace(booking, nights=(date(2026, 12, 24),), changed=TIME)},
            Booking("R0", "cancelled"),
            Action(TIME, "reserved"),
            1,
        )
        views.save(row)
        assert views.row("ROOM") == row

    def test_a_row_that_never_was_is_none(self, views: ViewStore) -> None:
        assert views.row(new_id()) is None

    @pytest.mark.parametrize("version", [1, 3])
    def test_a_row_is_written_only_upon_the_state_it_was_derived_from(
        self, views: ViewStore, version: int
    ) -> None:
        first = listed(views, "ROOM")
        with pytest.raises(ChangedMeanwhile):
            views.save(replace(first, version=version))
        views.save(replace(first, version=2))
        found = views.row("ROOM")
        assert found is not None
        assert found.version == 2

    def test_a_later_version_is_not_written_where_there_is_none(self, views: ViewStore) -> None:
        with pytest.raises(ChangedMeanwhile):
            views.save(Row("ROOM", version=2))


class TestListing:
    @pytest.mark.parametrize("size", [1, 2, 7, 30])
    def test_pages_show_every_fitting_row_once(self, views: ViewStore, size: int) -> None:
        fitting = {listed(views, new_id()).room_id for _ in range(7)}
        for _ in range(5):
            listed(views, new_id(), replace(FACTS, city="Busan"))
        seen = [row.room_id for row in all_pages(views, size)]
        assert sorted(seen) == sorted(fitting)

    def test_a_host_finds_own_rooms_alone(self, views: ViewStore) -> None:
        own = {listed(views, new_id(), replace(FACTS, host_id="somebody else")).room_id for _ in range(3)}
        for _ in range(4):
            listed(views, new_id())
        found, position = set(), None
        for _ in own:
            page = views.listed_of("somebody else", 1, position, lambda row: True)
            found |= {row.room_id for row in page.items}
            position = page.cursor
        assert found == own

    def test_a_row_without_a_room_is_not_listed(self, views: ViewStore) -> None:
        shown = listed(views, "ROOM")
        listed(views, "EARLY", None)
        assert all_pages(views, 5) == [shown]
        views.save(replace(shown, facts=None, version=2))
        assert all_pages(views, 5) == []

    @pytest.mark.parametrize("position", ["%%%", "", "e30", "WzFd"])
    def test_a_cursor_that_is_none_is_refused(self, views: ViewStore, position: str) -> None:
        with pytest.raises(Invalid):
            views.listed(ALL, 5, position, lambda row: True)
        with pytest.raises(Invalid):
            views.listed_of("jun", 5, position, lambda row: True)

    def test_a_cursor_of_another_order_is_refused(self, views: ViewStore) -> None:
        for _ in range(3):
            listed(views, new_id())
        position = views.listed(ALL, 1, None, lambda row: True).cursor
        for order in (Order.PRICE, Order.RATING):
            with pytest.raises(Invalid):
                views.listed(Listing(order), 1, position, lambda row: True)

    @pytest.mark.usefixtures("store")
    def test_a_cursor_that_was_not_sealed_for_it_is_refused_by_us_and_not_by_the_store(self) -> None:
        create_tables("viewpage")
        with pytest.raises(Invalid):
            DynamoViewStore(TABLES[0]).listed(ALL, 5, cursor({"place": "x"}, "rooms"), lambda row: True)

    def test_a_citys_rooms_are_found_however_it_is_written(self, views: ViewStore) -> None:
        own = {
            listed(views, new_id(), replace(FACTS, city=city)).room_id
            for city in ("Seoul", "seoul", "SEOUL ")
        }
        listed(views, new_id(), replace(FACTS, city="Busan"))
        assert {row.room_id for row in all_pages(views, 2)} == own

    def test_a_room_that_moves_is_found_where_it_is(self, views: ViewStore) -> None:
        row = listed(views, "ROOM")
        views.save(replace(row, facts=replace(FACTS, city="Busan"), version=2))
        assert all_pages(views, 5) == []
        assert len(all_pages(views, 5, Listing(city="Busan"))) == 1


class TestOrders:
    @pytest.mark.parametrize("size", [1, 3, 50])
    @pytest.mark.parametrize("city", [None, "Seoul"])
    def test_the_newest_come_first(self, views: ViewStore, city: str | None, size: int) -> None:
        for minute in (5, 1, 3, 2, 4, 0):
            listed(views, new_id(), since=f"2026-12-20T03:{minute:02}:00.000Z")
        shown = all_pages(views, size, Listing(Order.NEWEST, city))
        assert [row.since[14:16] for row in shown] == ["05", "04", "03", "02", "01", "00"]

    @pytest.mark.parametrize("size", [1, 3, 50])
    @pytest.mark.parametrize("city", [None, "Seoul"])
    def test_the_cheapest_come_first(self, views: ViewStore, city: str | None, size: int) -> None:
        prices = [95_000, 1_000_000, 100_000, 0, 10_000_000_000, 99_000]
        for amount in prices:
            listed(views, new_id(), replace(FACTS, price_per_night=Money(amount, "KRW")))
        shown = all_pages(views, size, Listing(Order.PRICE, city))
        assert [row.facts.price_per_night.amount for row in shown if row.facts] == sorted(prices)

    def test_prices_are_compared_within_a_currency(self, views: ViewStore) -> None:
        for amount, currency in ((90, "USD"), (100_000, "KRW"), (10, "USD")):
            listed(views, new_id(), replace(FACTS, price_per_night=Money(amount, currency)))
        prices = [row.facts.price_per_night for row in all_pages(views, 2, Listing(Order.PRICE)) if row.facts]
        assert prices == [Money(100_000, "KRW"), Money(10, "USD"), Money(90, "USD")]

    @pytest.mark.parametrize("size", [1, 3, 50])
    def test_the_best_come_first_and_the_unrated_last(self, views: ViewStore, size: int) -> None:
        for total, count in ((0, 0), (9, 2), (45, 10), (5, 1), (4, 1)):
            listed(views, new_id(), replace(FACTS, rating_total=total, rating_count=count))
        shown = all_pages(views, size, Listing(Order.RATING))
        ratings = [(row.facts.rating_total, row.facts.rating_count) for row in shown if row.facts]
        assert ratings == [(5, 1), (45, 10), (9, 2), (4, 1), (0, 0)]

    def test_a_changed_price_is_a_changed_place(self, views: ViewStore) -> None:
        rows = [
            listed(views, new_id(), replace(FACTS, price_per_night=Money(amount, "KRW"))) for amount in (1, 2)
        ]
        views.save(replace(rows[0], facts=replace(FACTS, price_per_night=Money(3, "KRW")), version=2))
        shown = [row.room_id for row in all_pages(views, 5, Listing(Order.PRICE))]
        assert shown == [rows[1].room_id, rows[0].room_id]


class TestBounds:
    @pytest.mark.usefixtures("store")
    def test_a_search_in_vain_stops_and_says_where_to_go_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        create_tables("viewpage")
        monkeypatch.setattr("chalicelib.viewpage.adapters.listing.MOST_READ", 3)
        views = DynamoViewStore(TABLES[0])
        for _ in range(5):
            listed(views, new_id())
        first = views.listed(ALL, 5, None, lambda row: False)
        second = views.listed(ALL, 5, first.cursor, lambda row: True)
        assert (first.items, len(second.items), second.cursor is not None) == ((), 2, False)
