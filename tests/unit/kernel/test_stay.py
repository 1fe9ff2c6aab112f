"""Stays and calendar days."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.clock import instant, moment, today
from kernel.errors import Invalid
from kernel.stay import Stay

DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_the_night_of_check_out_is_not_slept() -> None:
    assert Stay(date(2026, 12, 31), date(2027, 1, 2)).nights == (date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize("check_out", [date(2026, 12, 24), date(2026, 12, 23)])
def test_a_stay_has_a_night(check_out: date) -> None:
    with pytest.raises(Invalid) as refused:
        Stay(date(2026, 12, 24), check_out)
    assert refused.value.errors[0].pointer == "/checkOut"


@given(DATES, st.integers(1, 400))
def test_the_months_of_a_stay_hold_each_of_its_nights_once(check_in: date, nights: int) -> None:
    stay = Stay.of(check_in, nights)
    spread = [night for nights_of_month in stay.by_month.values() for night in nights_of_month]
    assert tuple(spread) == stay.nights
    assert stay.length == nights


def test_tonight_is_the_rooms_own() -> None:
    late = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
    assert (today(late, "Asia/Seoul"), today(late, "America/New_York")) == (
        date(2026, 12, 25),
        date(2026, 12, 24),
    )


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - bounds only
def test_instants_are_read_as_they_were_written(at: datetime) -> None:
    written = instant(at)
    assert instant(moment(written)) == written
    assert written.endswith("Z")
