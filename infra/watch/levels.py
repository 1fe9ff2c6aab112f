"""Service levels, and alarms on how fast their error budgets burn.

An error budget is what a level leaves: of 99.999% that is one request in 100,000, or 26 seconds of a month. An alarm
goes off when a long and a short window both burn it many times too fast: the long one so that a single failure among
many calls nobody, the short one so that the alarm ends soon after its cause.
"""

import itertools
from dataclasses import dataclass

from infra.watch.alarms import OWN, Alarm, Resource, Series, both

API = {"ApiName": "staybook", "Stage": "v1"}


@dataclass(frozen=True)
class Level:
    """What each of some services promises: this share of requests is answered without a fault of ours."""

    name: str
    services: tuple[str, ...]
    objective: float

    @property
    def budget(self) -> float:
        """The share that may fail."""
        return 1 - self.objective

    @property
    def seconds_a_month(self) -> float:
        """How long all requests may fail in 30 days."""
        return self.budget * 30 * 86_400


CORE = Level("core", ("reservation", "payment", "room"), 0.99999)
SUPPORTING = Level("supporting", ("message", "viewpage"), 0.60)


@dataclass(frozen=True)
class Burn:
    """`times` as fast as the budget allows, over a long and a short window, in seconds."""

    name: str
    times: float
    long: int
    short: int


BURNS = {
    CORE: (Burn("fast", 14.4, 3600, 300), Burn("slow", 6, 21_600, 1800)),
    # Of a budget of four requests in ten nothing burns faster than 2.5 times.
    SUPPORTING: (Burn("fast", 2, 3600, 300), Burn("slow", 1.25, 21_600, 1800)),
}


def levels() -> dict[str, Resource]:
    """The alarms of all services' levels."""
    made: dict[str, Resource] = {}
    for level, burns in BURNS.items():
        for service, burn in itertools.product(level.services, burns):
            made |= _burning(service, burn, level.budget * burn.times)
    return made


def _burning(service: str, burn: Burn, share: float) -> dict[str, Resource]:
    windows = [_window(service, seconds, share) for seconds in (burn.long, burn.short)]
    says = f"{service} fails {share:.3%} of requests and more: its error budget burns {burn.times} times too fast."
    return both(f"{service}-budget-burns-{burn.name}", says, "an-error-budget-burns", windows)


def _window(service: str, seconds: int, share: float) -> Alarm:
    """Failed are requests that Lambda refused, that ended in the middle, or that were answered with a 5xx, a deliberate
    one included.
    """
    function = {"FunctionName": f"staybook-{service}-api"}
    series = {
        "invoked": Series("AWS/Lambda", "Invocations", function),
        "refused": Series("AWS/Lambda", "Throttles", function),
        "ended": Series("AWS/Lambda", "Errors", function),
        "failed": Series(OWN, "Failed", {"service": service}),
    }
    asked = "(FILL(invoked, 0) + FILL(refused, 0))"
    return Alarm(
        f"{service}-fails-over-{seconds // 60}-minutes",
        f"The share of {service}'s requests that failed in {seconds // 60} minutes.",
        "an-error-budget-burns",
        series,
        least=share,
        seconds=seconds,
        expression=f"IF({asked} > 0, (FILL(refused, 0) + FILL(ended, 0) + FILL(failed, 0)) / {asked}, 0)",
    )
