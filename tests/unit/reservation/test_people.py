"""What is kept of a person's bookings, and what they paid with, forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.payment.ports import Outcome
from chalicelib.reservation.usecases import people
from kernel.errors import Unavailable
from kernel.ids import derived_id
from tests.unit.reservation.world import GUEST, HOST, WISH, World

PAYING = replace(WISH, payment_method="card_ok")


@pytest.fixture
def world() -> World:
    return World()


def test_a_booking_that_stands_is_open_for_guest_and_host_until_it_is_cancelled(world: World) -> None:
    world.book()
    for person in (GUEST, HOST):
        assert list(people.open_bookings(person, reservations=world.reservations)) == [world.state()]
    world.cancel()
    world.deliver()
    assert list(people.open_bookings(GUEST, reservations=world.reservations)) == []


def test_what_a_closed_booking_was_paid_with_is_taken_out_and_the_rest_stays(world: World) -> None:
    world.book(wish=PAYING)
    world.cancel()
    world.deliver()
    before = world.state()
    for _ in range(2):
        people.forget(GUEST, reservations=world.reservations)
    assert world.state() == replace(before, payment_method=None)


def test_what_a_guest_paid_with_is_not_the_hosts_to_forget(world: World) -> None:
    world.book(wish=PAYING)
    people.forget(HOST, reservations=world.reservations)
    assert world.state().payment_method == "card_ok"


def test_an_open_booking_keeps_what_it_needs_and_keeps_no_other_from_being_forgotten(world: World) -> None:
    world.provider.decides = Outcome.DECLINED
    world.answer("declined", PAYING)
    world.deliver()
    world.provider.decides = Outcome.APPROVED
    world.book("open", PAYING)
    with pytest.raises(Unavailable, match="open"):
        people.forget(GUEST, reservations=world.reservations)
    assert world.state("declined").payment_method is None
    assert world.state("open").payment_method == "card_ok"


def test_more_bookings_than_a_page_has_are_all_found(world: World) -> None:
    world.book()
    for number in range(100):
        name = derived_id("reservation", "more", str(number))
        earlier = world.state().created_at - timedelta(seconds=number)
        more = replace(world.state(), reservation_id=name, created_at=earlier)
        world.reservations.reservations[name] = more
    assert len(people.kept(GUEST, None, reservations=world.reservations).items) == 100
    assert len(list(people.open_bookings(GUEST, reservations=world.reservations))) == 101
