"""For all tests: what they make the services announce and answer is held to the contract."""

import os
from collections.abc import Iterator

import pytest

from kernel import budget, events
from tests.agreement import Watch, faults
from tests.house import House, deployed
from tests.pace import Pace
from tests.promised import PROMISED

os.environ.setdefault("CURSOR_KEY", "the tests' own")

# Before any service is imported, for they take the name as they find it.
WATCH = Watch(events.announce)
events.announce = WATCH


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Pace())


@pytest.fixture(autouse=True)
def announced_as_agreed() -> Iterator[None]:
    """Fails a test in which an event was announced that its schema, or a rule that names it, does not admit."""
    yield
    assert WATCH.take_faults() == []


@pytest.fixture(autouse=True)
def answered_as_promised() -> Iterator[None]:
    """Fails a test in which a service answered what the API's document does not say of that route."""
    yield
    assert PROMISED.take_faults() == []


@pytest.fixture(autouse=True)
def no_deadline() -> Iterator[None]:
    """What a test's doors promised binds no other test."""
    yield
    budget.begin(None)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Staybook, deployed on an engine of its own; what it announced all the while is held to the contract."""
    with deployed(tmp_path_factory.mktemp("house")) as made:
        yield made
        wrong = [fault for event in made.announced() for fault in faults(event)]
        assert wrong == []
