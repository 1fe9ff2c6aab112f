"""Where the view says something else: the last night, the same instant, nothing paid, nobody's rating."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.viewpage.domain.generations import LONGEST_WRITE, Generations
from chalicelib.viewpage.domain.order import Order
from chalicelib.viewpage.domain.parts import (
    NightsFacts,
    Part,
    PaymentFacts,
    ReservationFacts,
    RoomFacts,
    newest,
)
from chalicelib.viewpage.domain.row import Booking, Row, booking_of, yesterday
from chalicelib.viewpage.domain.sameness import compared
from chalicelib.viewpage.hearing import parts_of
from kernel.clock import instant
from tests.unit.viewpage.happenings import GUEST, HOST, at, registered

ROOM, RESERVATION = "a-room", "a-reservation"
FIRST, SECOND = date(2026, 12, 24), date(2026, 12, 25)
NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)


def part(
    facts: ReservationFacts | NightsFacts | PaymentFacts, subject: str = RESERVATION, version: int = 1
) -> Part:
    return Part(ROOM, RESERVATION, subject, version, at(version), facts)


def reserved(status: str, payment_id: str = "") -> Part:
    return part(ReservationFacts(GUEST, HOST, FIRST, SECOND + timedelta(days=1), status, payment_id))


class TestABooking:
    def test_that_nobody_paid_for_yet_has_no_nights_and_no_payment(self) -> None:
        booking = booking_of(RESERVATION, [reserved("reqReserve")])
        assert (booking.nights, booking.payment_status, booking.is_open) == ((), "", True)

    def test_whose_cancellation_is_asked_for_keeps_its_nights_until_it_is_cancelled(self) -> None:
        booking = booking_of(RESERVATION, [reserved("reqCancel", "P")])
        assert (booking.nights, booking.payment_status, booking.is_open) == ((FIRST, SECOND), "paid", True)

    @pytest.mark.parametrize(("status", "nights"), [("reqReserve", (FIRST,)), ("rejected", ())])
    def test_has_the_nights_that_a_calendar_told_of_only_while_it_is_undecided(
        self, status: str, nights: tuple[date, ...]
    ) -> None:
        calendar = part(NightsFacts((FIRST,), "reserved"), f"{ROOM}#2026-12")
        assert booking_of(RESERVATION, [reserved(status), calendar]).nights == nights

    def test_matters_on_the_very_day_of_its_last_night(self) -> None:
        booking = Booking(RESERVATION, "completed", nights=(FIRST, SECOND))
        assert booking.matters(SECOND)
        assert not booking.matters(SECOND + timedelta(days=1))


def test_of_two_statements_in_one_version_the_later_one_counts() -> None:
    paid, declined = (part(PaymentFacts("P", status), "P") for status in ("paid", "declined"))
    assert newest([paid, declined]) == (declined,)


def test_yesterday_is_over_everywhere() -> None:
    assert yesterday(NOW) == date(2026, 12, 23)


def test_what_one_table_alone_has_counts_among_what_was_compared() -> None:
    found = compared({("room", "1"): "a"}, {("room", "2"): "b"})
    assert (found.items, found.missing, found.surplus) == (2, (("room", "1"),), (("room", "2"),))


class TestAFormerTable:
    KNOWN = Generations("two", former="one", read_until=instant(NOW))

    def test_is_written_up_to_the_instant_until_which_it_may_be_read(self) -> None:
        assert self.KNOWN.written(NOW) == ("two", "one")
        assert self.KNOWN.written(NOW + timedelta(seconds=1)) == ("two",)

    def test_is_cleared_when_its_last_writer_is_done(self) -> None:
        assert self.KNOWN.clear_at(NOW) == NOW + LONGEST_WRITE
        later = NOW + timedelta(seconds=1)
        assert self.KNOWN.clear_at(later) == later


def rated(total: int, count: int) -> str:
    (told,) = parts_of([registered(ROOM)])
    assert isinstance(told.facts, RoomFacts)
    facts = replace(told.facts, rating_total=total, rating_count=count)
    return Order.RATING.place(Row(ROOM, facts))


def test_rooms_are_ordered_by_their_average_and_those_without_a_rating_come_last() -> None:
    assert rated(0, 0) < rated(1, 1) < rated(9, 3) < rated(8, 2) < rated(12, 3)
