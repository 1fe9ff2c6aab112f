"""Whoever comes second reads again and decides anew."""

import pytest

from kernel.deciding import until_written
from kernel.errors import ChangedMeanwhile, Conflict, Unavailable

QUICKLY = Unavailable("It is changing quickly.")


class Overtaken:
    """An attempt that others are quicker than, so many times."""

    def __init__(self, times: int) -> None:
        self.times, self.made = times, 0

    def __call__(self) -> str:
        self.made += 1
        if self.made <= self.times:
            raise ChangedMeanwhile
        return f"attempt {self.made}"


def test_what_was_overtaken_is_decided_anew() -> None:
    assert until_written(Overtaken(2), attempts=3, otherwise=QUICKLY) == "attempt 3"


def test_who_is_overtaken_every_time_is_told_so() -> None:
    attempt = Overtaken(3)
    with pytest.raises(Unavailable, match="changing quickly"):
        until_written(attempt, attempts=3, otherwise=QUICKLY)
    assert attempt.made == 3


def test_a_refusal_is_not_tried_again() -> None:
    calls = []

    def refused() -> None:
        calls.append(1)
        raise Conflict

    with pytest.raises(Conflict):
        until_written(refused, attempts=3, otherwise=QUICKLY)
    assert len(calls) == 1
