"""A booking cancelled at every moment of its life, by everybody who may and some who may not."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.payment.ports import Outcome
from chalicelib.reservation import errors
from chalicelib.reservation.domain.reservation import Reservation, Status
from chalicelib.reservation.domain.terms import Split, whole
from chalicelib.reservation.usecases import cancelling
from kernel.identity import Caller
from kernel.money import Money
from tests.fakes.reservation import OneRoom
from tests.unit.reservation.world import GUEST, HOST, Crash, Faults, World

PRICE = Money(200_000, "KRW")
CHECK_IN = datetime(2026, 12, 24, 6, 0, tzinfo=UTC)  # 15:00 in Seoul
CHECK_OUT = datetime(2026, 12, 26, 2, 0, tzinfo=UTC)  # 11:00 in Seoul
ADMIN = Caller("root", frozenset({"admin"}))
ALL, HALF, NOTHING = PRICE, Money(100_000, "KRW"), Money(0, "KRW")


def booked(at: datetime) -> World:
    """A flexible booking that was made well before, at that moment."""
    world = World(now=CHECK_IN - timedelta(days=30))
    world.book()
    world.deliver()
    world.now = at
    return world


def cancel(world: World, caller: Caller, shown: Money | None = None) -> Reservation:
    return cancelling.request_cancel(
        caller,
        world.id_of("key"),
        shown,
        lambda _: None,
        reservations=world.reservations,
        clock=world.clock,
    )


def shown(world: World, caller: Caller) -> Split:
    return cancelling.refund_now(
        caller, world.id_of("key"), reservations=world.reservations, clock=world.clock
    )[1]


def given_back(world: World) -> Money | None:
    (payment,) = world.payments.payments.values()
    return world.provider.refunds.get(payment.payment_id)


@pytest.mark.parametrize(
    ("at", "back"),
    [
        (CHECK_IN - timedelta(days=1), ALL),
        (CHECK_IN - timedelta(hours=1), HALF),
        (CHECK_IN, HALF),
        (CHECK_IN + timedelta(seconds=1), NOTHING),
        (CHECK_OUT - timedelta(seconds=1), NOTHING),
    ],
)
def test_a_guest_is_shown_and_gets_back_what_the_terms_say(at: datetime, back: Money) -> None:
    world = booked(at)
    promised = shown(world, Caller(GUEST))
    assert (promised.refund, cancel(world, Caller(GUEST), promised.refund).split) == (back, promised)
    world.deliver()
    assert world.state().status is Status.CANCELLED
    assert (given_back(world) or NOTHING) == back
    assert world.room.nights == {}


@pytest.mark.parametrize("who", [Caller(HOST), ADMIN], ids=["host", "admin"])
@pytest.mark.parametrize("at", [CHECK_IN - timedelta(hours=1), CHECK_OUT - timedelta(seconds=1)])
def test_a_host_who_cancels_keeps_nothing(who: Caller, at: datetime) -> None:
    world = booked(at)
    assert shown(world, who) == whole(PRICE)
    assert cancel(world, who).split == whole(PRICE)
    world.deliver()
    assert given_back(world) == ALL


def test_who_stays_in_a_room_of_their_own_takes_it_back_whole() -> None:
    world = World()
    world.book(guest=HOST)
    world.now = CHECK_IN + timedelta(hours=1)
    reservation_id = world.id_of("key", HOST)
    cancelled = cancelling.request_cancel(
        Caller(HOST),
        reservation_id,
        None,
        lambda _: None,
        reservations=world.reservations,
        clock=world.clock,
    )
    assert cancelled.split == whole(PRICE)


def test_strangers_neither_cancel_nor_see_what_it_would_give() -> None:
    world = booked(CHECK_IN - timedelta(days=2))
    with pytest.raises(errors.NotYourReservation):
        cancel(world, Caller("stranger"))
    with pytest.raises(errors.NotYourReservation):
        shown(world, Caller("stranger"))


def test_what_comes_back_is_decided_once() -> None:
    world = booked(CHECK_IN - timedelta(days=1))
    first = cancel(world, Caller(GUEST))
    world.now = CHECK_IN + timedelta(hours=1)
    assert cancel(world, Caller(GUEST)) == first
    assert cancel(world, Caller(HOST)).split == first.split
    assert shown(world, Caller(HOST)) == first.split
    world.deliver()
    assert cancel(world, Caller(GUEST)).split == first.split
    assert given_back(world) == ALL


def test_another_refund_than_was_shown_is_refused_and_cancels_nothing() -> None:
    world = booked(CHECK_IN - timedelta(hours=25))
    promised = shown(world, Caller(GUEST)).refund
    world.later(hours=2)
    with pytest.raises(errors.RefundChanged) as told:
        cancel(world, Caller(GUEST), promised)
    assert "100000 KRW" in told.value.detail
    assert world.state().status is Status.RESERVED


@pytest.mark.parametrize("who", [Caller(GUEST), Caller(HOST), ADMIN], ids=["guest", "host", "admin"])
def test_after_check_out_nobody_cancels(who: Caller) -> None:
    world = booked(CHECK_OUT)
    for _ in range(2):
        with pytest.raises(errors.NotCancellable):
            cancel(world, who)
        with pytest.raises(errors.NotCancellable):
            shown(world, who)
        world.sweep()  # the stay completes
        world.later(minutes=1)
        world.sweep()
    assert world.state().status is Status.COMPLETED
    assert world.money() is Outcome.APPROVED


def test_before_it_is_paid_nothing_is_owed() -> None:
    world = World(faults=Faults("crash after", 5))  # its nights are held
    with pytest.raises(Crash):
        world.book()
    with pytest.raises(errors.NotCancellable):
        shown(world, Caller(GUEST))
    cancelled = cancel(world, Caller(GUEST))
    assert (cancelled.status, cancelled.split) == (Status.CANCEL_REQUESTED, None)
    world.deliver()
    assert world.state().status is Status.CANCELLED
    assert (world.money(), world.room.nights) == (None, {})


@pytest.mark.parametrize("step", range(4, 11))
def test_while_it_is_made_all_of_the_money_comes_back(step: int) -> None:
    world = World(faults=Faults("crash after", step))
    with suppress(Crash):  # payment's own crash is its caller's to handle
        world.book()
    made = world.state().status is Status.RESERVED
    cancel(world, Caller(GUEST))
    world.faults = Faults()
    world.deliver()
    assert world.state().status is Status.CANCELLED
    assert world.money() is not Outcome.APPROVED
    assert (world.answer() == "reserved") == made, "what the key was told stays true"
    world.settle()
    world.at_rest()


def test_the_events_say_what_comes_back() -> None:
    world = booked(CHECK_IN - timedelta(hours=1))
    cancel(world, Caller(GUEST))
    world.deliver()
    told = {event.type: event.data for event in world.reservations.announced}
    for name in ("ReservationCancelRequested", "ReservationCancelled"):
        assert told[name]["refund"] == told[name]["fee"] == {"amount": 100_000, "currency": "KRW"}
    assert told["ReservationConfirmed"]["refund"] is None


def test_a_refund_is_computed_from_the_terms_that_were_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    world = booked(CHECK_IN - timedelta(days=1))
    monkeypatch.setattr(OneRoom, "claim", None)  # whatever the room says today
    assert shown(world, Caller(GUEST)) == whole(PRICE)
