"""What decides at the edges of a reservation's life, and which word ends it how."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.reservation.domain import life
from chalicelib.reservation.domain.life import Complete, Confirm
from chalicelib.reservation.domain.reservation import Status, Wish
from chalicelib.reservation.errors import NotCancellable
from chalicelib.reservation.usecases import people
from kernel import budget
from kernel.errors import Invalid, Refused
from tests.unit.reservation.test_life import NEW, OVER
from tests.unit.reservation.world import GUEST, LIMITS, WISH, World

STANDS = replace(NEW, status=Status.RESERVED, confirmed=True)


def test_a_stay_is_over_from_the_very_instant_of_check_out_on() -> None:
    assert life.takes(STANDS, Complete(OVER))
    assert not life.takes(STANDS, Complete(OVER - timedelta(microseconds=1)))


def test_a_command_that_a_life_has_no_place_for_is_no_transition() -> None:
    with pytest.raises(KeyError):
        life.transition(STANDS, Confirm("payment"))


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("not-found", Status.REJECTED),
        ("closed", Status.REJECTED),
        ("invalid-stay", Status.REJECTED),
        ("taken", Status.REJECTED),
        ("price-changed", Status.REJECTED),
        ("declined", Status.REJECTED),
        ("too-late", Status.EXPIRED),
        ("not-held", Status.EXPIRED),
        ("voided", Status.EXPIRED),
    ],
)
def test_each_refusal_ends_a_booking_in_its_own_way(
    monkeypatch: pytest.MonkeyPatch, reason: str, status: Status
) -> None:
    world = World()

    def refuse(*_: object) -> None:
        raise Refused(reason, "It cannot be.")

    monkeypatch.setattr(world.room, "claim", refuse)
    world.answer()
    assert world.state().status is status


def test_a_stay_without_a_night_is_refused_before_the_room_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def ask(_: Wish) -> None:
        pytest.fail("the room was asked")

    monkeypatch.setattr(world.room, "quote", ask)
    with pytest.raises(Invalid):
        world.book(wish=replace(WISH, check_out=WISH.check_in))


def test_a_stay_that_is_over_is_said_to_be_and_anything_else_is_named() -> None:
    world = World()
    world.book()
    world.now = OVER
    with pytest.raises(NotCancellable, match=r"The stay is over\."):
        world.cancel()
    assert world.sweep() == 0
    world.now += LIMITS.margin
    assert world.sweep() == 1
    with pytest.raises(NotCancellable, match=r"It is completed\."):
        world.cancel()


def test_a_closed_booking_that_was_paid_without_a_named_method_is_not_written_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    world.book()
    world.cancel()
    world.deliver()
    monkeypatch.setattr(world.reservations, "forget_method", pytest.fail)
    people.forget(GUEST, reservations=world.reservations)


def test_a_sweep_without_time_begins_nothing() -> None:
    world = World()
    world.provider.decides = world.provider.decides.DECLINED
    world.answer("one", Wish("room", date(2026, 12, 24), date(2026, 12, 25), 1))
    world.now += LIMITS.hold + 2 * LIMITS.margin
    budget.answer_within(3.0)
    assert world.sweep() == 0
    budget.begin(None)
    assert world.sweep() == 1


def test_one_that_cannot_be_settled_is_put_off_by_the_time_of_a_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.book()
    world.cancel()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(world.room, "release", broken)
    world.now += LIMITS.hold + 2 * LIMITS.margin
    assert world.sweep() == 0
    assert world.reservations.looked_at[world.id_of("key")] == world.now + LIMITS.hold
