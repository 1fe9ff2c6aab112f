"""Time as a port: use cases take a `Clock`, tests hand them a still one."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds. Sorts as text.

    >>> instant(datetime(2026, 11, 22, 21, 0, tzinfo=ZoneInfo("Asia/Seoul")))
    '2026-11-22T12:00:00.000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The instant that `instant` wrote."""
    return datetime.fromisoformat(text)


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970, rounded down."""
    return int(moment.timestamp())


def today(now: datetime, time_zone: str) -> date:
    """The calendar date at `now` in an IANA time zone: a room's "tonight" begins on it."""
    return now.astimezone(ZoneInfo(time_zone)).date()
