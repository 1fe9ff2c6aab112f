"""What a night costs: the room's own price, unless its host asks another for that weekday or that season."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kernel.errors import Invalid, Violation
from kernel.money import Money
from kernel.stay import Stay

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Season:
    """The nights from `first` on, up to and without `end`."""

    name: str
    first: date
    end: date
    price: Money

    def holds(self, night: date) -> bool:
        return self.first <= night < self.end


@dataclass(frozen=True, slots=True)
class Rates:
    """`weekday` by the names of WEEKDAYS, for the evening on which a night begins. A season wins over a weekday; of
    several seasons the one that the host names first wins, so that an exception is put before the rule.
    """

    weekday: Mapping[str, Money] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()

    @property
    def currency(self) -> str | None:
        """The one currency of all rates; None when there are none."""
        return next((price.currency for _, price in _prices(self)), None)


@dataclass(frozen=True, slots=True)
class NightPrice:
    """`rate` is what set the price: `room`, `weekday` or `season`, then with its `name`."""

    night: date
    price: Money
    rate: str
    name: str = ""


def breakdown(price_per_night: Money, rates: Rates, stay: Stay) -> tuple[NightPrice, ...]:
    """What each night of the stay costs, and why."""
    return tuple(_price(night, price_per_night, rates) for night in stay.nights)


def total(nights: tuple[NightPrice, ...]) -> Money:
    """The price of at least one night."""
    return Money(sum(night.price.amount for night in nights), nights[0].price.currency)


def check(rates: Rates, currency: str) -> None:
    """Raises Invalid for a season without a night, and for money of another currency than the room's."""
    faults = [
        Violation(f"/seasons/{number}/to", "must be after from")
        for number, season in enumerate(rates.seasons)
        if season.end <= season.first
    ]
    faults += [
        Violation(f"{pointer}/currency", f"the room's currency is {currency}")
        for pointer, price in _prices(rates)
        if price.currency != currency
    ]
    if faults:
        raise Invalid("These rates are not acceptable.", faults)


def _price(night: date, price_per_night: Money, rates: Rates) -> NightPrice:
    for season in rates.seasons:
        if season.holds(night):
            return NightPrice(night, season.price, "season", season.name)
    weekday = WEEKDAYS[night.weekday()]
    if weekday in rates.weekday:
        return NightPrice(night, rates.weekday[weekday], "weekday", weekday)
    return NightPrice(night, price_per_night, "room")


def _prices(rates: Rates) -> Iterator[tuple[str, Money]]:
    """Every price, and where it stands in the rates."""
    yield from ((f"/weekday/{day}", price) for day, price in rates.weekday.items())
    yield from ((f"/seasons/{number}/price", season.price) for number, season in enumerate(rates.seasons))
