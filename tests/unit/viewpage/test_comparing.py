"""The live and the rebuilt table, compared while the world goes on: what is only late is the same, the rest is told."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.viewpage.domain.generations import Generations, Rebuild
from chalicelib.viewpage.domain.parts import Part, PaymentFacts, RoomGone
from chalicelib.viewpage.domain.row import booking_of
from chalicelib.viewpage.domain.sameness import Compared, Side, digest
from chalicelib.viewpage.domain.view import Wish
from chalicelib.viewpage.usecases import comparing, rebuilding
from chalicelib.viewpage.usecases.projection import known_status
from chalicelib.viewpage.usecases.views import list_views
from kernel.errors import ChangedMeanwhile, Unavailable
from tests.fakes.viewpage import InMemoryGenerations, InMemoryShelf, InMemoryViewStore
from tests.unit.viewpage.conftest import Screen
from tests.unit.viewpage.happenings import HOST, BookingStory, registered

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
FIRST, SECOND, THIRD = ("room", "1"), ("room", "2"), ("room", "3")


class Tables:
    """A rebuild under way in the table `two`, and both tables' items."""

    def __init__(self, **tables: dict[tuple[str, str], str]) -> None:
        self.shelf = InMemoryShelf(tables)
        self.generations = InMemoryGenerations(Generations("one", Rebuild("rebuild", "two")))
        self.pauses = 0

    def pause(self) -> None:
        self.pauses += 1

    def compare(self, side: Side, position: str | None = None) -> comparing.Step[Compared]:
        return comparing.compare(
            side,
            "rebuild",
            position,
            generations=self.generations,
            shelf=self.shelf,
            clock=lambda: NOW,
            pause=self.pause,
        )


class TestLive:
    def test_the_same_items_are_the_same_page_by_page(self) -> None:
        items = {FIRST: "a", SECOND: "b", THIRD: "c"}
        tables = Tables(one=items, two=dict(items))
        first = tables.compare(Side.LIVE)
        last = tables.compare(Side.LIVE, first.position)
        assert [step.found.live == step.found.rebuilt for step in (first, last)] == [True, True]
        assert (first.found.items, last.found.items, last.position, tables.pauses) == (2, 1, None, 0)

    def test_what_is_only_late_is_the_same_after_another_look(self) -> None:
        tables = Tables(one={FIRST: "a", SECOND: "new"}, two={SECOND: "old"})
        late: list[Callable[[], object]] = [
            lambda: None,
            lambda: tables.shelf.tables["two"].update({FIRST: "a"}),
            lambda: None,
            lambda: tables.shelf.tables["two"].update({SECOND: "new"}),
        ]
        tables.shelf.happens = late
        found = tables.compare(Side.LIVE).found
        assert (found.missing, found.differing, found.live == found.rebuilt) == ((), (), True)
        assert tables.pauses == 2

    def test_what_still_differs_after_many_looks_is_told(self) -> None:
        tables = Tables(one={FIRST: "a", SECOND: "b"}, two={SECOND: "another"})
        found = tables.compare(Side.LIVE).found
        assert (found.missing, found.differing, tables.pauses) == ((FIRST,), (SECOND,), 8)


class TestRebuilt:
    def test_what_is_in_the_rebuilt_table_alone_is_told(self) -> None:
        tables = Tables(one={FIRST: "a"}, two={FIRST: "a", SECOND: "b"})
        assert (tables.compare(Side.REBUILT).found.surplus, tables.pauses) == ((SECOND,), 8)

    def test_what_comes_to_the_live_table_a_moment_later_is_no_surplus(self) -> None:
        tables = Tables(one={}, two={FIRST: "a"})
        tables.shelf.happens = [lambda: None, lambda: tables.shelf.tables["one"].update({FIRST: "a"})]
        step = tables.compare(Side.REBUILT)
        assert (step.found.surplus, step.position, tables.pauses) == ((), None, 1)


