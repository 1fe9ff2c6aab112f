"""The terms a stay was sold under, and what comes back of its price when it is cancelled."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kernel.money import Money
from kernel.stay import Stay


@dataclass(frozen=True, slots=True)
class Tier:
    """Who cancels `hours_before` check-in or earlier gets `percent` of the price back."""

    hours_before: int
    percent: int


@dataclass(frozen=True, slots=True)
class Terms:
    """Frozen with the price: all that a refund is computed from, however the house's policies change later.

    `check_in_time` and `check_out_time` are of the room's own clock, "15:00". What no tier reaches is not refunded.
    """

    policy: str
    time_zone: str
    check_in_time: str
    check_out_time: str
    refunds: tuple[Tier, ...]

    def begins(self, stay: Stay) -> datetime:
        """The instant of check-in."""
        return self._at(stay.check_in, self.check_in_time)

    def ends(self, stay: Stay) -> datetime:
        """The instant of check-out: from it on the stay is over."""
        return self._at(stay.check_out, self.check_out_time)

    def _at(self, day: date, clock_time: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock_time), ZoneInfo(self.time_zone))


@dataclass(frozen=True, slots=True)
class Split:
    """What a cancellation makes of a price: `refund` goes back, `fee` is kept. Together they are the price."""

    refund: Money
    fee: Money


def whole(price: Money) -> Split:
    """Nothing is kept."""
    return Split(price, Money(0, price.currency))


def split(price: Money, terms: Terms, stay: Stay, cancelled_at: datetime) -> Split:
    """What a guest who cancels at that instant gets back. Hours before check-in are real ones, across any change of
    the clocks; a tier's own hour still counts. The fee is rounded down to the minor unit, in the guest's favour.
    """
    left = terms.begins(stay) - cancelled_at
    reached = (tier.percent for tier in terms.refunds if left >= timedelta(hours=tier.hours_before))
    return _shared(price, max(reached, default=0))


def schedule(price: Money, terms: Terms, stay: Stay) -> tuple[tuple[datetime, Split], ...]:
    """Until when a guest gets how much back, the earliest first; afterwards nothing comes back."""
    tiers = sorted(terms.refunds, key=lambda tier: -tier.hours_before)
    check_in = terms.begins(stay)
    return tuple(
        (check_in - timedelta(hours=tier.hours_before), _shared(price, tier.percent)) for tier in tiers
    )


def _shared(price: Money, percent: int) -> Split:
    fee = price.amount * (100 - percent) // 100
    return Split(Money(price.amount - fee, price.currency), Money(fee, price.currency))
