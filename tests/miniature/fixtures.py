"""What suites that play in the house of one process share."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.miniature.house import SETTINGS
from tests.miniature.seams import Seams, tied


@contextmanager
def seams_for_tests() -> Iterator[Seams]:
    """The services behind seams, with the house's settings, for as long as it lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        with tied() as seams:
            yield seams
