"""A booking that is hurt at any one of its steps, in any way, and comes to the same end."""

import pytest

from chalicelib.payment.ports import Outcome
from kernel.errors import Unavailable
from tests.unit.reservation.world import Crash, Faults, World

KINDS = ("crash before", "crash after", "reply lost")
BINDING = {"reserved", "taken", "payment-declined", "expired"}


def steps_of_a_booking() -> list[str]:
    world = World()
    world.book()
    return world.faults.steps


STEPS = steps_of_a_booking()
HURT = [
    pytest.param(kind, number, id=f"{kind} {number} {name}")
    for kind in KINDS
    for number, name in enumerate(STEPS, 1)
]


def hurt(world: World) -> str:
    """The first request, whatever becomes of it; later ones are spared."""
    try:
        return world.answer()
    except Crash:
        return "no answer"
    finally:
        world.faults = Faults()


def test_the_steps_are_those_of_the_protocol() -> None:
    assert STEPS == [
        "InMemoryReservations.find",
        "OneRoom.quote",
        "InMemoryReservations.put",
        "OneRoom.claim",
        "InMemoryReservations.find",
        "InMemoryPayments.put",
        "InMemoryProvider.charge",
        "InMemoryPayments.save",
        "OneRoom.book",
        "InMemoryReservations.save",
    ]


@pytest.mark.parametrize(("kind", "number"), HURT)
def test_a_retry_with_the_same_key_books_once(kind: str, number: int) -> None:
    world = World(faults=Faults(kind, number))
    first = hurt(world)
    assert first in {"reserved", "outcome-pending", "unavailable", "no answer"}
    world.later(minutes=1)
    assert world.answer() == "reserved"
    world.deliver()
    world.settle()
    world.at_rest()
    assert world.told() == ["ReservationCreated", "ReservationConfirmed"]
    assert list(world.provider.charges.values()) == [Outcome.APPROVED]


@pytest.mark.parametrize(("kind", "number"), HURT)
def test_the_news_that_the_money_came_finishes_what_the_request_could_not(kind: str, number: int) -> None:
    world = World(faults=Faults(kind, number))
    hurt(world)
    world.deliver()
    if world.money() is Outcome.APPROVED and world.payments.announced:
        assert world.answer() == "reserved"
    world.settle()
    world.at_rest()


@pytest.mark.parametrize(("kind", "number"), HURT)
def test_nobody_comes_back_and_settlement_ends_it(kind: str, number: int) -> None:
    world = World(faults=Faults(kind, number))
    answer = hurt(world)
    world.settle()
    world.at_rest()
    if answer in BINDING:
        assert world.answer() == answer


@pytest.mark.parametrize(("kind", "number"), HURT)
def test_a_declined_payment_ends_the_same_way(kind: str, number: int) -> None:
    world = World(faults=Faults(kind, number))
    world.provider.decides = Outcome.DECLINED
    hurt(world)
    world.later(minutes=1)
    assert world.answer() == "payment-declined"
    world.deliver()
    world.settle()
    world.at_rest()


@pytest.mark.parametrize(("kind", "number"), HURT)
def test_of_two_guests_one_gets_the_night(kind: str, number: int) -> None:
    world = World(faults=Faults(kind, number))
    first = hurt(world)
    second = world.answer("second", guest="second")
    world.later(minutes=1)
    again = world.answer(), world.answer("second", guest="second")
    for before, after in zip((first, second), again, strict=True):
        assert before == after or before not in BINDING
    assert sorted(again) == ["reserved", "taken"]
    world.deliver()
    world.settle()
    world.at_rest()


@pytest.mark.parametrize(("kind", "number"), HURT)
def test_a_cancellation_in_between_leaves_nothing(kind: str, number: int) -> None:
    world = World(faults=Faults(kind, number))
    hurt(world)
    if world.reservations.reservations:
        world.cancel()
    world.later(minutes=1)
    first = world.answer()
    world.deliver()
    world.settle()
    world.at_rest()
    assert world.answer() == first


def test_a_charge_whose_word_comes_late_is_given_back() -> None:
    world = World()
    world.provider.decides = Outcome.PROCESSING
    assert world.answer() == "outcome-pending"
    with pytest.raises(Unavailable):
        world.settle()  # not definite yet: the event is delivered again
    world.provider.charges = dict.fromkeys(world.provider.charges, Outcome.APPROVED)
    assert world.sweep() == 0, "its time comes with the margin"
    world.later(minutes=1)
    assert world.sweep() == 1
    assert world.money() is Outcome.REFUNDED
    world.deliver()
    world.at_rest()
