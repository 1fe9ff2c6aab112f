"""The operator takes no new bookings for a while."""

from dataclasses import replace

import pytest

from chalicelib.reservation.errors import OutcomePending
from kernel.errors import Unavailable
from tests.unit.reservation import world as made
from tests.unit.reservation.world import LIMITS, World


@pytest.fixture
def world() -> World:
    return World()


def brake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "LIMITS", replace(LIMITS, takes_bookings=False))


def test_a_new_booking_is_put_off_and_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    brake(monkeypatch)
    with pytest.raises(Unavailable) as refused:
        world.book()
    assert not isinstance(refused.value, OutcomePending)
    assert refused.value.retry_after == 60
    assert world.reservations.reservations == {}


def test_what_was_begun_is_finished_and_told_as_before(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.faults.kind, world.faults.at = "reply lost", 4
    assert world.answer() == "outcome-pending"
    brake(monkeypatch)
    assert world.answer() == "reserved"
    assert world.book().replayed


def test_what_stands_can_be_cancelled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.book()
    brake(monkeypatch)
    world.cancel()
    world.deliver()
    assert world.state().status.value == "cancelled"
