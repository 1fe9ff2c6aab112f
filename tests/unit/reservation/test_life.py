"""The life of a reservation, whatever it is told in whatever order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reservation.domain import life
from chalicelib.reservation.domain.life import (
    LIFE,
    Command,
    Complete,
    Confirm,
    Expire,
    FinishCancel,
    Party,
    Reject,
    RequestCancel,
)
from chalicelib.reservation.domain.reservation import (
    CLOSED,
    ENDED,
    Lease,
    Offer,
    Refusal,
    Reservation,
    Status,
    Wish,
    over_everywhere,
)
from kernel.money import Money
from kernel.stay import Stay
from tests.fakes.reservation import TERMS

NOW = datetime(2026, 12, 24, 3, 0, tzinfo=UTC)
OVER = datetime(2026, 12, 26, 2, 0, tzinfo=UTC)  # check-out, at 11 in Seoul
NEW = Reservation(
    reservation_id="reservation",
    guest_id="guest",
    host_id="host",
    room_id="room",
    stay=Stay(date(2026, 12, 24), date(2026, 12, 26)),
    guests=2,
    shown_price=None,
    fingerprint="fingerprint",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=10),
    settle_at=NOW + timedelta(minutes=11),
    offer=Offer(Money(200_000, "KRW"), TERMS),
    lease=Lease("driver", NOW),
)
COMMANDS: list[Command] = [
    Confirm("payment"),
    Reject(Refusal("taken", "taken")),
    Expire(),
    RequestCancel(Party.GUEST, NOW),
    RequestCancel(Party.HOST, NOW),
    RequestCancel(Party.GUEST, OVER),
    FinishCancel(),
    Complete(NOW),
    Complete(OVER),
]


def lived(commands: list[Command]) -> list[Reservation]:
    """Every state on the way; commands that the life has no place for decide nothing."""
    states = [NEW]
    for command in commands:
        if life.takes(states[-1], command):
            states.append(life.transition(states[-1], command)[0])
    return states


@given(st.lists(st.sampled_from(COMMANDS), max_size=12))
def test_what_has_ended_stays_ended(commands: list[Command]) -> None:
    states = lived(commands)
    for before, after in pairwise(states):
        assert before.status not in ENDED or after == before
        assert before.status is not Status.COMPLETED


@given(st.lists(st.sampled_from(COMMANDS), max_size=12))
def test_what_a_key_was_told_stays_true(commands: list[Command]) -> None:
    told = [
        (state.confirmed, None if state.confirmed else state.refusal)
        for state in lived(commands)
        if state.confirmed or state.refusal
    ]
    assert len(set(told)) <= 1


@given(st.lists(st.sampled_from(COMMANDS), max_size=12))
def test_a_decided_reservation_has_an_answer(commands: list[Command]) -> None:
    for state in lived(commands):
        assert state.in_flight != bool(state.confirmed or state.refusal)


@given(st.lists(st.sampled_from(COMMANDS), max_size=12), st.sampled_from(COMMANDS))
def test_versions_count_what_is_announced(commands: list[Command], last: Command) -> None:
    before = lived(commands)[-1]
    if life.takes(before, last):
        after, events = life.transition(before, last)
        assert after.version == before.version + len(events)
        assert [event.status for event in events] in ([], [after.status.value])


def test_what_is_announced_says_what_it_costs_as_soon_as_that_is_agreed() -> None:
    for asked, price in ((NEW, NEW.agreed.price), (replace(NEW, offer=None), None)):
        _, (event,) = life.transition(asked, Expire())
        assert event.price == price


def test_only_a_confirmation_makes_it_stand() -> None:
    assert [pair for pair, step in LIFE.items() if step.status is Status.RESERVED] == [
        (Status.REQUESTED, Confirm)
    ]


def test_every_state_can_be_reached_and_only_closed_ones_are_final() -> None:
    assert {Status.REQUESTED} | {step.status for step in LIFE.values()} == set(Status)
    left = {status for (status, _), step in LIFE.items() if step.event}
    assert set(Status) - left == CLOSED


def test_a_command_without_a_place_is_an_error() -> None:
    stands = lived([Confirm("payment")])[-1]
    for reservation, command in [(NEW, Complete(OVER)), (stands, Complete(NOW))]:
        with pytest.raises(KeyError):
            life.transition(reservation, command)


def test_as_confirmed_it_looks_the_same_for_ever() -> None:
    confirmed = lived([Confirm("payment")])[-1]
    cancelled = lived([Confirm("payment"), RequestCancel(Party.GUEST, NOW), FinishCancel()])[-1]
    assert confirmed.as_confirmed().status == cancelled.as_confirmed().status
    assert cancelled.as_confirmed().refusal is None


def test_equal_wishes_have_equal_fingerprints() -> None:
    wish = Wish("room", date(2026, 12, 24), None, 2, Money(1, "KRW"))
    assert wish.fingerprint == Wish("room", date(2026, 12, 24), None, 2, Money(1, "KRW")).fingerprint
    assert wish.fingerprint != Wish("room", None, date(2026, 12, 24), 2, Money(1, "KRW")).fingerprint


@pytest.mark.parametrize(("hour", "over"), [(11, date(2026, 12, 23)), (12, date(2026, 12, 24))])
def test_a_day_is_over_when_the_last_time_zone_has_left_it(hour: int, over: date) -> None:
    assert over_everywhere(datetime(2026, 12, 24, hour, tzinfo=UTC)) == over
