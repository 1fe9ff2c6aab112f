"""What comes back of a price, to the unit and to the second."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reservation.domain.terms import Split, Terms, Tier, schedule, split, whole
from chalicelib.room.domain.terms import POLICIES
from kernel.money import Money
from kernel.stay import Stay

STAY = Stay(date(2026, 12, 24), date(2026, 12, 26))
CHECK_IN = datetime(2026, 12, 24, 6, 0, tzinfo=UTC)  # 15:00 in Seoul
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def terms(policy: str, time_zone: str = "Asia/Seoul") -> Terms:
    tiers = tuple(Tier(tier.hours_before, tier.percent) for tier in POLICIES[policy])
    return Terms(policy, time_zone, "15:00", "11:00", tiers)


def refund(policy: str, before_check_in: timedelta, amount: int = 200_000) -> int:
    price = Money(amount, "KRW")
    return split(price, terms(policy), STAY, CHECK_IN - before_check_in).refund.amount


@pytest.mark.parametrize(
    ("policy", "before_check_in", "percent"),
    [
        ("flexible", DAY, 100),
        ("flexible", DAY - SECOND, 50),
        ("flexible", 0 * DAY, 50),
        ("flexible", -SECOND, 0),
        ("moderate", 5 * DAY, 100),
        ("moderate", 5 * DAY - SECOND, 50),
        ("moderate", DAY, 50),
        ("moderate", DAY - SECOND, 0),
        ("strict", 14 * DAY, 100),
        ("strict", 14 * DAY - SECOND, 50),
        ("strict", 7 * DAY, 50),
        ("strict", 7 * DAY - SECOND, 0),
        ("strict", -DAY, 0),
    ],
)
def test_each_policy_gives_back_what_it_says(policy: str, before_check_in: timedelta, percent: int) -> None:
    assert refund(policy, before_check_in) == 2_000 * percent


@pytest.mark.parametrize(("amount", "back"), [(0, 0), (1, 1), (3, 2), (99_999, 50_000), (100_000, 50_000)])
def test_the_fee_is_rounded_down(amount: int, back: int) -> None:
    assert refund("flexible", HOUR, amount) == back


def test_check_in_is_of_the_rooms_own_clock() -> None:
    assert terms("flexible").begins(STAY) == CHECK_IN
    assert terms("flexible").ends(STAY) == datetime(2026, 12, 26, 2, 0, tzinfo=UTC)
    assert terms("flexible", "America/New_York").begins(STAY) == CHECK_IN + 14 * HOUR


def test_hours_are_real_ones_when_the_clocks_change() -> None:
    """Berlin loses an hour in the night before: 15:00 of the day before is 23 hours away."""
    stay = Stay(date(2026, 3, 29), date(2026, 3, 30))
    berlin, price = terms("flexible", "Europe/Berlin"), Money(100, "EUR")
    same_clock_time = datetime(2026, 3, 28, 14, 0, tzinfo=UTC)
    assert split(price, berlin, stay, same_clock_time).refund == Money(50, "EUR")
    assert split(price, berlin, stay, same_clock_time - HOUR).refund == Money(100, "EUR")


def test_the_schedule_says_until_when_how_much_comes_back() -> None:
    price = Money(200_001, "KRW")
    assert schedule(price, terms("moderate"), STAY) == (
        (CHECK_IN - 5 * DAY, whole(price)),
        (CHECK_IN - DAY, Split(Money(100_001, "KRW"), Money(100_000, "KRW"))),
    )


AMOUNTS = st.integers(0, 10**12)
MOMENTS = st.timedeltas(timedelta(days=-40), timedelta(days=400))


@given(AMOUNTS, st.sampled_from(sorted(POLICIES)), st.lists(MOMENTS, min_size=2))
def test_refund_and_fee_are_the_price_and_waiting_never_pays(
    amount: int, policy: str, before: list[timedelta]
) -> None:
    price = Money(amount, "KRW")
    asked = [split(price, terms(policy), STAY, CHECK_IN - each) for each in sorted(before, reverse=True)]
    for each in asked:
        assert each.refund.amount + each.fee.amount == amount
        assert min(each.refund.amount, each.fee.amount) >= 0
    for sooner, later in pairwise(asked):
        assert later.refund.amount <= sooner.refund.amount


@given(AMOUNTS, st.sampled_from(sorted(POLICIES)), MOMENTS)
def test_the_schedule_is_what_is_given(amount: int, policy: str, before: timedelta) -> None:
    price, at = Money(amount, "KRW"), CHECK_IN - before
    promised = [share for until, share in schedule(price, terms(policy), STAY) if at <= until]
    given_back = split(price, terms(policy), STAY, at)
    assert given_back == (promised[0] if promised else Split(Money(0, "KRW"), price))
