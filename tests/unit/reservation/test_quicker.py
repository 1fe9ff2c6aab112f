"""Somebody else changes the reservation first: once, which is found, or every time, which is said."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from chalicelib.payment.ports import Outcome
from chalicelib.reservation.domain.reservation import Lease, Offer, Reservation, Status
from chalicelib.reservation.events import ReservationFacts
from chalicelib.reservation.usecases import booking
from kernel.errors import ChangedMeanwhile, Refused, Unavailable
from kernel.money import Money
from tests.fakes.reservation import InMemoryReservations
from tests.unit.reservation.world import WISH, Crash, Faults, World


class Hurried(InMemoryReservations):
    """Somebody is quicker than the next `losses` changes."""

    losses = 0

    def save(
        self, before: Reservation, after: Reservation, events: Sequence[ReservationFacts], at: datetime
    ) -> None:
        if self.losses:
            self.losses -= 1
            raise ChangedMeanwhile
        super().save(before, after, events, at)


@pytest.fixture
def world() -> World:
    made = World()
    made.reservations = Hurried()
    made.book()
    return made


def lose(world: World, times: int) -> None:
    assert isinstance(world.reservations, Hurried)
    world.reservations.losses = times


def test_a_cancellation_that_somebody_passed_goes_on_from_what_it_finds(world: World) -> None:
    lose(world, 4)
    assert world.cancel().status is Status.CANCEL_REQUESTED


def test_a_cancellation_that_is_passed_every_time_says_so_and_changes_nothing(world: World) -> None:
    lose(world, 5)
    with pytest.raises(Unavailable, match=r"^The reservation is changing quickly"):
        world.cancel()
    assert world.state().status is Status.RESERVED


def test_a_transition_that_is_passed_every_time_decides_nothing(world: World) -> None:
    world.cancel()
    lose(world, 5)
    with pytest.raises(Unavailable, match=r"^The reservation is changing quickly"):
        world.deliver()
    assert world.state().status is Status.CANCEL_REQUESTED
    world.deliver()
    assert world.state().status is Status.CANCELLED


def test_one_that_was_cancelled_while_its_nights_were_claimed_is_told_as_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    claim = world.room.claim

    def cancelled_meanwhile(reservation: Reservation, price: Money | None) -> Offer:
        world.cancel()
        return claim(reservation, price)

    monkeypatch.setattr(world.room, "claim", cancelled_meanwhile)
    assert world.answer() == "cancelled"
    assert world.money() is None, "nothing is charged for what is not in flight any more"


def test_one_that_is_not_decided_is_to_be_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    monkeypatch.setattr(booking, "drive", lambda present, **_: present)
    with pytest.raises(Unavailable, match="worked on"):
        world.book()
    assert world.state().status is Status.REQUESTED


def test_a_refusal_that_nobody_agreed_on_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def refuse(*_: object) -> Offer:
        raise Refused("out-of-paint", "The room is being painted.")

    monkeypatch.setattr(world.room, "claim", refuse)
    with pytest.raises(Refused, match="painted"):
        world.book()
    assert world.state().status is Status.REQUESTED


def test_nights_that_ran_out_before_they_were_booked_expire_the_booking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()

    def too_late(_: Reservation) -> None:
        raise Refused("not-held", "These nights are not held by this reservation any more.")

    monkeypatch.setattr(world.room, "book", too_late)
    assert world.answer() == "expired"
    world.deliver()
    world.settle()
    assert world.money() is Outcome.REFUNDED


def test_a_lease_that_cannot_be_given_back_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def silent(*_: object) -> Offer:
        raise Unavailable

    def give(_: str, lease: Lease, now: datetime) -> None:
        raise Unavailable

    with monkeypatch.context() as patch:
        patch.setattr(world.room, "claim", silent)
        patch.setattr(world.reservations, "give_lease", give)
        assert world.answer() == "outcome-pending"
    assert world.answer() == "in-flight"
    world.later(seconds=30)
    assert world.answer(wish=WISH) == "reserved"


def test_one_that_was_cancelled_while_it_was_paid_and_booked_is_told_as_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    book = world.room.book

    def cancelled_meanwhile(held: Reservation) -> None:
        book(held)
        world.cancel()

    monkeypatch.setattr(world.room, "book", cancelled_meanwhile)
    assert world.answer() == "cancelled"
    world.settle()
    world.at_rest()
    assert world.money() is Outcome.REFUNDED


def test_who_finds_the_booking_decided_by_its_driver_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(faults=Faults("crash before", at=4))
    with pytest.raises(Crash):
        world.book()
    take = world.reservations.take_lease

    def settled_meanwhile(reservation_id: str, lease: Lease, now: datetime) -> bool:
        world.settle()
        return take(reservation_id, lease, now)

    monkeypatch.setattr(world.reservations, "take_lease", settled_meanwhile)
    assert world.answer() == "expired"