class TestDigests:
    def test_both_tables_are_digested_page_by_page(self) -> None:
        items = {FIRST: "a", SECOND: "b", THIRD: "c"}
        tables = Tables(one=items, two={})
        ports: Any = {"generations": tables.generations, "shelf": tables.shelf, "clock": lambda: NOW}
        step = comparing.digest(None, None, **ports)
        assert step.found == (2, digest("ab"))
        assert comparing.digest(None, step.position, **ports).found == (1, digest("c"))
        assert comparing.digest("rebuild", None, **ports).found == (0, 0)

    def test_a_table_is_cleared_step_by_step(self) -> None:
        tables = Tables(one={}, two={FIRST: "a", SECOND: "b", THIRD: "c"})
        ports: Any = {"generations": tables.generations, "shelf": tables.shelf}
        position = rebuilding.clear("rebuild", None, **ports)
        assert (list(tables.shelf.tables["two"]), position is None) == ([THIRD], False)
        assert rebuilding.clear("rebuild", position, **ports) is None
        assert tables.shelf.tables["two"] == {}


class TestBeginning:
    def test_who_meets_another_rebuild_begins_after_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tables = Tables()
        save, lost = tables.generations.save, iter([ChangedMeanwhile] * 4)

        def hurried(generations: Generations) -> None:
            if error := next(lost, None):
                raise error
            save(generations)

        monkeypatch.setattr(tables.generations, "save", hurried)
        begun = rebuilding.begin(("one", "two"), None, generations=tables.generations, clock=lambda: NOW)
        assert tables.generations.kept.under_way(begun.rebuild_id).table == begun.table == "two"

    def test_who_meets_another_every_time_is_told_to_come_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def changed(_: Generations) -> None:
            raise ChangedMeanwhile

        tables = Tables()
        monkeypatch.setattr(tables.generations, "save", changed)
        with pytest.raises(Unavailable, match=r"^Too many rebuilds"):
            rebuilding.leave("rebuild", generations=tables.generations)

    def test_a_rebuild_of_the_past_that_stays_beside_the_live_table_is_over(self) -> None:
        tables = Tables()
        left = rebuilding.leave("rebuild", generations=tables.generations)
        assert (left.rebuild, left.live, left.version) == (None, "one", 1)


def test_what_happened_after_the_instant_of_a_rebuild_leaves_no_trace_in_it() -> None:
    store = InMemoryViewStore()
    rebuild = Rebuild("rebuild", "two", until="2026-12-20T00:00:00.000Z")
    told = [
        Part("room", "booking", "payment", 1, "2026-12-20T00:00:00.001Z", PaymentFacts("payment", "paid"))
    ]
    rebuilding.into_rebuilt(rebuild, store_of=lambda _: store, clock=lambda: NOW)("room", told)
    assert (store.rows, store.kept) == ({}, {})


def test_a_past_rebuild_is_looked_at_as_of_its_instant() -> None:
    rebuild = Rebuild("rebuild", "two", until="2026-12-20T00:00:00.000Z")
    assert rebuild.shown(NOW) == datetime(2026, 12, 20, tzinfo=UTC)


def test_a_rooms_own_facts_tell_nothing_of_a_booking() -> None:
    paid = Part("room", "booking", "payment", 1, "1", PaymentFacts("payment", "paid"))
    gone = Part("room", "booking", "room", 1, "0", RoomGone("host"))
    assert booking_of("booking", [gone, paid]) == booking_of("booking", [paid])


class TestKnownStatus:
    def test_it_is_what_the_view_was_told_last(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        screen.hear([registered(room_id), *christmas.booked()])
        assert known_status(christmas.reservation_id, store=screen.store) == "reserved"

    def test_of_what_it_was_never_told_the_view_knows_nothing(self, screen: Screen) -> None:
        assert known_status("nobody's", store=screen.store) is None


def test_the_rooms_of_a_host_are_listed_without_a_city_or_an_order(screen: Screen, room_id: str) -> None:
    screen.hear([registered(room_id)])
    for host, rooms in ((HOST, [room_id]), ("another", [])):
        page = list_views(None, Wish(host_id=host), 10, None, store=screen.store, clock=lambda: NOW)
        assert [view.room_id for view in page.items] == rooms
