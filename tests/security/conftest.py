"""What these tests look at; each module has its own, for a fuzzer leaves little as it was."""

import pytest

from tests.house import House
from tests.security.scenery import Scenery, scenery


@pytest.fixture(scope="module")
def made(house: House) -> Scenery:
    """Something of everything, of the person `fuzz`."""
    return scenery(house, house.person("fuzz", "host"))
