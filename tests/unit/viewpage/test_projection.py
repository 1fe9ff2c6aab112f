"""What the view makes of what it is told, in whatever order and however often."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.viewpage.domain.parts import (
    ROOM_GROUP,
    Facts,
    NightsFacts,
    Part,
    PaymentFacts,
    ReservationFacts,
)
from chalicelib.viewpage.domain.row import Row, booking_of, derive
from chalicelib.viewpage.errors import RoomViewNotFound
from chalicelib.viewpage.hearing import parts_of
from chalicelib.viewpage.usecases.projection import fold_room
from kernel.errors import ChangedMeanwhile, Unavailable
from kernel.events import CloudEvent
from kernel.ids import new_id
from tests.fakes.viewpage import InMemoryViewStore
from tests.unit.viewpage.conftest import Screen
from tests.unit.viewpage.happenings import GUEST, HOST, BookingStory, at, deleted, registered

ROOM = new_id(0)
NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
STORIES = [
    BookingStory(ROOM, f"R{number}", f"P{number}", date(2026, 12, day), date(2026, 12, day + 2))
    for number, day in enumerate((18, 24, 24, 27))
]


def told(events: list[CloudEvent]) -> list[Part]:
    return list(parts_of(events))


def folded(batches: list[list[Part]]) -> Row:
    store = InMemoryViewStore()
    for batch in batches:
        fold_room(ROOM, batch, store=store, clock=lambda: NOW)
    return replace(store.rows[ROOM], version=0)


def history() -> list[CloudEvent]:
    """A long past stay, a cancelled booking, one that took its nights, one refused, and a room that changed."""
    past, dropped, present, refused = STORIES
    return [
        registered(ROOM),
        *past.booked(month_version=1, minute=10),
        past.reservation("ReservationCompleted", 3, 20),
        *dropped.booked(month_version=2, minute=30),
        *dropped.cancelled(month_version=3, minute=40),
        *present.booked(month_version=4, minute=50),
        refused.reservation("ReservationCreated", 1, 60),
        refused.payment("PaymentDeclined", 2, 61),
        refused.reservation("ReservationRejected", 2, 62),
        registered(ROOM, 2, 70, reviewCnt=1, lastAction="review"),
    ]


@st.composite
def deliveries(draw: st.DrawFn) -> list[list[Part]]:
    """Some history, some of it twice, shuffled and cut into batches."""
    events = history()
    if draw(st.booleans()):
        events.append(deleted(ROOM, 3, 80))
    parts = told(events)
    again = draw(st.lists(st.sampled_from(parts), max_size=6))
    shuffled = draw(st.permutations(parts + again))
    cuts = sorted(draw(st.sets(st.integers(1, len(shuffled) - 1), max_size=6)))
    return [shuffled[start:end] for start, end in pairwise([0, *cuts, len(shuffled)])]


class TestAnyOrder:
    @given(deliveries())
    def test_any_order_with_any_duplicates_gives_the_same_row(self, batches: list[list[Part]]) -> None:
        in_order = sorted(
            {part for batch in batches for part in batch}, key=lambda part: (part.time, part.version)
        )
        assert folded(batches) == folded([in_order])

    @given(deliveries())
    def test_the_row_is_what_all_parts_together_say(self, batches: list[list[Part]]) -> None:
        store = InMemoryViewStore()
        for batch in batches:
            fold_room(ROOM, batch, store=store, clock=lambda: NOW)
        groups = {group: store.parts(ROOM, group) for (_, group, _) in store.kept}
        derived = derive(Row(ROOM), groups, since=date(2026, 12, 23))
        known = store.rows[ROOM]
        assert (known.facts, known.bookings, known.ended) == (derived.facts, derived.bookings, derived.ended)

    def test_the_history_ends_where_it_should(self) -> None:
        row = folded([told(history())])
        assert row.facts is not None
        assert row.facts.review_count == 1
        assert {key: booking.status for key, booking in row.bookings.items()} == {"R2": "reserved"}
        assert row.ended is not None
        assert (row.ended.reservation_id, row.ended.payment_status) == ("R1", "cancelled")
        assert row.last.name == "review"


class TestFolding:
    def test_a_batch_is_one_write_a_room(self) -> None:
        store = InMemoryViewStore()
        fold_room(ROOM, told(history()), store=store, clock=lambda: NOW)
        assert store.saves == 1

    def test_what_says_nothing_new_writes_nothing(self) -> None:
        store = InMemoryViewStore()
        for _ in range(2):
            fold_room(ROOM, told(history()), store=store, clock=lambda: NOW)
        assert store.saves == 1

    def test_a_row_lost_between_parts_and_row_is_made_up_for_by_the_redelivery(self) -> None:
        store = InMemoryViewStore()
        for part in told(history()):
            store.remember(part)
        fold_room(ROOM, told(history()), store=store, clock=lambda: NOW)
        assert replace(store.rows[ROOM], version=0) == folded([told(history())])

    def test_a_projector_that_is_overtaken_sees_the_others_parts(self) -> None:
        payment = told([STORIES[1].payment("PaymentCancelled", 3, 5)])
        rest = [part for part in told(STORIES[1].booked()) if part not in payment]

        class Overtaken(InMemoryViewStore):
            def save(self, row: Row) -> None:
                if not self.saves:
                    self.saves += 1
                    fold_room(ROOM, payment, store=self, clock=lambda: NOW)
                super().save(row)

        store = Overtaken()
        fold_room(ROOM, rest, store=store, clock=lambda: NOW)
        assert store.rows[ROOM].bookings["R1"].payment_status == "cancelled"

    def test_a_row_that_others_keep_changing_is_left_to_a_later_delivery(self) -> None:
        class Contended(InMemoryViewStore):
            def save(self, row: Row) -> None:
                raise ChangedMeanwhile

        with pytest.raises(Unavailable):
            fold_room(ROOM, told(history()), store=Contended(), clock=lambda: NOW)

    def test_bookings_long_over_leave_the_row(self) -> None:
        store = InMemoryViewStore()
        fold_room(ROOM, told(STORIES[1].booked()), store=store, clock=lambda: NOW)
        later = datetime(2027, 3, 1, tzinfo=UTC)
        completed = told([STORIES[1].reservation("ReservationCompleted", 3, 90)])
        fold_room(ROOM, completed, store=store, clock=lambda: later)
        assert store.rows[ROOM].bookings == {}
        assert store.rows[ROOM].ended is not None


class TestWhatOlderViewsKept:
    """Until reservations told the view of nights and money, calendars and payments did."""

    def kept(self, status: str) -> list[Part]:
        def part(subject: str, version: int, facts: Facts) -> Part:
            return Part(ROOM, "R1", subject, version, at(version), facts)

        stay = (date(2026, 12, 24), date(2026, 12, 26))
        return [
            part(f"{ROOM}#2026-12", 2, NightsFacts((date(2026, 12, 24), date(2026, 12, 25)), "reserved")),
            part("P1", 2, PaymentFacts("P1", "paid")),
            part("R1", 2, ReservationFacts(GUEST, HOST, *stay, status)),
        ]

    @pytest.mark.parametrize("status", ["reserved", "reqCancel", "completed"])
    def test_a_booking_that_stands_has_its_nights_and_its_payment(self, status: str) -> None:
        booking = booking_of("R1", self.kept(status))
        assert (len(booking.nights), booking.payment_id, booking.payment_status) == (2, "P1", "paid")

    @pytest.mark.parametrize("status", ["cancelled", "rejected", "expired"])
    def test_one_that_ended_since_has_no_nights(self, status: str) -> None:
        assert booking_of("R1", self.kept(status)).nights == ()

    def test_nights_that_came_before_their_reservation_are_taken(self) -> None:
        assert len(booking_of("R1", self.kept("reqReserve")[:1]).nights) == 2


class TestStory:
    def test_a_booking_is_seen_step_by_step(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        screen.hear([registered(room_id)])
        assert not screen.seen_by(None, room_id).is_reserved
        screen.hear(christmas.booked())
        view = screen.seen_by(GUEST, room_id)
        assert (view.is_reserved, view.last.name) == (True, "reserved")
        assert view.booking is not None
        assert (view.booking.status, view.booking.payment_status) == ("reserved", "paid")
        screen.hear(christmas.cancelled())
        view = screen.seen_by(HOST, room_id)
        assert (view.is_reserved, view.booked, view.last.name) == (False, (), "cancelled")
        assert view.booking is not None
        assert (view.booking.status, view.booking.payment_status) == ("cancelled", "cancelled")

    def test_a_payment_may_come_before_its_reservation(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        screen.hear([christmas.payment("PaymentDeclined", 2)])
        assert screen.store.rows == {}
        screen.hear([registered(room_id), christmas.reservation("ReservationCreated", 1)])
        booking = screen.seen_by(GUEST, room_id).booking
        assert booking is not None
        assert (booking.payment_id, booking.payment_status) == (christmas.payment_id, "declined")

    def test_a_deleted_room_is_gone_whatever_comes_late(self, screen: Screen, room_id: str) -> None:
        screen.hear([registered(room_id), deleted(room_id, 3)])
        screen.hear([registered(room_id, 2)])
        with pytest.raises(RoomViewNotFound):
            screen.seen_by(None, room_id)

    def test_nights_freed_late_do_not_free_the_next_guests(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        after = replace(christmas, reservation_id=new_id(), payment_id=new_id(), guest="sun")
        screen.hear([registered(room_id), *after.booked(month_version=3)])
        screen.hear([*christmas.booked(month_version=1), *christmas.cancelled(month_version=2)])
        assert screen.seen_by(None, room_id).is_reserved

    def test_a_bookings_parts_share_a_group_apart_from_the_rooms(
        self, room_id: str, christmas: BookingStory
    ) -> None:
        assert {part.group for part in told(christmas.booked())} == {christmas.reservation_id}
        assert {part.group for part in told([registered(room_id)])} == {ROOM_GROUP}
