"""Which nights of a room can be had at all, whoever asks: from tonight on, for a year."""

from collections.abc import Iterator
from datetime import date, timedelta

from kernel.errors import Violation
from kernel.stay import Stay

HORIZON_DAYS = 365


def faults(stay: Stay, today: date) -> Iterator[Violation]:
    """Where the stay goes beyond it. `today` is the room's own."""
    if stay.check_in < today:
        yield Violation("/checkIn", "is in the past")
    if stay.check_out > today + timedelta(days=HORIZON_DAYS):
        yield Violation("/checkOut", f"is more than {HORIZON_DAYS} days ahead")


def months(today: date) -> list[str]:
    """All that lie within it, "2026-12" and so on, in order."""
    days = (today + timedelta(days=number) for number in range(HORIZON_DAYS + 1))
    return list(dict.fromkeys(f"{day:%Y-%m}" for day in days))
