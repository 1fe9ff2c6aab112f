"""The protocol with one rule broken, each planted by changing the running code: what a race must not let pass."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from chalicelib.payment.domain.life import Void, transition
from chalicelib.payment.domain.payment import Status, payment_id_of, pending
from chalicelib.payment.errors import Voided
from chalicelib.payment.ports import Outcome
from chalicelib.payment.usecases import charging, voiding
from chalicelib.reservation.adapters import reservations as kept
from chalicelib.reservation.adapters.peers import PaymentService, RoomService
from chalicelib.reservation.bootstrap import wiring
from chalicelib.reservation.domain import life
from chalicelib.reservation.domain.reservation import ENDED
from chalicelib.reservation.domain.reservation import Status as Booking
from chalicelib.reservation.errors import TooManyOpenBookings
from chalicelib.reservation.usecases import driving, settling
from chalicelib.room.adapters import calendar as nights
from chalicelib.room.domain import calendar as months
from chalicelib.room.errors import Taken
from chalicelib.room.usecases import calendar
from kernel.errors import ChangedMeanwhile, Refused

Plant = Callable[[pytest.MonkeyPatch], None]
MUTANTS: dict[str, Plant] = {}


def mutant(name: str) -> Callable[[Plant], Plant]:
    def listed(plant: Plant) -> Plant:
        MUTANTS[name] = plant
        return plant

    return listed


def _conditions(patch: pytest.MonkeyPatch, change: Callable[[list[str]], list[str]]) -> None:
    """Changes what a claim asks of the nights."""
    claim = nights._claim

    def changed(*inputs: Any) -> Any:
        update = claim(*inputs)
        update.conditions = change(update.conditions)
        return update

    patch.setattr(nights, "_claim", changed)


@mutant("check then act")
def _check_then_act(patch: pytest.MonkeyPatch) -> None:
    claim = nights.DynamoCalendar.claim

    def checked(self: Any, room_id: str, hold: Any, by_month: Any, now: int) -> Any:
        for month in self.months(room_id, list(by_month)):
            months.claim(month, hold, by_month[month.month], now)
        return claim(self, room_id, hold, by_month, now)

    patch.setattr(nights.DynamoCalendar, "claim", checked)
    _conditions(patch, lambda _: ["attribute_not_exists(closed)"])


@mutant("a claim without the owner clause")
def _no_owner_clause(patch: pytest.MonkeyPatch) -> None:
    """A reservation meets its own claim and takes it for another's."""
    mine = re.compile(r"\(d\d\d\.r = :v\d+ AND attribute_exists\(d\d\d\.x\)\) OR ")
    _conditions(patch, lambda conditions: [mine.sub("", each) for each in conditions])

    def strict(month: Any, hold: Any, wanted: Sequence[date], now: int) -> Any:
        if any(found.live(now) for night in wanted if (found := month.nights.get(night))):
            raise Taken
        return month

    patch.setattr(months, "claim", strict)


@mutant("a claim that weakens a booked night")
def _weakens(patch: pytest.MonkeyPatch) -> None:
    booked = re.compile(r" AND attribute_exists\(d\d\d\.x\)")
    _conditions(patch, lambda conditions: [booked.sub("", each) for each in conditions])


@mutant("confirm without booking")
def _unbooked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RoomService, "book", lambda self, reservation: None)


@mutant("confirm without payment")
def _unpaid(patch: pytest.MonkeyPatch) -> None:
    charge = PaymentService.charge

    def charged(self: Any, reservation: Any, price: Any) -> str:
        try:
            return charge(self, reservation, price)
        except Refused:
            return payment_id_of(reservation.reservation_id)

    patch.setattr(PaymentService, "charge", charged)


@mutant("release without owner")
def _releases_all(patch: pytest.MonkeyPatch) -> None:
    def release(booking: Any, *, rooms: Any, calendar: Any, clock: Any) -> None:
        def freed(month: Any, wanted: tuple[date, ...]) -> Any:
            owners = {month.nights[night].reservation_id for night in wanted if night in month.nights}
            after: Any = month
            events: Any = ()
            for owner in sorted(owners):
                after, events = months.release(month, owner)
            return after, events

        _change(booking, freed, calendar, clock())

    _change = calendar._change
    patch.setattr(calendar, "release", release)


@mutant("a request that frees nights itself after a failed step")
def _frees_itself(patch: pytest.MonkeyPatch) -> None:
    lose = driving._lose

    def losing(held: Any, refused: Any, **ports: Any) -> Any:
        wiring.rooms.release(held)
        return lose(held, refused, **ports)

    patch.setattr(driving, "_lose", losing)


@mutant("an expiry that ignores the state")
def _expires_anything(patch: pytest.MonkeyPatch) -> None:
    expired = life.LIFE[Booking.REQUESTED, life.Expire]
    patch.setitem(life.LIFE, (Booking.RESERVED, life.Expire), expired)
    following = settling._next

    def next_(present: Any, clock: Any) -> Any:
        standing = present.status is Booking.RESERVED
        return life.Expire() if standing else following(present, clock)

    patch.setattr(settling, "_next", next_)


@mutant("a void that forgets absent payments")
def _forgets(patch: pytest.MonkeyPatch) -> None:
    void = voiding.void

    def forgetful(reservation_id: str, refund: Any = None, *, payments: Any, **ports: Any) -> None:
        if payments.find(payment_id_of(reservation_id)):
            void(reservation_id, refund, payments=payments, **ports)

    patch.setattr(voiding, "void", forgetful)


@mutant("a settlement that skips ended reservations")
def _skips(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settling, "ENDED", frozenset())


@mutant("`limit` judged before `exists`")
def _limit_first(patch: pytest.MonkeyPatch) -> None:
    put = kept.DynamoReservations.put

    def limited(self: Any, asked: Any, event: Any, most_open: int) -> bool:
        if not self._make_room(asked, most_open):
            raise TooManyOpenBookings
        return put(self, asked, event, most_open)

    patch.setattr(kept.DynamoReservations, "put", limited)


@mutant("the provider called before `pending` is stored")
def _provider_first(patch: pytest.MonkeyPatch) -> None:
    def charge(bill: Any, *, payments: Any, provider: Any, reminders: Any, clock: Any) -> Any:
        known = payments.find(bill.payment_id)
        if known and known.status is not Status.PENDING:
            if known.status not in (Status.PAID, Status.DECLINED):
                raise Voided
            return known
        outcome = provider.charge(bill.order)
        present = payments.put(pending(bill, clock()))
        learnt = charging.LEARNT.get(outcome)
        if learnt is None or present.status is not Status.PENDING:
            raise Voided
        after, events = transition(present, learnt, clock())
        with suppress(ChangedMeanwhile):
            payments.save(present, after, events, clock())
        return after

    patch.setattr(charging, "charge", charge)


@mutant('a void that takes "not begun" for an outcome')
def _not_begun(patch: pytest.MonkeyPatch) -> None:
    undone = voiding._undone

    def trusting(present: Any, back: Any, provider: Any) -> Any:
        order = present.billed.order
        if present.status is Status.PENDING and provider.look(order) is Outcome.UNKNOWN:
            return Void()
        return undone(present, back, provider)

    patch.setattr(voiding, "_undone", trusting)


@mutant("an ended booking left on the guest's map")
def _left_on_map(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(kept, "CLOSED", frozenset())


@mutant("a settlement that undoes a completed stay")
def _undoes_completed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(settling, "ENDED", ENDED | {Booking.COMPLETED})
