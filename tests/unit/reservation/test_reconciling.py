"""What the services say of a reservation is compared; what the rules allow is made right, the rest is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.reservation.domain.drift import Drift, Seen, drifts
from chalicelib.reservation.domain.reservation import Reservation, Status
from chalicelib.reservation.usecases.reconciling import PATIENCE, Reconciled, reconcile
from kernel import budget
from kernel.errors import Unavailable
from kernel.pages import Page
from tests.unit.reservation.test_life import NEW
from tests.unit.reservation.world import LIMITS, World, directly

NIGHTS = (date(2026, 12, 24), date(2026, 12, 25))
OWN = dict.fromkeys(NIGHTS, NEW.reservation_id)
LATE = NEW.settle_at + PATIENCE


class Town:
    """Peers of a world: room and payment are its own; the view shows what it was told last, or what a test says."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.view: dict[str, str] = {}
        self.broken: set[str] = set()
        self.said: tuple[Counter[Drift], Counter[Drift]] | None = None

    def seen(self, reservation: Reservation) -> Seen:
        if reservation.reservation_id in self.broken:
            raise Unavailable
        nights = {night: holder for night, (holder, until) in self.world.room.nights.items() if until is None}
        paid = [
            payment.status.value
            for payment in self.world.payments.payments.values()
            if payment.reservation_id == reservation.reservation_id
        ]
        return Seen(nights, paid[0] if paid else None, self.view.get(reservation.reservation_id))

    def tell_view(self, reservation: Reservation) -> None:
        present = self.world.reservations.reservations[reservation.reservation_id]
        self.view[reservation.reservation_id] = present.status.value

    def page(self, size: int, cursor: str | None) -> Page[Reservation]:
        """One a page."""
        everybody = sorted(self.world.reservations.reservations)
        place = int(cursor or 0)
        more = str(place + 1) if place + 1 < len(everybody) else None
        here = everybody[place : place + 1]
        return Page(tuple(self.world.reservations.reservations[name] for name in here), more)

    def report(self, found: Mapping[Drift, int], repaired: Mapping[Drift, int]) -> None:
        self.said = Counter(found), Counter(repaired)

    def reconcile(self, cursor: str | None = None) -> Reconciled:
        world = self.world
        return reconcile(
            cursor,
            everything=self,
            reservations=world.reservations,
            rooms=world.room,
            payments=directly(world),
            peers=self,
            findings=self,
            clock=world.clock,
        )


@pytest.fixture
def town() -> Town:
    """A booking that stands, long enough for everybody to have heard of it."""
    made = Town(World())
    made.world.book()
    made.world.deliver()
    made.tell_view(made.world.state())
    made.world.now += LIMITS.hold + LIMITS.margin + PATIENCE
    return made


def test_where_all_agree_nothing_is_found(town: Town) -> None:
    done = town.reconcile()
    assert (done.looked_at, done.found, done.cursor) == (1, Counter(), None)
    assert town.said == (Counter(), Counter())


def test_a_view_that_is_behind_is_told_again(town: Town) -> None:
    town.view.clear()
    done = town.reconcile()
    assert done.found == done.repaired == Counter([Drift.VIEW_BEHIND])


def test_what_an_ended_booking_still_has_is_taken_back(town: Town) -> None:
    world = town.world
    world.cancel()
    for event in [event for event in world.announced() if event.type == "ReservationCancelRequested"]:
        world.hear(event)  # and nobody hears that it was cancelled
    done = town.reconcile()
    assert done.repaired == Counter([Drift.NIGHTS_KEPT, Drift.MONEY_KEPT, Drift.VIEW_BEHIND])
    assert (world.room.nights, world.provider.refunds != {}) == ({}, True)


def test_a_booking_that_was_left_open_is_settled(town: Town) -> None:
    town.world.cancel()
    done = town.reconcile()
    assert done.repaired[Drift.OVERDUE] == 1
    assert town.world.state().status is Status.CANCELLED
    assert town.view[town.world.id_of("key")] == "cancelled"


def test_the_view_hears_of_what_was_settled_although_it_was_right_before(town: Town) -> None:
    town.world.cancel()
    town.tell_view(town.world.state())
    assert town.reconcile().found == Counter([Drift.OVERDUE])
    assert town.view[town.world.id_of("key")] == "cancelled"


