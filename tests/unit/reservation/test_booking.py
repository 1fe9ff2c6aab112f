"""A booking, told as stories."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.payment.ports import Outcome
from chalicelib.reservation import errors
from chalicelib.reservation.domain.reservation import Offer, Reservation, Status, Wish
from chalicelib.reservation.usecases.reading import list_reservations
from kernel.errors import Invalid, KeyReused, Unavailable
from kernel.identity import Caller
from kernel.money import Money
from kernel.stay import Stay
from tests.unit.reservation.world import GUEST, HOST, LIMITS, WISH, Crash, Faults, World

OTHER_NIGHT = Wish("room", date(2027, 1, 10), date(2027, 1, 11), 1)


def test_a_free_room_is_booked_and_paid() -> None:
    world = World()
    booked = world.book()
    assert booked.made.status is Status.RESERVED
    assert booked.made.payment_id is not None
    assert not booked.replayed
    assert world.money() is Outcome.APPROVED
    world.deliver()
    world.settle()
    world.at_rest()
    assert world.told() == ["ReservationCreated", "ReservationConfirmed"]


def test_without_dates_the_stay_is_the_one_the_room_says() -> None:
    world = World()
    booked = world.book(wish=Wish("room"))
    assert booked.made.stay == world.room.tonight
    world.room.tonight = Stay(date(2026, 12, 30), date(2026, 12, 31))
    assert world.book(wish=Wish("room")).made == booked.made


def test_the_second_guest_of_a_night_is_refused_and_pays_nothing() -> None:
    world = World()
    world.book("first")
    assert world.answer("second") == "taken"
    world.deliver()
    assert world.money("second") is None
    world.settle()
    world.at_rest()


def test_a_refusal_holds_even_when_the_night_is_free_again() -> None:
    world = World()
    world.book("first")
    assert world.answer("second") == "taken"
    world.cancel("first")
    world.deliver()
    with pytest.raises(errors.Taken) as told:
        world.book("second")
    assert told.value.replayed
    assert world.answer("third") == "reserved"


def test_a_declined_payment_leaves_nothing_held() -> None:
    world = World()
    world.provider.decides = Outcome.DECLINED
    assert world.answer() == "payment-declined"
    world.deliver()
    world.provider.decides = Outcome.APPROVED
    with pytest.raises(errors.PaymentDeclined) as told:
        world.book()
    assert told.value.replayed
    assert world.answer("another") == "reserved"
    world.settle()
    world.at_rest()


def test_another_price_than_the_guest_was_shown_is_refused() -> None:
    world = World()
    shown = replace(WISH, price=Money(1, "KRW"))
    assert world.answer(wish=shown) == "price-changed"
    assert world.answer("right", replace(WISH, price=Money(200_000, "KRW"))) == "reserved"


@pytest.mark.parametrize(
    ("wish", "problem"),
    [
        (replace(WISH, room_id="nowhere"), "unknown-room"),
        (replace(WISH, guests=3), "invalid-stay"),
        (replace(WISH, check_out=WISH.check_in), "invalid-input"),
    ],
)
def test_a_wish_that_cannot_be_granted_leaves_nothing_behind(wish: Wish, problem: str) -> None:
    world = World()
    assert world.answer(wish=wish) == problem
    assert world.reservations == World().reservations


def test_what_the_room_finds_wrong_is_said_where_it_is() -> None:
    with pytest.raises(Invalid) as told:
        World().book(wish=replace(WISH, guests=3))
    assert [fault.pointer for fault in told.value.errors] == ["/guests"]


def test_the_same_key_is_told_the_same_and_says_so() -> None:
    world = World()
    first, second = world.book(), world.book()
    assert (first.made, first.replayed, second.replayed) == (second.made, False, True)
    assert len(world.told()) == 2


def test_a_cancelled_booking_still_answers_as_it_was_confirmed() -> None:
    world = World()
    first = world.book()
    world.cancel()
    world.deliver()
    assert world.state().status is Status.CANCELLED
    assert world.book().made == replace(first.made, version=world.state().version)


def test_the_same_key_with_another_body_is_refused() -> None:
    world = World()
    world.book()
    with pytest.raises(KeyReused):
        world.book(wish=OTHER_NIGHT)


def test_a_key_is_its_guests_own() -> None:
    world = World()
    world.book()
    assert world.answer(wish=OTHER_NIGHT, guest="somebody else") == "reserved"


def test_while_a_driver_has_the_lease_the_same_key_waits() -> None:
    world = World(faults=Faults("crash before", 4))
    with pytest.raises(Crash):
        world.book()
    world.later(seconds=10)
    with pytest.raises(errors.InFlight) as told:
        world.book()
    assert told.value.retry_after == 20
    world.later(seconds=20)
    assert world.answer() == "reserved"


def test_a_driver_that_has_to_give_up_lets_the_next_one_on_at_once() -> None:
    world = World()
    world.provider.decides = Outcome.PROCESSING
    with pytest.raises(errors.OutcomePending) as told:
        world.book()
    assert told.value.retry_after == 1
    assert told.value.members["idempotencyKey"] == "key"
    assert told.value.members["_links"]["reservation"]["href"] == f"/reservations/{world.id_of('key')}"
    world.provider.charges = dict.fromkeys(world.provider.charges, Outcome.APPROVED)
    assert world.answer() == "reserved"


def test_a_guest_has_no_more_open_bookings_than_allowed() -> None:
    world = World()
    world.book("first")
    world.book("second", OTHER_NIGHT)
    third = Wish("room", date(2027, 2, 1), date(2027, 2, 2))
    assert world.answer("third", third) == "too-many-open-bookings"
    assert world.reservations.find(world.id_of("third")) is None
    assert world.answer("first") == "reserved", "what exists is told before the limit is judged"
    world.cancel("first")
    world.deliver()
    assert world.answer("third", third) == "reserved"


def test_a_stay_that_is_over_counts_no_more() -> None:
    world = World()
    world.book("first")
    world.book("second", OTHER_NIGHT)
    world.now += timedelta(days=4)
    assert world.answer("third", Wish("room", date(2027, 2, 1), date(2027, 2, 2))) == "reserved"


def test_what_is_not_finished_in_time_expires() -> None:
    world = World(faults=Faults("crash before", 5))
    with pytest.raises(Crash):
        world.book()
    world.settle()
    assert world.state().status is Status.EXPIRED
    assert world.answer() == "expired"
    world.at_rest()


def test_a_key_that_comes_back_after_the_hold_is_told_that_it_expired() -> None:
    world = World(faults=Faults("crash before", 5))
    with pytest.raises(Crash):
        world.book()
    world.now += LIMITS.hold
    assert world.answer() == "expired"
    world.settle()
    world.at_rest()


def test_settlement_before_its_time_is_put_off() -> None:
    world = World()
    world.book()
    world.now -= timedelta(seconds=1)
    with pytest.raises(errors.SettledTooEarly):
        world.settle()


def test_settlement_lets_go_again_and_says_nothing_new() -> None:
    world = World()
    world.book()
    world.cancel()
    world.deliver()
    world.room.nights[WISH.check_in or date.min] = (world.id_of("key"), world.now)  # a claim that came late
    world.settle()
    world.at_rest()
    assert len(world.told()) == 4


def test_settlement_finishes_a_cancellation() -> None:
    world = World()
    world.book()
    world.cancel()
    world.settle()
    assert world.state().status is Status.CANCELLED
    world.at_rest()


def test_a_cancellation_frees_the_nights_and_gives_the_money_back() -> None:
    world = World()
    world.book()
    assert world.cancel().status is Status.CANCEL_REQUESTED
    world.deliver()
    assert world.money() is Outcome.REFUNDED
    world.settle()
    world.at_rest()


@pytest.mark.parametrize("who", [GUEST, HOST])
def test_guest_and_host_may_cancel(who: str) -> None:
    world = World()
    world.book()
    assert world.cancel(who=who).status is Status.CANCEL_REQUESTED


def test_others_may_not_cancel() -> None:
    world = World()
    world.book()
    with pytest.raises(errors.NotYourReservation):
        world.cancel(who="somebody else")
    assert world.state().status is Status.RESERVED


def test_cancelling_again_changes_nothing() -> None:
    world = World()
    world.book()
    assert world.cancel() == world.cancel()
    world.deliver()
    assert world.cancel().status is Status.CANCELLED
    assert len(world.told()) == 4


def test_what_never_stood_cannot_be_cancelled() -> None:
    world = World()
    world.book("first")
    world.answer("second")
    with pytest.raises(errors.NotCancellable):
        world.cancel("second")


def test_an_unknown_reservation_cannot_be_cancelled() -> None:
    with pytest.raises(errors.UnknownReservation):
        World().cancel()


def test_a_booking_cancelled_while_it_is_made_does_not_come_to_stand() -> None:
    world = World(faults=Faults("crash after", 5))
    with pytest.raises(Crash):
        world.book()
    world.cancel()
    world.later(minutes=1)
    assert world.answer() == "cancelled"
    world.deliver()
    assert world.answer() == "cancelled"
    world.settle()
    world.at_rest()


def test_events_that_come_twice_change_nothing() -> None:
    world = World()
    world.book()
    world.cancel()
    world.deliver()
    states = dict(world.reservations.reservations), dict(world.provider.charges), dict(world.room.nights)
    told = len(world.announced())
    for event in world.announced():
        world.hear(event)
    assert (world.reservations.reservations, world.provider.charges, world.room.nights) == states
    assert len(world.announced()) == told


def test_people_see_their_own_reservations_the_newest_first() -> None:
    world = World()
    world.book("first")
    world.later(seconds=1)
    world.book("second", OTHER_NIGHT)
    for person in (GUEST, HOST):
        page = list_reservations(Caller(person), 1, None, reservations=world.reservations)
        assert [item.reservation_id for item in page.items] == [world.id_of("second")]
        page = list_reservations(Caller(person), 1, page.cursor, reservations=world.reservations)
        assert [item.reservation_id for item in page.items] == [world.id_of("first")]
        assert page.cursor is None
    assert list_reservations(Caller("nobody"), 9, None, reservations=world.reservations).items == ()


def test_a_booking_cancelled_while_its_nights_are_held_is_not_charged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    claim = world.room.claim

    def cancelled_meanwhile(reservation: Reservation, price: Money | None) -> Offer:
        offer = claim(reservation, price)
        world.cancel()
        return offer

    monkeypatch.setattr(world.room, "claim", cancelled_meanwhile)
    assert world.answer() == "cancelled"
    assert world.provider.charges == {}


def test_a_price_that_changes_after_the_nights_were_held_concerns_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(faults=Faults("crash after", 5))
    shown = replace(WISH, price=Money(200_000, "KRW"))
    with pytest.raises(Crash):
        world.book(wish=shown)
    asked: list[Money | None] = []
    claim = world.room.claim

    def noted(reservation: Reservation, price: Money | None) -> Offer:
        asked.append(price)
        return claim(reservation, price)

    monkeypatch.setattr(world.room, "claim", noted)
    world.later(minutes=1)
    assert world.answer(wish=shown) == "reserved"
    assert asked == [None]


def test_the_news_that_the_money_came_books_nothing_for_what_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.book()
    world.cancel()

    def refuse(reservation: object) -> None:
        pytest.fail("an ended reservation was booked")

    monkeypatch.setattr(world.room, "book", refuse)
    world.deliver()
    assert world.state().status is Status.CANCELLED


def test_while_a_circuit_is_open_nothing_is_begun() -> None:
    world = World()
    world.circuits.open = 4
    with pytest.raises(Unavailable) as refused:
        world.book()
    assert (refused.value.type, refused.value.retry_after) == ("unavailable", 4)
    assert (world.reservations.reservations, world.room.nights, world.provider.charges) == ({}, {}, {})
    assert world.circuits.given_back == 1


def test_a_booking_that_is_stored_waits_for_the_circuit_and_says_so() -> None:
    world = World(faults=Faults("reply lost", at=4))
    assert world.answer() == "outcome-pending"
    world.circuits.open = 4
    before = world.state()
    with pytest.raises(errors.OutcomePending) as pending:
        world.book()
    assert (pending.value.retry_after, world.state()) == (4, before)
    world.circuits.open = 0
    assert world.answer() == "reserved"


def test_what_is_decided_is_told_while_a_circuit_is_open() -> None:
    world = World()
    world.book()
    world.circuits.open = 4
    assert world.book().replayed
    assert world.answer(wish=OTHER_NIGHT) == "key-reused"


def test_the_turn_to_try_a_circuit_is_given_back_however_a_booking_ends() -> None:
    world = World(faults=Faults("crash before", at=3))
    with pytest.raises(Crash):
        world.book()
    assert world.answer("another") == "reserved"
    assert world.circuits.given_back == 2


class TestPutByTheReleaseBefore:
    """It kept no offer with a reservation that was put; the first claim said what the nights cost."""

    def put(self, world: World) -> None:
        with pytest.raises(Crash):
            world.book()
        world.faults = Faults()
        for key, found in world.reservations.reservations.items():
            world.reservations.reservations[key] = replace(found, offer=None)
        world.later(minutes=1)

    def test_it_is_driven_on_at_what_the_claim_says(self) -> None:
        world = World(faults=Faults("crash after", 4))
        self.put(world)
        assert world.answer() == "reserved"
        assert world.state().agreed.price == Money(200_000, "KRW")

    def test_the_news_that_the_money_came_finds_what_it_costs(self) -> None:
        world = World(faults=Faults("crash after", 9))
        self.put(world)
        world.deliver()
        assert world.state().agreed.price == Money(200_000, "KRW")
        assert world.answer() == "reserved"
