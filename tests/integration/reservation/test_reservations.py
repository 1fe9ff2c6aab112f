"""The contract of the port `Reservations`, kept by the fake and by DynamoDB alike."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.reservation.adapters.items import GuestItem, ReservationItem
from chalicelib.reservation.adapters.reservations import DynamoReservations
from chalicelib.reservation.domain.life import (
    Complete,
    Confirm,
    Expire,
    FinishCancel,
    Party,
    Reject,
    RequestCancel,
    transition,
)
from chalicelib.reservation.domain.reservation import Lease, Offer, Refusal, Reservation
from chalicelib.reservation.errors import TooManyOpenBookings
from chalicelib.reservation.events import ReservationCreated
from chalicelib.reservation.ports import Reservations
from kernel import outbox
from kernel.errors import ChangedMeanwhile, Invalid, Unavailable, Violation
from kernel.ids import new_id
from kernel.money import Money
from kernel.stay import Stay
from kernel.wire.client import Client
from tests.fakes.reservation import TERMS, InMemoryReservations
from tests.tables import create_tables

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
STAY = Stay(date(2026, 12, 24), date(2026, 12, 26))
OFFER = Offer(Money(200_000, "KRW"), TERMS)
MOST_OPEN = 2


@pytest.fixture(params=["in memory", "DynamoDB"])
def reservations(request: pytest.FixtureRequest) -> Reservations:
    if request.param == "in memory":
        return InMemoryReservations()
    request.getfixturevalue("store")
    create_tables("reservation")
    return DynamoReservations()


def asked(
    guest_id: str = "guest", *, host_id: str = "host", at: datetime = NOW, stay: Stay = STAY
) -> Reservation:
    return Reservation(
        reservation_id=new_id(),
        guest_id=guest_id,
        host_id=host_id,
        room_id="room",
        stay=stay,
        guests=2,
        shown_price=Money(200_000, "KRW"),
        payment_method="card_ok",
        fingerprint="fingerprint",
        created_at=at,
        expires_at=at + timedelta(minutes=10),
        settle_at=at + timedelta(minutes=11),
        lease=Lease(new_id(), at + timedelta(seconds=30)),
    )


def created(reservation: Reservation) -> ReservationCreated:
    """What is announced of it."""
    return ReservationCreated(
        reservation_id=reservation.reservation_id,
        room_id=reservation.room_id,
        guest_id=reservation.guest_id,
        host_id=reservation.host_id,
        check_in=reservation.stay.check_in,
        check_out=reservation.stay.check_out,
        guests=reservation.guests,
        status=reservation.status.value,
    )


def put(reservations: Reservations, reservation: Reservation) -> Reservation:
    assert reservations.put(reservation, created(reservation), MOST_OPEN)
    return reservation


def held(reservations: Reservations) -> Reservation:
    """What it costs is frozen."""
    return put(reservations, replace(asked(), offer=OFFER))


def test_what_is_put_is_found_whole(reservations: Reservations) -> None:
    reservation = put(reservations, asked())
    assert reservations.find(reservation.reservation_id) == reservation
    assert reservations.find(new_id()) is None


def test_a_second_put_finds_the_first(reservations: Reservations) -> None:
    first = put(reservations, asked())
    second = replace(first, fingerprint="another", lease=Lease("another", NOW))
    assert not reservations.put(second, created(second), MOST_OPEN)
    assert reservations.find(first.reservation_id) == first


def test_a_driver_whose_put_was_done_already_has_put_it(reservations: Reservations) -> None:
    first = put(reservations, asked())
    assert reservations.put(first, created(first), MOST_OPEN)


def test_existing_is_judged_before_the_limit(reservations: Reservations) -> None:
    first = put(reservations, asked())
    put(reservations, asked())
    again = replace(first, lease=Lease("another", NOW))
    assert not reservations.put(again, created(again), MOST_OPEN)


def test_over_the_limit_nothing_is_stored(reservations: Reservations) -> None:
    put(reservations, asked())
    put(reservations, asked())
    third = asked()
    with pytest.raises(TooManyOpenBookings):
        reservations.put(third, created(third), MOST_OPEN)
    assert reservations.find(third.reservation_id) is None
    put(reservations, asked("another guest"))


def test_stays_that_are_over_do_not_count(reservations: Reservations) -> None:
    put(reservations, asked())
    put(reservations, asked())
    late = datetime(2026, 12, 27, 12, 0, tzinfo=UTC)
    put(reservations, asked(at=late, stay=Stay(date(2026, 12, 28), date(2026, 12, 29))))


@pytest.mark.parametrize(
    "commands",
    [
        (Reject(Refusal("taken", "taken")),),
        (Expire(),),
        (Confirm("payment"), RequestCancel(Party.GUEST, NOW), FinishCancel()),
        (Confirm("payment"), Complete(datetime(2026, 12, 26, 2, 0, tzinfo=UTC))),
    ],
)
def test_a_closed_booking_is_no_open_one_any_more(
    reservations: Reservations, commands: tuple[Expire, ...]
) -> None:
    first = held(reservations)
    put(reservations, asked())
    for command in commands:
        after, events = transition(first, command)
        reservations.save(first, after, events, NOW)
        first = after
    put(reservations, asked())


def test_a_transition_is_written_with_its_events(reservations: Reservations) -> None:
    before = held(reservations)
    after, events = transition(before, Confirm("payment"))
    reservations.save(before, after, events, NOW)
    assert reservations.find(before.reservation_id) == after


def test_a_refusal_is_kept_whole(reservations: Reservations) -> None:
    before = put(reservations, asked())
    refusal = Refusal("invalid-stay", "not like this", (Violation("/guests", "too many"),))
    after, events = transition(before, Reject(refusal))
    reservations.save(before, after, events, NOW)
    assert reservations.find(before.reservation_id) == after


def test_a_transition_from_a_state_that_has_passed_writes_nothing(reservations: Reservations) -> None:
    before = held(reservations)
    expired, events = transition(before, Expire())
    reservations.save(before, expired, events, NOW)
    confirmed, others = transition(before, Confirm("payment"))
    with pytest.raises(ChangedMeanwhile):
        reservations.save(before, confirmed, others, NOW)
    rejected, others = transition(before, Reject(Refusal("taken", "taken")))
    with pytest.raises(ChangedMeanwhile):
        reservations.save(before, rejected, others, NOW)
    assert reservations.find(before.reservation_id) == expired


def test_what_a_cancellation_gives_back_is_kept(reservations: Reservations) -> None:
    before = held(reservations)
    for command in (Confirm("payment"), RequestCancel(Party.GUEST, NOW)):
        after, events = transition(before, command)
        reservations.save(before, after, events, NOW)
        before = after
    assert before.split
    assert reservations.find(before.reservation_id) == before


def test_what_a_closed_booking_was_paid_with_is_forgotten(reservations: Reservations) -> None:
    before = put(reservations, asked())
    after, events = transition(before, Expire())
    reservations.forget_method(before.reservation_id)
    assert reservations.find(before.reservation_id) == before
    reservations.save(before, after, events, NOW)
    reservations.forget_method(before.reservation_id)
    assert reservations.find(before.reservation_id) == replace(after, payment_method=None)


class TestDue:
    LATE = datetime(2027, 1, 1, tzinfo=UTC)

    def test_it_is_due_when_hold_and_margin_have_passed(self, reservations: Reservations) -> None:
        reservation = put(reservations, asked())
        assert reservations.due(reservation.settle_at - timedelta(seconds=1), 10) == []
        assert reservations.due(reservation.settle_at, 10) == [reservation.reservation_id]

    def test_those_that_wait_longest_come_first(self, reservations: Reservations) -> None:
        made = [
            put(reservations, asked(f"guest {hour}", at=NOW - timedelta(hours=hour))) for hour in range(9)
        ]
        ids = [each.reservation_id for each in reversed(made)]
        assert reservations.due(self.LATE, 20) == ids
        assert reservations.due(self.LATE, 3) == ids[:3]

    def test_what_stands_is_due_at_check_out(self, reservations: Reservations) -> None:
        before = held(reservations)
        after, events = transition(before, Confirm("payment"))
        reservations.save(before, after, events, NOW)
        assert reservations.due(after.ends_at - timedelta(seconds=1), 10) == []
        assert reservations.due(after.ends_at, 10) == [after.reservation_id]
        completed, events = transition(after, Complete(after.ends_at))
        reservations.save(after, completed, events, after.ends_at)
        assert reservations.due(self.LATE, 10) == []

    def test_what_has_ended_is_due_until_it_is_settled(self, reservations: Reservations) -> None:
        before = put(reservations, asked())
        after, events = transition(before, Expire())
        reservations.save(before, after, events, NOW)
        reservations.settled(before)
        assert reservations.due(self.LATE, 10) == [after.reservation_id], (
            "of an earlier state it says nothing"
        )
        reservations.settled(after)
        assert reservations.due(self.LATE, 10) == []

    def test_what_is_put_off_comes_again(self, reservations: Reservations) -> None:
        reservation = put(reservations, asked())
        reservations.postpone(reservation.reservation_id, self.LATE)
        assert reservations.due(self.LATE - timedelta(seconds=1), 10) == []
        assert reservations.due(self.LATE, 10) == [reservation.reservation_id]

    def test_what_is_settled_cannot_be_put_off(self, reservations: Reservations) -> None:
        before = put(reservations, asked())
        after, events = transition(before, Expire())
        reservations.save(before, after, events, NOW)
        reservations.settled(after)
        reservations.postpone(before.reservation_id, NOW)
        assert reservations.due(self.LATE, 10) == []


def test_an_offer_that_was_not_put_is_kept_with_what_is_decided(reservations: Reservations) -> None:
    before = put(reservations, asked())
    confirmed, events = transition(replace(before, offer=OFFER), Confirm("payment"))
    reservations.save(before, confirmed, events, NOW)
    assert reservations.find(before.reservation_id) == confirmed


def test_what_is_decided_keeps_the_offer_that_was_put(reservations: Reservations) -> None:
    before = held(reservations)
    ended, events = transition(replace(before, offer=None), Expire())
    reservations.save(before, ended, events, NOW)
    assert reservations.find(before.reservation_id) == replace(ended, offer=OFFER)


def test_a_lease_has_one_driver(reservations: Reservations) -> None:
    reservation = put(reservations, asked())
    mine, theirs = Lease("mine", NOW + timedelta(minutes=2)), Lease("theirs", NOW + timedelta(minutes=2))
    later = reservation.lease.until
    assert not reservations.take_lease(reservation.reservation_id, mine, later - timedelta(seconds=1))
    assert reservations.take_lease(reservation.reservation_id, mine, later)
    assert reservations.take_lease(reservation.reservation_id, mine, later), "its reply was lost"
    assert not reservations.take_lease(reservation.reservation_id, theirs, later)
    reservations.give_lease(reservation.reservation_id, theirs, later)
    assert not reservations.take_lease(reservation.reservation_id, theirs, later)
    reservations.give_lease(reservation.reservation_id, mine, later)
    assert reservations.take_lease(reservation.reservation_id, theirs, later)


def test_nobody_drives_what_is_decided(reservations: Reservations) -> None:
    before = put(reservations, asked())
    after, events = transition(before, Expire())
    reservations.save(before, after, events, NOW)
    lease = Lease("mine", NOW + timedelta(hours=1))
    assert not reservations.take_lease(before.reservation_id, lease, NOW + timedelta(minutes=30))


def test_a_list_is_the_guests_and_the_hosts_newest_first_in_pages(reservations: Reservations) -> None:
    as_guest = put(reservations, asked("mina", host_id="jun", at=NOW))
    as_host = put(reservations, asked("guest", host_id="mina", at=NOW + timedelta(seconds=1)))
    as_both = put(reservations, asked("mina", host_id="mina", at=NOW + timedelta(seconds=2)))
    put(reservations, asked("guest", host_id="jun"))
    first = reservations.page("mina", 2, None)
    assert first.items == (as_both, as_host)
    second = reservations.page("mina", 2, first.cursor)
    assert second.items == (as_guest,)
    assert second.cursor is None
    assert reservations.page("mina", 3, None).cursor is None


@pytest.mark.usefixtures("store")
class TestInDynamo:
    """What only the store itself can show."""

    def test_a_cursor_that_is_not_ours_is_refused(self) -> None:
        create_tables("reservation")
        with pytest.raises(Invalid):
            DynamoReservations().page("mina", 2, "bm90IG91cnM")

    def test_the_outbox_lies_in_the_item_with_its_versions(self) -> None:
        create_tables("reservation")
        store = DynamoReservations()
        before = put(store, asked())
        after, events = transition(before, Expire())
        store.save(before, after, events, NOW)
        item = ReservationItem.get(before.reservation_id, "reservation")
        assert int(item.version) == 2
        announced = outbox.since(item.outbox, 0)
        assert [(event.sequence, event.type) for event in announced] == [
            (1, "ReservationCreated"),
            (2, "ReservationExpired"),
        ]

    def test_a_lease_makes_no_new_version(self) -> None:
        create_tables("reservation")
        store = DynamoReservations()
        reservation = put(store, asked())
        store.give_lease(reservation.reservation_id, reservation.lease, NOW)
        assert int(ReservationItem.get(reservation.reservation_id, "reservation").version) == 1

    def test_the_guests_map_holds_what_is_open(self) -> None:
        create_tables("reservation")
        reservation = put(DynamoReservations(), asked())
        item = GuestItem.get("guest#guest", "open")
        assert item.open.as_dict() == {reservation.reservation_id: "2026-12-26"}


class _Overtaken(DynamoReservations):
    """Somebody with the same key stores it after this one has looked and before it reads the guest's map."""

    def _make_room(self, reservation: Reservation, most_open: int) -> bool:
        twin = replace(reservation, lease=Lease("twin", reservation.lease.until))
        DynamoReservations().put(twin, created(twin), most_open)
        return super()._make_room(reservation, most_open)


def test_a_booking_that_fills_the_map_itself_is_found_and_not_refused(store: None) -> None:
    create_tables("reservation")
    one = asked()
    assert _Overtaken().put(one, created(one), 1) is False


def test_a_transaction_without_an_answer_is_no_fault_of_ours(
    store: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(self: Client, operation: str, request: dict[str, Any]) -> None:
        raise ReadTimeoutError(endpoint_url=operation)

    monkeypatch.setattr(Client, "_make_api_call", silent)
    one = asked()
    with pytest.raises(Unavailable):
        DynamoReservations().put(one, created(one), MOST_OPEN)
