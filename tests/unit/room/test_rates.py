"""What a night costs, and what a stay in a room may be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.room.domain import room as rooms
from chalicelib.room.domain.horizon import HORIZON_DAYS
from chalicelib.room.domain.offer import LONGEST_NIGHTS, quotation
from chalicelib.room.domain.rates import NightPrice, Rates, Season, breakdown, check, total
from chalicelib.room.domain.room import Details, Room
from chalicelib.room.domain.terms import POLICIES
from chalicelib.room.errors import CurrencyOfRates, InvalidStay
from kernel.errors import Invalid
from kernel.money import Money
from kernel.stay import Stay

TODAY = date(2026, 12, 20)
NOW = datetime(2026, 12, 20, 3, 0, tzinfo=UTC)


def won(amount: int) -> Money:
    return Money(amount, "KRW")


BASE, FRIDAY, WINTER, EVE = won(100), won(150), won(200), won(500)
SEASONS = (
    Season("Christmas Eve", date(2026, 12, 24), date(2026, 12, 25), EVE),
    Season("Winter", date(2026, 12, 23), date(2026, 12, 26), WINTER),
)
DETAILS = Details("Beautiful House", "", "", "Asia/Seoul", 2, 2, BASE, "moderate")
ROOM = Room("room", "host", DETAILS, NOW, 1, "register", NOW, rates=Rates({"fri": FRIDAY}, SEASONS))


def test_a_season_wins_over_a_weekday_and_the_first_of_two_seasons_over_the_other() -> None:
    nights = breakdown(BASE, ROOM.rates, Stay(date(2026, 12, 22), date(2027, 1, 2)))
    assert nights[:5] == (
        NightPrice(date(2026, 12, 22), BASE, "room"),
        NightPrice(date(2026, 12, 23), WINTER, "season", "Winter"),
        NightPrice(date(2026, 12, 24), EVE, "season", "Christmas Eve"),
        NightPrice(date(2026, 12, 25), WINTER, "season", "Winter"),
        NightPrice(date(2026, 12, 26), BASE, "room"),
    )
    assert nights[10] == NightPrice(date(2027, 1, 1), FRIDAY, "weekday", "fri")
    assert total(nights) == won(100 + 200 + 500 + 200 + 6 * 100 + 150)


def test_a_season_ends_before_its_last_day() -> None:
    season = SEASONS[1]
    assert [season.holds(date(2026, 12, day)) for day in (22, 23, 25, 26)] == [False, True, True, False]


def test_the_stay_is_offered_at_the_sum_of_its_nights_under_the_rooms_policy() -> None:
    quoted = quotation(ROOM, Stay(date(2026, 12, 23), date(2026, 12, 25)), 2, TODAY)
    assert quoted.offer.price == won(700)
    terms = quoted.offer.terms
    assert (terms.policy, terms.time_zone, terms.refunds) == ("moderate", "Asia/Seoul", POLICIES["moderate"])


def test_rates_of_another_currency_or_without_a_night_are_refused_where_they_are() -> None:
    euro = Money(1, "EUR")
    rates = Rates({"mon": euro}, (Season("None", TODAY, TODAY, BASE), Season("Far", TODAY, date.max, euro)))
    with pytest.raises(Invalid) as told:
        check(rates, "KRW")
    assert [fault.pointer for fault in told.value.errors] == [
        "/seasons/0/to",
        "/weekday/mon/currency",
        "/seasons/1/price/currency",
    ]


def test_a_room_with_rates_keeps_its_currency() -> None:
    in_euros = replace(ROOM.details, price_per_night=Money(1, "EUR"))
    with pytest.raises(CurrencyOfRates):
        rooms.modify(ROOM, in_euros, NOW)
    without, _ = rooms.price_nights(ROOM, Rates(), NOW)
    changed, _ = rooms.modify(without, in_euros, NOW)
    assert changed.details.price_per_night.currency == "EUR"


def test_setting_the_same_rates_again_changes_nothing() -> None:
    assert rooms.price_nights(ROOM, ROOM.rates, NOW) == (ROOM, ())


@pytest.mark.parametrize(
    ("check_in", "nights", "guests", "pointers"),
    [
        (TODAY, 2, 2, []),
        (TODAY - timedelta(days=1), 2, 2, ["/checkIn"]),
        (TODAY, 1, 2, ["/checkOut"]),
        (TODAY, LONGEST_NIGHTS, 2, []),
        (TODAY, LONGEST_NIGHTS + 1, 2, ["/checkOut"]),
        (TODAY + timedelta(days=HORIZON_DAYS - 2), 2, 2, []),
        (TODAY + timedelta(days=HORIZON_DAYS - 1), 2, 2, ["/checkOut"]),
        (TODAY, 2, 3, ["/guests"]),
        (TODAY - timedelta(days=1), 1, 3, ["/checkIn", "/checkOut", "/guests"]),
    ],
)
def test_a_room_says_all_that_is_wrong_with_a_stay(
    check_in: date, nights: int, guests: int, pointers: list[str]
) -> None:
    faults: tuple[str, ...] = ()
    try:
        quotation(ROOM, Stay.of(check_in, nights), guests, TODAY)
    except InvalidStay as refused:
        faults = tuple(fault.pointer for fault in refused.errors)
    assert list(faults) == pointers


def test_a_price_that_changes_later_does_not_change_what_was_offered() -> None:
    stay = Stay(date(2026, 12, 27), date(2026, 12, 29))
    before = quotation(ROOM, stay, 1, TODAY).offer
    dearer = replace(ROOM, details=replace(DETAILS, price_per_night=won(999), cancellation_policy="strict"))
    assert (before.price, before.terms.policy) == (won(200), "moderate")
    assert quotation(dearer, stay, 1, TODAY).offer != before
