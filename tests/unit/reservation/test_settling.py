"""Whatever was left lying is found when it is due, and let go of only when it is done."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.payment.ports import Outcome
from chalicelib.reservation.domain.reservation import Reservation, Status, Wish
from kernel.errors import Unavailable
from tests.unit.reservation.world import LIMITS, WISH, Crash, Faults, World

CHECK_OUT = datetime(2026, 12, 26, 2, 0, tzinfo=UTC)
DUE = LIMITS.hold + 2 * LIMITS.margin


def left_in_flight() -> World:
    world = World(faults=Faults("crash before", 9))  # paid, and not booked
    with pytest.raises(Crash):
        world.book()
    world.faults = Faults()
    return world


def test_the_sweep_finds_what_the_queue_missed() -> None:
    world = left_in_flight()
    assert world.sweep() == 0, "not before its time"
    world.now += DUE
    assert world.sweep() == 1
    assert world.state().status is Status.EXPIRED
    assert world.money() is Outcome.REFUNDED
    world.at_rest()
    assert world.sweep() == 0


def test_an_ended_booking_stays_due_until_nights_and_money_are_let_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.book()
    world.cancel()
    ended = world.state()

    def silent(reservation: Reservation) -> None:
        raise Unavailable

    monkeypatch.setattr(world.room, "release", silent)
    world.now += DUE
    assert world.sweep() == 0
    assert world.state().status is Status.CANCELLED
    assert ended.reservation_id in world.reservations.looked_at
    assert world.sweep() == 0, "it is put off, and keeps nobody waiting"
    monkeypatch.undo()
    world.now += DUE
    assert world.sweep() == 1
    world.at_rest()


def test_one_that_cannot_be_settled_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.provider.decides = Outcome.PROCESSING
    world.answer("first")
    world.provider.decides = Outcome.DECLINED
    world.answer("second", Wish("room", WISH.check_out, None, 1))
    world.now += DUE
    assert world.sweep() == 1
    assert (world.state("first").status, world.state("second").status) == (Status.EXPIRED, Status.REJECTED)


def test_a_stay_completes_at_check_out_and_not_before() -> None:
    world = World()
    world.book()
    world.deliver()
    world.now = CHECK_OUT - timedelta(seconds=1) + LIMITS.margin
    assert world.sweep() == 0
    world.later(seconds=1)
    assert world.sweep() == 1
    assert world.state().status is Status.COMPLETED
    assert world.told()[-1] == "ReservationCompleted"
    assert world.money() is Outcome.APPROVED
    assert len(world.room.booked_by(world.id_of("key"))) == 2
    assert world.reservations.open["guest"] == {}, "it counts against no limit"
    assert world.sweep() == 0


def test_settlement_leaves_a_completed_stay_alone() -> None:
    world = World()
    world.book()
    world.now = CHECK_OUT
    world.settle()
    assert world.state().status is Status.COMPLETED
    world.settle()
    world.at_rest()
    assert world.book().replayed


def test_a_cancellation_long_after_its_settlement_is_due_at_once() -> None:
    world = World()
    world.book()
    world.settle()
    world.cancel()  # and its event is lost
    assert world.sweep() == 0
    world.later(minutes=1)
    assert world.sweep() == 1
    assert world.state().status is Status.CANCELLED
    world.at_rest()


def test_a_sweep_stops_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    world = left_in_flight()
    world.now += DUE
    monkeypatch.setattr("kernel.budget.remaining", lambda: 1.0)
    assert world.sweep() == 0
    monkeypatch.undo()
    assert world.sweep() == 1
