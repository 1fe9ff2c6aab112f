"""Who passes when there are more requests than a stage takes."""

from __future__ import annotations

from staybook_engine.throttling import Throttle

ANY = {"*/*": {"throttlingRateLimit": 2.0, "throttlingBurstLimit": 3}}


class Clock:
    """A clock that goes on when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def passed(throttle: Throttle, times: int, method: str = "rooms/GET", settings: object = None) -> int:
    limits = settings if isinstance(settings, dict) else ANY
    return sum(throttle.admits("api/v1", method, limits) for _ in range(times))


def test_a_burst_passes_and_no_more() -> None:
    assert passed(Throttle(Clock()), 10) == 3


def test_time_lets_as_many_pass_as_the_rate_says() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    passed(throttle, 10)
    clock.now = 1.0
    assert passed(throttle, 10) == 2
    clock.now = 100.0
    assert passed(throttle, 10) == 3


def test_a_method_with_limits_of_its_own_is_bounded_by_them_too() -> None:
    limits = {**ANY, "reservations/POST": {"throttlingRateLimit": 1.0, "throttlingBurstLimit": 1}}
    throttle = Throttle(Clock())
    assert passed(throttle, 10, "reservations/POST", limits) == 1
    assert passed(throttle, 10, "rooms/GET", limits) == 2


def test_other_limits_count_at_once() -> None:
    throttle = Throttle(Clock())
    passed(throttle, 10)
    more = {"*/*": {"throttlingRateLimit": 2.0, "throttlingBurstLimit": 5}}
    assert passed(throttle, 10, settings=more) == 5


def test_a_stage_that_says_nothing_bounds_nobody() -> None:
    throttle = Throttle(Clock())
    assert all(throttle.admits("api/v1", "rooms/GET", {}) for _ in range(1000))
