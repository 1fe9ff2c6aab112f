"""The limit that the operator may change while everything runs."""

from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.reservation.adapters.parameter import Parameter
from kernel import aws


class Store:
    """SSM: what it answers, how often it was asked, and how patient the client is."""

    def __init__(self) -> None:
        self.value: str | None = "5"
        self.asked = 0
        self.patience: dict[str, float] = {}

    def get_parameter(self, Name: str) -> Any:  # noqa: N803 - as the API calls it
        self.asked += 1
        if self.value is None:
            raise ReadTimeoutError(endpoint_url="ssm")
        return {"Parameter": {"Value": self.value}}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store()

    def client(service: str, **patience: float) -> Store:
        assert service == "ssm"
        made.patience = patience
        return made

    monkeypatch.setattr(aws, "client", client)
    return made


class Clock:
    """Seconds that pass when a test says so."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_change_is_seen_within_a_minute(store: Store, clock: Clock) -> None:
    limit = Parameter("limit", default=10, seconds=clock)
    assert limit.value() == 5
    store.value = "7"
    assert limit.value() == 5
    clock.now += 60
    assert limit.value() == 7
    assert store.asked == 2


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "1000", "ten", "1.5", " 5", "٥", "9" * 5000])
def test_what_is_no_limit_changes_nothing(store: Store, clock: Clock, nonsense: str) -> None:
    limit = Parameter("limit", default=10, seconds=clock)
    store.value = nonsense
    assert limit.value() == 10
    store.value = "5"
    clock.now += 60
    assert limit.value() == 5
    store.value = nonsense
    clock.now += 60
    assert limit.value() == 5


def test_a_store_that_does_not_answer_costs_little_and_not_every_time(store: Store, clock: Clock) -> None:
    limit = Parameter("limit", default=10, seconds=clock)
    store.value = None
    assert [limit.value(), limit.value(), limit.value()] == [10, 10, 10]
    assert store.asked == 1
    assert sum(store.patience.values()) < 1


def test_without_a_name_it_is_the_default(store: Store) -> None:
    assert Parameter("", default=10).value() == 10
    assert store.asked == 0
