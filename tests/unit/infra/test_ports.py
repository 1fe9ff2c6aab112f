"""Two engines that `make test` runs beside each other never want the same port."""

import os
import subprocess

import pytest

from infra.layout import ROOT


@pytest.mark.parametrize(
    ("told", "aws", "gateway"),
    [
        ({}, 4666, 8188),
        ({"STAYBOOK_AWS_PORT": "5000", "STAYBOOK_GATEWAY_PORT": "5001"}, 5100, 5101),
    ],
)
def test_the_browsers_engine_keeps_clear_of_the_other_wherever_that_is(
    told: dict[str, str], aws: int, gateway: int
) -> None:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("STAYBOOK_", "MAKE"))
    }
    show = ["make", "--print-data-base", "--dry-run", "--question", "browser"]  # it runs nothing
    said = subprocess.run(
        show, cwd=ROOT, env=inherited | told, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert f"browser: STAYBOOK_AWS_PORT := {aws}" in said
    assert f"browser: STAYBOOK_GATEWAY_PORT := {gateway}" in said