def test_nights_and_money_that_are_lost_are_told_and_left_to_a_person(town: Town) -> None:
    town.world.room.nights.clear()
    town.world.payments.payments.clear()
    done = town.reconcile()
    assert (done.found, done.repaired) == (Counter([Drift.NIGHTS_LOST, Drift.MONEY_LOST]), Counter())
    assert town.said == (done.found, Counter())


def test_nights_of_a_reservation_that_does_not_exist_are_told(town: Town) -> None:
    town.world.room.nights[date(2026, 12, 30)] = ("nobody's", None)
    assert town.reconcile().found == Counter([Drift.NIGHTS_OF_NOBODY])


def test_one_that_cannot_be_compared_keeps_no_other_from_being(town: Town) -> None:
    other = replace(town.world.state(), reservation_id="0")
    town.world.reservations.reservations["0"] = other
    town.broken.add("0")
    town.view.clear()
    done = town.reconcile()
    assert (done.looked_at, done.repaired) == (1, Counter([Drift.VIEW_BEHIND]))


def test_one_that_changes_while_it_is_looked_at_is_left_to_the_next_time(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = town.seen

    def cancelled_meanwhile(reservation: Reservation) -> Seen:
        found = seen(reservation)
        town.world.cancel()
        return found

    town.view.clear()
    monkeypatch.setattr(town, "seen", cancelled_meanwhile)
    assert town.reconcile().found == Counter()


def test_what_the_time_does_not_reach_is_said_to_go_on_from(town: Town) -> None:
    budget.answer_within(1.0)
    done = town.reconcile("0")
    assert (done.looked_at, done.cursor) == (0, "0")


class TestDrifts:
    """Judged by what is seen alone."""

    @pytest.mark.parametrize("status", [Status.REQUESTED, Status.CANCEL_REQUESTED])
    def test_one_that_is_open_is_overdue_once_it_was_to_be_settled(self, status: Status) -> None:
        open_still = replace(NEW, status=status)
        seen = Seen({}, None, status.value)
        assert drifts(open_still, seen, LATE, PATIENCE) == [Drift.OVERDUE]
        assert drifts(open_still, seen, LATE - timedelta(seconds=1), PATIENCE) == []

    @pytest.mark.parametrize("status", [Status.CANCELLED, Status.REJECTED, Status.EXPIRED])
    def test_one_that_ended_keeps_nothing_once_it_was_to_be_settled(self, status: Status) -> None:
        ended = replace(NEW, status=status)
        seen = Seen(OWN, "paid", status.value)
        assert drifts(ended, seen, LATE, PATIENCE) == [Drift.NIGHTS_KEPT, Drift.MONEY_KEPT]
        assert drifts(ended, seen, LATE - timedelta(seconds=1), PATIENCE) == []

    @pytest.mark.parametrize("undone", [None, "declined", "voided", "refunded"])
    def test_money_that_never_came_or_went_back_is_not_kept(self, undone: str | None) -> None:
        ended = replace(NEW, status=Status.CANCELLED)
        assert drifts(ended, Seen({}, undone, "cancelled"), LATE, PATIENCE) == []

    def test_one_that_stands_has_every_night_and_its_money_at_any_time(self) -> None:
        stands = replace(NEW, status=Status.RESERVED)
        now: datetime = NEW.created_at
        assert drifts(stands, Seen(OWN, "paid", "reserved"), now, PATIENCE) == []
        one = {NIGHTS[0]: NEW.reservation_id, NIGHTS[1]: "somebody's"}
        assert drifts(stands, Seen(one, "paid", "reserved"), now, PATIENCE) == [Drift.NIGHTS_LOST]
        assert drifts(stands, Seen(OWN, "pending", "reserved"), now, PATIENCE) == [Drift.MONEY_LOST]

    def test_the_view_has_a_while_to_hear_of_it(self) -> None:
        stands = replace(NEW, status=Status.RESERVED)
        seen = Seen(OWN, "paid", "reqReserve")
        assert drifts(stands, seen, NEW.created_at + PATIENCE, PATIENCE) == [Drift.VIEW_BEHIND]
        early = NEW.created_at + PATIENCE - timedelta(seconds=1)
        assert drifts(stands, seen, early, PATIENCE) == []
