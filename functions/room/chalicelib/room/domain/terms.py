"""The house's cancellation policies, and the terms that a stay is sold under."""

from dataclasses import dataclass

CHECK_IN, CHECK_OUT = "15:00", "11:00"  # of the room's own clock


@dataclass(frozen=True, slots=True)
class Tier:
    """Who cancels `hours_before` check-in or earlier gets `percent` of the price back."""

    hours_before: int
    percent: int


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a refund is computed from, so that it is known whatever becomes of the policy."""

    policy: str
    time_zone: str
    check_in_time: str
    check_out_time: str
    refunds: tuple[Tier, ...]


_DAY = 24
POLICIES: dict[str, tuple[Tier, ...]] = {
    "flexible": (Tier(_DAY, 100), Tier(0, 50)),
    "moderate": (Tier(5 * _DAY, 100), Tier(_DAY, 50)),
    "strict": (Tier(14 * _DAY, 100), Tier(7 * _DAY, 50)),
}
"""What comes back, by policy; what no tier reaches is not refunded. A host who cancels gives all of it back."""


def terms(policy: str, time_zone: str) -> Terms:
    return Terms(policy, time_zone, CHECK_IN, CHECK_OUT, POLICIES[policy])
