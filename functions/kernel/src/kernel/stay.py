"""A stay: the nights between two calendar dates of the room's own calendar."""

from dataclasses import dataclass
from datetime import date, timedelta

from kernel.errors import Invalid, Violation


@dataclass(frozen=True, slots=True)
class Stay:
    """[check_in, check_out): the night of check_in is slept, the night of check_out is not.

    Raises Invalid (422) when there is no night in it.

    >>> new_year = Stay(date(2026, 12, 31), date(2027, 1, 2))
    >>> new_year.length, sorted(new_year.by_month)
    (2, ['2026-12', '2027-01'])
    """

    check_in: date
    check_out: date

    def __post_init__(self) -> None:
        if self.check_out <= self.check_in:
            raise Invalid("A stay has at least one night.", [Violation("/checkOut", "must be after checkIn")])

    @classmethod
    def of(cls, check_in: date, nights: int) -> "Stay":
        """Raises Invalid (422) when the calendar ends before the stay does."""
        try:
            return cls(check_in, check_in + timedelta(days=nights))
        except OverflowError as error:
            raise Invalid("There is no such stay.", [Violation("/checkIn", "is too far ahead")]) from error

    @property
    def length(self) -> int:
        """In nights."""
        return (self.check_out - self.check_in).days

    @property
    def nights(self) -> tuple[date, ...]:
        """The date on whose evening each night begins."""
        return tuple(self.check_in + timedelta(days=number) for number in range(self.length))

    @property
    def by_month(self) -> dict[str, tuple[date, ...]]:
        """The nights under their month, {"2026-12": (...)}, in order."""
        months: dict[str, tuple[date, ...]] = {}
        for night in self.nights:
            month = f"{night:%Y-%m}"
            months[month] = (*months.get(month, ()), night)
        return months
