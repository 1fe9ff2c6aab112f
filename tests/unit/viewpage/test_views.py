"""What a reader sees of a room, and of whose bookings."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.viewpage.domain.view import Wish
from chalicelib.viewpage.errors import NotYourBooking, RoomViewNotFound
from chalicelib.viewpage.usecases.views import find_by_payment, find_by_reservation, list_views
from kernel.events import CloudEvent
from kernel.identity import Caller
from kernel.ids import new_id
from kernel.stay import Stay
from tests.deliveries import told
from tests.unit.viewpage.conftest import Screen
from tests.unit.viewpage.happenings import GUEST, HOST, BookingStory, at, registered


def shown(screen: Screen, reader: str | None, room_id: str, *roles: str) -> str | None:
    """The id of the reservation that the reader sees with the room."""
    booking = screen.seen_by(reader, room_id, *roles).booking
    return booking.reservation_id if booking else None


class TestParties:
    @pytest.fixture(autouse=True)
    def booked(self, screen: Screen, room_id: str, christmas: BookingStory) -> None:
        screen.hear([registered(room_id), *christmas.booked()])

    @pytest.mark.parametrize(("reader", "roles"), [(HOST, ()), (GUEST, ()), ("boss", ("admin",))])
    def test_guest_host_and_admin_see_a_booking(
        self, screen: Screen, room_id: str, christmas: BookingStory, reader: str, roles: tuple[str, ...]
    ) -> None:
        assert shown(screen, reader, room_id, *roles) == christmas.reservation_id

    @pytest.mark.parametrize(("reader", "roles"), [(None, ()), ("stranger", ("guest", "host"))])
    def test_nobody_else_does(
        self, screen: Screen, room_id: str, reader: str | None, roles: tuple[str, ...]
    ) -> None:
        assert shown(screen, reader, room_id, *roles) is None

    def test_everybody_sees_that_the_nights_are_taken(self, screen: Screen, room_id: str) -> None:
        view = screen.seen_by(None, room_id)
        assert (view.is_reserved, view.booked) == (True, (Stay(date(2026, 12, 24), date(2026, 12, 26)),))

    def test_a_guest_sees_their_own_booking_and_not_the_one_before(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        later = BookingStory(room_id, new_id(), new_id(), date(2026, 12, 27), date(2026, 12, 28), "sun")
        screen.hear(later.booked(month_version=2))
        assert shown(screen, "sun", room_id) == later.reservation_id
        assert shown(screen, HOST, room_id) == christmas.reservation_id

    def test_a_payment_without_a_known_reservation_belongs_to_nobody_yet(
        self, screen: Screen, room_id: str
    ) -> None:
        early = BookingStory(room_id, new_id(), new_id(), date(2026, 12, 27), date(2026, 12, 28))
        screen.hear([early.payment("PaymentDeclined", 2)])
        with pytest.raises(RoomViewNotFound):
            find_by_reservation(
                Caller(GUEST), early.reservation_id, store=screen.store, clock=lambda: screen.now
            )
        assert len(screen.seen_by(None, room_id).booked) == 1


class TestNearestBooking:
    def test_the_current_goes_before_the_next_and_the_next_before_the_past(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        later = replace(
            christmas, reservation_id=new_id(), check_in=date(2026, 12, 28), check_out=date(2026, 12, 30)
        )
        screen.hear([registered(room_id), *later.booked(1), *christmas.booked(2)])
        assert shown(screen, HOST, room_id) == christmas.reservation_id
        screen.later(days=2)
        assert shown(screen, HOST, room_id) == later.reservation_id

    def test_without_one_to_come_the_last_that_changed_is_shown(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        other = replace(christmas, reservation_id=new_id(), payment_id=new_id())
        screen.hear([registered(room_id), *christmas.booked(1, minute=1), *christmas.cancelled(2, minute=11)])
        screen.hear([*other.booked(3, minute=21), *other.cancelled(4, minute=31)])
        assert shown(screen, HOST, room_id) == other.reservation_id

    def test_a_booking_that_never_stood_is_not_shown(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        created = christmas.reservation("ReservationCreated", 1)
        rejected = christmas.reservation("ReservationRejected", 2, 1)
        screen.hear([registered(room_id), created, rejected])
        assert shown(screen, HOST, room_id) is None


class TestTonight:
    @pytest.mark.parametrize(
        ("now", "status"),
        [
            (datetime(2026, 12, 23, 14, 59, tzinfo=UTC), "available"),
            (datetime(2026, 12, 23, 15, 0, tzinfo=UTC), "reserved"),
            (datetime(2026, 12, 25, 14, 59, tzinfo=UTC), "reserved"),
            (datetime(2026, 12, 25, 15, 0, tzinfo=UTC), "available"),
        ],
    )
    def test_tonight_is_the_rooms_own(
        self, screen: Screen, room_id: str, christmas: BookingStory, now: datetime, status: str
    ) -> None:
        screen.hear([registered(room_id), *christmas.booked()])
        screen.now = now
        assert screen.seen_by(None, room_id).is_reserved == (status == "reserved")

    def test_neighbouring_bookings_are_one_span(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        after = replace(
            christmas, reservation_id=new_id(), check_in=date(2026, 12, 26), check_out=date(2026, 12, 27)
        )
        screen.hear([registered(room_id), *christmas.booked(1), *after.booked(2)])
        assert screen.seen_by(None, room_id).booked == (Stay(date(2026, 12, 24), date(2026, 12, 27)),)


class TestFinding:
    def test_a_party_finds_the_room_by_reservation_and_by_payment(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        screen.hear([registered(room_id), *christmas.booked(), *christmas.cancelled()])
        other = replace(christmas, reservation_id=new_id(), payment_id=new_id())
        screen.hear(other.booked(month_version=3, minute=30))
        clock = lambda: screen.now  # noqa: E731 - a clock is a function
        by_reservation = find_by_reservation(
            Caller(GUEST), christmas.reservation_id, store=screen.store, clock=clock
        )
        by_payment = find_by_payment(Caller(GUEST), christmas.payment_id, store=screen.store, clock=clock)
        assert by_reservation == by_payment
        assert by_payment.booking is not None
        assert (by_payment.booking.reservation_id, by_payment.booking.status) == (
            christmas.reservation_id,
            "cancelled",
        )

    def test_nobody_else_finds_it(self, screen: Screen, room_id: str, christmas: BookingStory) -> None:
        screen.hear([registered(room_id), *christmas.booked()])
        with pytest.raises(NotYourBooking):
            find_by_payment(
                Caller("stranger"), christmas.payment_id, store=screen.store, clock=lambda: screen.now
            )

    @pytest.mark.parametrize("unknown", [new_id(), "", "x" * 500])
    def test_what_is_unknown_is_not_found(self, screen: Screen, unknown: str) -> None:
        with pytest.raises(RoomViewNotFound):
            find_by_reservation(Caller(GUEST), unknown, store=screen.store, clock=lambda: screen.now)


class TestWishes:
    @pytest.mark.parametrize(
        ("wish", "count"),
        [
            (Wish(), 1),
            (Wish(city="SEOUL"), 1),
            (Wish(city="Busan"), 0),
            (Wish(is_reserved=True), 1),
            (Wish(is_reserved=False), 0),
            (Wish(guests=2), 1),
            (Wish(guests=3), 0),
            (Wish(most_per_night=100_000), 1),
            (Wish(most_per_night=99_999), 0),
            (Wish(stay=Stay(date(2026, 12, 26), date(2026, 12, 28))), 1),
            (Wish(stay=Stay(date(2026, 12, 22), date(2026, 12, 24))), 1),
            (Wish(stay=Stay(date(2026, 12, 26), date(2026, 12, 27))), 0),
            (Wish(stay=Stay(date(2026, 12, 25), date(2026, 12, 28))), 0),
        ],
    )
    def test_only_rooms_that_fit_are_listed(
        self, screen: Screen, room_id: str, christmas: BookingStory, wish: Wish, count: int
    ) -> None:
        screen.hear([registered(room_id, minNights=2), *christmas.booked()])
        page = list_views(None, wish, 10, None, store=screen.store, clock=lambda: screen.now)
        assert [view.room_id for view in page.items] == [room_id] * count

    def test_a_room_nobody_has_registered_is_not_listed(
        self, screen: Screen, room_id: str, christmas: BookingStory
    ) -> None:
        screen.hear(christmas.booked())
        page = list_views(None, Wish(), 10, None, store=screen.store, clock=lambda: screen.now)
        assert page.items == ()


class TestBlocks:
    def told(self, room_id: str, event_type: str, version: int) -> CloudEvent:
        data = {"roomId": room_id, "blockId": "BLOCK", "nights": ["2026-12-24", "2026-12-25"]}
        return told(event_type, f"{room_id}#2026-12", version, data, source="staybook.room", time=at(version))

    def test_blocked_nights_are_not_free_and_not_reserved(self, screen: Screen, room_id: str) -> None:
        screen.hear([registered(room_id), self.told(room_id, "RoomBlocked", 1)])
        view = screen.seen_by(HOST, room_id)
        blocked = Stay(date(2026, 12, 24), date(2026, 12, 26))
        assert (view.is_reserved, view.booked, view.blocked, view.booking) == (False, (), (blocked,), None)
        assert not Wish(stay=Stay(date(2026, 12, 25), date(2026, 12, 27))).fits(view)
        assert Wish(stay=Stay(date(2026, 12, 26), date(2026, 12, 27))).fits(view)

    def test_nights_given_back_are_free_again(self, screen: Screen, room_id: str) -> None:
        events = [self.told(room_id, "RoomUnblocked", 2), self.told(room_id, "RoomBlocked", 1)]
        screen.hear([registered(room_id), *events])
        assert screen.seen_by(HOST, room_id).blocked == ()
