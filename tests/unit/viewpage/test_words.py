"""What the page says."""

import re

import pytest

from chalicelib.room.domain.terms import POLICIES
from infra.layout import SERVICES

_WORDS = SERVICES["viewpage"].source / "chalicelib" / "viewpage" / "page"


@pytest.mark.parametrize("language", ["english", "korean"])
@pytest.mark.parametrize("policy", POLICIES)
def test_every_cancellation_policy_has_a_name_and_an_explanation(policy: str, language: str) -> None:
    words = (_WORDS / f"{language}.js").read_text()
    for group in ("policies", "termsOf"):
        (told,) = re.findall(rf"\b{group}: {{(.*?)}}", words, re.DOTALL)
        assert re.search(rf'(^|\W)"?{re.escape(policy)}"?: "\S', told), f"{language}.js: {group}"
