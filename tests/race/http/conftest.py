"""The house that a crowd comes to: the one of all suites, or in the long run one whose holds last seconds."""

from collections.abc import Iterator

import pytest

from tests.depth import deep
from tests.house import House, deployed

SECONDS = {"HoldSeconds": "20", "HoldMarginSeconds": "5", "SettlementDelaySeconds": "25"}


@pytest.fixture(scope="module")  # in the long run its engine is gone before the next suite starts one
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    if not deep():
        yield request.getfixturevalue("house")
        return
    with deployed(tmp_path_factory.mktemp("crowded"), SECONDS) as made:
        yield made
