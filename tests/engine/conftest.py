"""The engines that the tests share, each started when the first test asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.engine.engines import Engine, running

# Small, so that a test meets each bound soon.
BOUNDS = {
    "STAYBOOK_MAX_ENVIRONMENTS": "2",
    "STAYBOOK_ENVIRONMENT_WAIT": "3",
    "STAYBOOK_SLOTS": "2",
    "STAYBOOK_QUEUE_WAIT": "2",
    "LAMBDA_LIMITS_MINIMUM_UNRESERVED_CONCURRENCY": "6",
}


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Staybook's engine."""
    with running(Engine(tmp_path_factory.mktemp("engine"), BOUNDS)) as one:
        yield one


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same engine with every mend switched off, to show what each is needed for."""
    with running(Engine(tmp_path_factory.mktemp("plain"), {**BOUNDS, "STAYBOOK_MENDS_OFF": "all"})) as one:
        yield one


@pytest.fixture
def faulty(engine: Engine) -> Iterator[Engine]:
    """The engine for a test that injects faults: none is left afterwards."""
    yield engine
    httpx.delete(f"{engine.aws}/_staybook/faults").raise_for_status()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` shows that the mends hold, `make deep` what each is needed for."""
    for item in items:
        if "plain" in getattr(item, "fixturenames", ()):
            item.add_marker("unmended")
