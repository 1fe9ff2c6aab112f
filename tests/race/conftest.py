"""The services of this process, tied to a world that each round makes for itself."""

from collections.abc import Iterator

import pytest

from tests.miniature.fixtures import seams_for_tests
from tests.miniature.seams import Seams


@pytest.fixture(scope="module")
def seams() -> Iterator[Seams]:
    with seams_for_tests() as made:
        yield made
