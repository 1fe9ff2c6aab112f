"""The house of one process, furnished, and everything that was done in it."""

from collections.abc import Iterator

import pytest

from tests.miniature.fixtures import seams_for_tests
from tests.permissions.furnished import SETTINGS, FurnishedHouse
from tests.permissions.walk import Walk


@pytest.fixture(scope="module")
def walk() -> Iterator[Walk]:
    """A whole walk, done."""
    with pytest.MonkeyPatch.context() as patch, seams_for_tests() as seams:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        done = Walk(FurnishedHouse(seams))
        done.go()
        yield done
