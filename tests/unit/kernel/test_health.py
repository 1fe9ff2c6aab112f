"""A service says how it is: cheaply, however often it is asked, and to whoever invokes it."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from infra.apps import load_app
from infra.layout import SERVICES
from kernel import budget
from kernel.errors import Unavailable, Unhealthy
from kernel.health import PROBE, Health, Need, table
from kernel.http import Service
from tests.doors import answered, asked
from tests.permissions.packaged import functions

EVERY = [(each.service, each.door) for service in SERVICES for each in functions(service).values()]


@dataclass
class Dependency:
    """One that counts how often it is asked."""

    there: bool = True
    asked: int = 0

    def __call__(self) -> None:
        self.asked += 1
        if not self.there:
            raise Unavailable


@dataclass
class Clock:
    """Stands until it is told otherwise."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


def health(clock: Clock, **needs: Need) -> Health:
    return Health("room", lambda: needs, clock)


def test_it_is_up_with_everything_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEASE", "blue")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
    assert health(Clock(), table=Dependency()).present() == {
        "status": "up",
        "service": "room",
        "release": "blue",
        "version": "7",
        "dependencies": {"table": "up"},
    }


def test_it_names_what_is_missing_and_what_is_there() -> None:
    with pytest.raises(Unhealthy) as raised:
        health(Clock(), table=Dependency(), peer=Dependency(there=False)).present()
    assert raised.value.members["dependencies"] == {"table": "up", "peer": "down"}
    assert "peer" in raised.value.detail


def test_dependencies_are_asked_once_a_second_however_often_it_is_asked() -> None:
    clock, dependency = Clock(), Dependency()
    one = health(clock, table=dependency)
    for _ in range(1_000):
        one.present()
    assert dependency.asked == 1
    clock.now += 1
    one.present()
    assert dependency.asked == 2


def test_what_is_missing_is_remembered_as_long_and_no_longer() -> None:
    clock, dependency = Clock(), Dependency(there=False)
    one = health(clock, table=dependency)
    for _ in range(2):
        with pytest.raises(Unhealthy):
            one.present()
    dependency.there = True
    clock.now += 1
    assert one.present()["status"] == "up"
    assert dependency.asked == 2


def test_a_clock_that_was_set_back_keeps_nothing_fresh_for_longer() -> None:
    clock, dependency = Clock(), Dependency()
    one = health(clock, table=dependency)
    one.present()
    clock.now -= 3_600
    one.present()
    assert dependency.asked == 2


def test_a_client_is_told_a_problem_to_ask_again_about() -> None:
    service = Service("room", lambda: {"table": Dependency(there=False)})
    answer = answered(service(asked("GET", "/health/room"), None))
    assert (answer.status, answer.body["type"]) == (503, "/problems/unhealthy")
    assert answer.body["dependencies"] == {"table": "down"}
    assert int(answer.headers["Retry-After"]) > 0


def test_a_table_that_cannot_be_reached_is_a_dependency_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(Unavailable):
        table("staybook-room", "pk", "sk")()


@pytest.mark.parametrize(("service", "door"), [each for each in EVERY if each[1] != "app"])
def test_every_function_can_be_asked_and_does_nothing(service: str, door: str) -> None:
    told: dict[str, Any] = getattr(load_app(service), door)(json.loads(json.dumps(PROBE)), None)
    assert (told["status"], told["service"]) == ("up", service)


def test_no_client_asks_as_whoever_releases_does() -> None:
    request = asked("GET", "/nowhere", query={"probe": "health"}, headers={"probe": "health"}, body=PROBE)
    assert "statusCode" in Service("room", dict)(request, None)


def test_who_asks_has_time_of_their_own() -> None:
    """The invocation before is over, and so is its time."""
    left: list[float] = []
    service = Service("room", lambda: {"peer": lambda: left.append(budget.remaining())})
    budget.begin(Ending(milliseconds=-60_000))
    service(dict(PROBE), Ending(milliseconds=10_000))
    assert left[0] > 0


@dataclass
class Ending:
    """Lambda's context of an invocation that ends in so many milliseconds."""

    milliseconds: int

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds
