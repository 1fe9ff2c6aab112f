"""Room for two versions of a function while one takes the place of the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from localstack.services.lambda_.invocation.execution_environment import InvalidStatusException

from staybook_engine.pool import Pool


@dataclass(eq=False)
class Environment:
    """A stand-in for LocalStack's."""

    version_manager_id: str
    function_version: Any
    state: str = "READY"
    runtime_executor: Any = None
    last_returned: int = 0

    @property
    def status(self) -> Any:
        return SimpleNamespace(name=self.state)

    def reserve(self) -> None:
        if self.state != "READY":
            raise InvalidStatusException(self.state)
        self.state = "INVOKING"

    def release(self) -> None:
        self.state = "READY"

    def stop(self) -> None:
        self.state = "STOPPED"


@dataclass
class Starter:
    """Starts environments as LocalStack's assignment service does."""

    started: list[Environment] = field(default_factory=list)

    def start_environment(self, manager: str, version: Any) -> Environment:
        self.started.append(Environment(manager, version))
        return self.started[-1]


def version(qualifier: str) -> Any:
    return SimpleNamespace(id=SimpleNamespace(qualifier=qualifier))


def pool_at_work(limit: int) -> tuple[Pool, Starter]:
    """A pool in which version 1 has as many environments as it may, all of them busy."""
    starter = Starter()
    pool = Pool(cast(Any, starter), limit, patience=0)
    for _ in range(limit):
        pool.take("manager 1", version("1"))
    return pool, starter


def alive(starter: Starter, qualifier: str) -> int:
    return sum(
        one.state != "STOPPED" and one.function_version.id.qualifier == qualifier for one in starter.started
    )


def test_a_new_version_becomes_as_warm_as_the_live_one_and_takes_nothing_from_it() -> None:
    pool, starter = pool_at_work(3)
    with pool.room_for_two():
        pool.give_back(pool.take("manager 2", version("2")))
        pool.match("2", "1")
        assert (alive(starter, "1"), alive(starter, "2")) == (3, 3)
        assert [one.state for one in starter.started if one.function_version.id.qualifier == "2"] == [
            "READY"
        ] * 3


def test_idle_ones_of_the_version_that_went_end_with_the_release() -> None:
    pool, starter = pool_at_work(3)
    with pool.room_for_two():
        pool.give_back(pool.take("manager 2", version("2")))
        pool.match("2", "1")
    busy, *others = [one for one in pool.environments if one.function_version.id.qualifier == "1"]
    for one in others:
        pool.give_back(one)
    pool.keep("2")
    assert alive(starter, "2") == 3
    assert cast(Any, busy).state == "INVOKING"
    assert alive(starter, "1") == 1


def test_a_version_that_was_never_started_is_matched_with_nothing() -> None:
    pool, starter = pool_at_work(2)
    pool.keep("1")
    assert alive(starter, "1") == 2
