"""One deployed house for all of them."""

from collections.abc import Iterator

import pytest

from tests.house import House, deployed


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Staybook, deployed on an engine of its own."""
    with deployed(tmp_path_factory.mktemp("house")) as made:
        yield made
