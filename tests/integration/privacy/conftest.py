"""The house of one process, with mail and pictures."""

from collections.abc import Iterator

import pytest

from tests.miniature.fixtures import seams_for_tests
from tests.permissions.furnished import SETTINGS, FurnishedHouse


@pytest.fixture
def house() -> Iterator[FurnishedHouse]:
    with pytest.MonkeyPatch.context() as patch, seams_for_tests() as seams:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        yield FurnishedHouse(seams)
