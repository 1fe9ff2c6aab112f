"""Changing nights: all months of a stay in one write, decided anew whenever somebody else was quicker there."""

from collections.abc import Callable
from datetime import date

from chalicelib.room.domain.calendar import Change, Month
from chalicelib.room.ports import Calendar, Transition
from kernel.deciding import until_written
from kernel.errors import ChangedMeanwhile
from kernel.stay import Stay

_ATTEMPTS = 8  # bookings and blocks of one month of one room meet at its version

Decision = Callable[[Month, tuple[date, ...]], Change]
"""What becomes of a month, given those nights of the stay that lie in it."""


def decided(room_id: str, stay: Stay, decide: Decision, calendar: Calendar) -> list[Transition[Month]]:
    """What is decided on the months of the stay as they are now; those that stay as they are are left out."""
    nights_by_month = stay.by_month
    months = calendar.months(room_id, list(nights_by_month))
    changes = [Transition(month, *decide(month, nights_by_month[month.month])) for month in months]
    return [change for change in changes if change.after != change.before]


def until_nights_written[T](attempt: Callable[[], T]) -> T:
    """What `attempt` returns, which decides on nights and writes them. Raises ChangedMeanwhile when others were quicker
    every time.
    """
    quickly = ChangedMeanwhile("The calendar of this room is changing quickly; try again.")
    return until_written(attempt, attempts=_ATTEMPTS, otherwise=quickly)
