"""The nights of a month: free, held, booked."""

from datetime import date

import pytest

from chalicelib.room.domain.calendar import Hold, Month, block, book, claim, release, unblock
from chalicelib.room.errors import Closed, NightsTaken, NotHeld, RoomNotFound, Taken
from chalicelib.room.events import RoomBlocked, RoomCancelled, RoomReserved, RoomUnblocked

NIGHTS = (date(2026, 12, 24), date(2026, 12, 25))
NOW, UNTIL, LATER = 1_000, 1_600, 2_000
EMPTY = Month("room", "2026-12")


def held_by(reservation_id: str) -> Month:
    return claim(EMPTY, Hold(reservation_id, UNTIL), NIGHTS, NOW)


def booked_by(reservation_id: str) -> Month:
    return book(held_by(reservation_id), reservation_id, NIGHTS, NOW)[0]


def test_free_nights_are_held_by_the_first_who_claims_them() -> None:
    assert held_by("mine").nights == dict.fromkeys(NIGHTS, Hold("mine", UNTIL))


def test_a_night_held_by_another_is_taken() -> None:
    with pytest.raises(Taken):
        claim(held_by("theirs"), Hold("mine", UNTIL), NIGHTS[1:], NOW)


def test_a_claim_that_ran_out_gives_way() -> None:
    assert claim(held_by("theirs"), Hold("mine", LATER), NIGHTS, UNTIL + 1).nights[NIGHTS[0]] == Hold(
        "mine", LATER
    )


def test_claiming_again_what_one_holds_is_success() -> None:
    assert claim(held_by("mine"), Hold("mine", UNTIL), NIGHTS, NOW) == held_by("mine")


def test_a_booked_night_never_turns_back_into_a_claim() -> None:
    booked = booked_by("mine")
    assert claim(booked, Hold("mine", LATER), NIGHTS, NOW) is booked


def test_a_booked_night_stays_taken_however_late_it_is() -> None:
    with pytest.raises(Taken):
        claim(booked_by("theirs"), Hold("mine", LATER), NIGHTS, LATER * 2)


def test_a_closed_month_takes_no_claims() -> None:
    with pytest.raises(Closed):
        claim(Month("room", "2026-12", closed=True), Hold("mine", UNTIL), NIGHTS, NOW)


def test_booking_announces_the_nights_once() -> None:
    booked, events = book(held_by("mine"), "mine", NIGHTS, NOW)
    assert [type(event) for event in events] == [RoomReserved]
    assert book(booked, "mine", NIGHTS, NOW) == (booked, ())


@pytest.mark.parametrize("now", [UNTIL, LATER])
def test_a_claim_that_ran_out_cannot_be_booked(now: int) -> None:
    with pytest.raises(NotHeld):
        book(held_by("mine"), "mine", NIGHTS, now)


def test_nobody_books_what_another_holds() -> None:
    with pytest.raises(NotHeld):
        book(held_by("theirs"), "mine", NIGHTS, NOW)


def test_releasing_a_booking_announces_its_nights() -> None:
    freed, events = release(booked_by("mine"), "mine")
    assert freed.nights == {}
    assert [type(event) for event in events] == [RoomCancelled]


def test_releasing_a_claim_announces_nothing() -> None:
    freed, events = release(held_by("mine"), "mine")
    assert (freed.nights, events) == ({}, ())


def test_releasing_leaves_the_nights_of_others_alone() -> None:
    theirs = booked_by("theirs")
    assert release(theirs, "mine") == (theirs, ())


def test_a_block_takes_free_nights_and_announces_it_once() -> None:
    blocked, events = block(EMPTY, "block", NIGHTS, NOW)
    assert [type(event) for event in events] == [RoomBlocked]
    assert block(blocked, "block", NIGHTS, NOW) == (blocked, ())
    with pytest.raises(Taken):
        claim(blocked, Hold("mine", UNTIL), NIGHTS[:1], LATER)


@pytest.mark.parametrize("month", [held_by("mine"), booked_by("mine"), block(EMPTY, "other", NIGHTS, NOW)[0]])
def test_a_block_takes_nothing_from_anybody(month: Month) -> None:
    with pytest.raises(NightsTaken):
        block(month, "block", NIGHTS, NOW)


def test_a_claim_that_ran_out_gives_way_to_a_block() -> None:
    assert set(block(held_by("mine"), "block", NIGHTS, UNTIL + 1)[0].nights.values()) == {
        Hold("block", None, blocked=True)
    }


def test_a_closed_month_is_not_blocked() -> None:
    with pytest.raises(RoomNotFound):
        block(Month("room", "2026-12", closed=True), "block", NIGHTS, NOW)


def test_unblocking_frees_only_the_block() -> None:
    booked, _ = book(claim(EMPTY, Hold("mine", UNTIL), NIGHTS[:1], NOW), "mine", NIGHTS[:1], NOW)
    month, _ = block(booked, "block", NIGHTS[1:], NOW)
    freed, events = unblock(month, "block")
    assert freed.nights == {NIGHTS[0]: Hold("mine", None)}
    assert [type(event) for event in events] == [RoomUnblocked]
    assert unblock(freed, "block") == (freed, ())
    assert release(month, "block")[1] == ()
