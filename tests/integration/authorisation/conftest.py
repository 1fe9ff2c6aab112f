"""The scene, set once."""

from collections.abc import Iterator

import pytest

from chalicelib.payment.adapters.secrets import secret
from tests.integration.authorisation.scene import Scene
from tests.miniature.fixtures import seams_for_tests
from tests.permissions.furnished import SETTINGS


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with pytest.MonkeyPatch.context() as patch, seams_for_tests() as seams:
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        made = Scene(seams)
        patch.setenv("PAYMENT_PROVIDER", "stripe")  # from here on nobody pays, and Stripe may knock
        secret.cache_clear()
        yield made
