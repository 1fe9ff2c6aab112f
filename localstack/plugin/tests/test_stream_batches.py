"""How a batch of stream records reaches a function, record by record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from staybook_engine.stream_batches import (
    Delivery,
    Failed,
    Handled,
    NotInvoked,
    Outcome,
    Pause,
    Policy,
    Record,
    SetAside,
)


class Function:
    """A function of ours: handles letters, fails at digits, and remembers what it handled."""

    def __init__(self, *, reports: bool = False, throttled: int = 0) -> None:
        self.handled: list[str] = []
        self.calls: list[str] = []
        self._reports, self._throttled = reports, throttled

    def __call__(self, records: Sequence[Record]) -> Outcome:
        names = [record["name"] for record in records]
        self.calls.append("".join(names))
        if len(self.calls) <= self._throttled:
            return NotInvoked()
        for place, name in enumerate(names):
            if name.isdigit():
                return Failed(place if self._reports else 0, {"at": name})
            self.handled.append(name)
        return Handled()


def deliver(
    function: Function,
    names: str,
    *,
    bisect: bool = False,
    retries: int | None = 1,
    ages: dict[str, float] | None = None,
) -> list[tuple[str, str]]:
    """Delivers one-letter records; returns the ones set aside with the reason."""
    delivery = Delivery(
        Policy(bisect, retries, 60 if ages else None),
        function,
        lambda record: (ages or {}).get(record["name"], 0),
    )
    records: list[dict[str, Any]] = [{"name": name} for name in names]
    return [
        ("".join(record["name"] for record in step.records), step.condition)
        for step in delivery.run(records)
        if isinstance(step, SetAside)
    ]


def test_a_good_batch_is_delivered_once() -> None:
    function = Function()
    assert deliver(function, "abc") == []
    assert function.calls == ["abc"]


def test_without_bisecting_a_poisoned_batch_is_set_aside_whole() -> None:
    function = Function()
    assert deliver(function, "a1b", retries=2) == [("a1b", "RetryAttemptsExhausted")]
    assert function.calls == ["a1b"] * 3


@pytest.mark.parametrize("reports", [True, False])
@pytest.mark.parametrize("retries", [0, 1, 3])
@pytest.mark.parametrize("names", ["1abcd", "abcd1", "ab1cd", "1a2b3", "1", "12", "abc"])
def test_bisecting_sets_only_poisoned_records_aside(names: str, retries: int, *, reports: bool) -> None:
    function = Function(reports=reports)
    aside = deliver(function, names, bisect=True, retries=retries)
    assert [one for one, _ in aside] == [name for name in names if name.isdigit()]
    assert set(function.handled) == {name for name in names if name.isalpha()}


def test_records_before_a_reported_one_are_not_delivered_again() -> None:
    function = Function(reports=True)
    assert deliver(function, "ab1cd", retries=0) == [("1cd", "RetryAttemptsExhausted")]
    assert function.handled == ["a", "b"]


def test_order_is_kept_while_bisecting() -> None:
    function = Function(reports=True)
    deliver(function, "ab1cd2ef", bisect=True)
    assert function.handled == ["a", "b", "c", "d", "e", "f"]


def test_being_throttled_costs_no_retry() -> None:
    function = Function(throttled=5)
    assert deliver(function, "ab", retries=0) == []
    assert function.handled == ["a", "b"]


def test_records_that_are_too_old_are_set_aside_and_the_rest_arrives() -> None:
    function = Function()
    assert deliver(function, "abc", ages={"a": 61, "b": 60}) == [("ab", "RecordAgeExceeded")]
    assert function.handled == ["c"]


def test_pauses_grow_with_the_failures_in_a_row() -> None:
    delivery = Delivery(Policy(bisect=False, retries=3, age_seconds=None), Function(), lambda record: 0)
    steps = list(delivery.run([{"name": "1"}]))
    assert [step.failures for step in steps if isinstance(step, Pause)] == [1, 2, 3]
