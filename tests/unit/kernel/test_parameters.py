"""What the operator may change while everything runs."""

import time
from collections.abc import Sequence
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from kernel import aws, metrics
from kernel.parameters import Operated, Parameter, switch, whole_number


class Store:
    """SSM: what it answers, how often it was asked, and how patient the client is."""

    def __init__(self) -> None:
        self.values: dict[str, str] | None = {"limit": "5", "open": "off"}
        self.asked = 0
        self.patience: dict[str, float] = {}

    def get_parameters(self, Names: Sequence[str]) -> Any:  # noqa: N803 - as the API calls it
        self.asked += 1
        if self.values is None:
            raise ReadTimeoutError(endpoint_url="ssm")
        known = [name for name in Names if name in self.values]
        return {"Parameters": [{"Name": name, "Value": self.values[name]} for name in known]}


class Clock:
    """Seconds that pass when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()

    def client(service: str, **patience: float) -> Store:
        assert service == "ssm"
        made.patience = patience
        return made

    monkeypatch.setattr(aws, "client", client)
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(time, "monotonic", made)
    return made


def limit() -> Parameter[int]:
    return Parameter("limit", whole_number, 10)


def test_a_change_is_seen_within_a_minute(store: Store, clock: Clock) -> None:
    operated = Operated(most := limit())
    assert operated.now(most) == 5
    store.values = {"limit": "7"}
    assert operated.now(most) == 5
    clock.now += 60
    assert operated.now(most) == 7
    assert store.asked == 2


def test_all_parameters_of_a_function_are_read_at_once(store: Store, clock: Clock) -> None:
    operated = Operated(most := limit(), brake := Parameter("open", switch, value=True))
    assert (operated.now(most), operated.now(brake)) == (5, False)
    assert store.asked == 1


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "1000", "ten", "1.5", " 5", "٥", "9" * 5000])
def test_what_is_no_limit_changes_nothing_and_is_counted(
    store: Store, clock: Clock, nonsense: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    monkeypatch.setattr(metrics, "count", lambda name, parameter: refused.append(f"{name} {parameter}"))
    operated = Operated(most := limit())
    for text, value in ((nonsense, 10), ("5", 5), (nonsense, 5)):
        store.values = {"limit": text}
        assert operated.now(most) == value
        clock.now += 60
    assert refused == ["ParameterRefused limit"] * 2


@pytest.mark.parametrize("nonsense", ["", "yes", "ON", "true", "1", "on "])
def test_what_is_no_switch_changes_nothing(store: Store, clock: Clock, nonsense: str) -> None:
    operated = Operated(brake := Parameter("open", switch, value=True))
    store.values = {"open": nonsense}
    assert operated.now(brake) is True


def test_one_that_is_spoilt_or_gone_keeps_none_of_the_others(store: Store, clock: Clock) -> None:
    operated = Operated(most := limit(), brake := Parameter("open", switch, value=True))
    store.values = {"limit": "ten", "open": "off"}
    assert (operated.now(most), operated.now(brake)) == (10, False)
    clock.now += 60
    store.values = {"limit": "8"}
    assert (operated.now(most), operated.now(brake)) == (8, False)


def test_a_store_that_does_not_answer_costs_little_and_not_every_time(store: Store, clock: Clock) -> None:
    operated = Operated(most := limit())
    store.values = None
    assert [operated.now(most), operated.now(most), operated.now(most)] == [10, 10, 10]
    assert store.asked == 1
    assert sum(store.patience.values()) < 1


def test_without_a_name_it_is_the_default(store: Store) -> None:
    assert Operated(most := Parameter("", whole_number, 10)).now(most) == 10
    assert store.asked == 0
