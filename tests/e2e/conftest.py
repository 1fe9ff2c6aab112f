"""One deployed house for all of them."""

from collections.abc import Iterator

import pytest

from tests.agreement import faults
from tests.house import House, deployed


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Staybook, deployed on an engine of its own; what it announced all the while is held to the contract."""
    with deployed(tmp_path_factory.mktemp("house")) as made:
        yield made
        wrong = [fault for event in made.announced() for fault in faults(event)]
        assert wrong == []
