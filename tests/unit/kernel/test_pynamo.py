"""What a cold start imports."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.layout import KERNEL, SERVICES

_SPARED = ("botocore.client", "botocore.endpoint", "botocore.loaders", "botocore.session", "boto3", "stripe")
_LOOK = "import sys, app, pynamodb.models; print(*sys.modules)"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_loaded_without_the_sdk(service: str) -> None:
    home = SERVICES[service].source
    done = subprocess.run(
        [sys.executable, "-c", _LOOK],
        cwd=home,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (KERNEL.parent, home)))},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert [name for name in _SPARED if name in done.stdout.split()] == []


def test_whoever_asks_for_the_sdk_afterwards_has_it() -> None:
    asked = "import kernel.dynamo, boto3, botocore.config; boto3.client; botocore.config.Config()"
    look = f"{asked}; from pynamodb.connection._botocore_private import BotocoreBaseClientPrivate as theirs"
    path = {"PYTHONPATH": str(Path(KERNEL).parent)}
    subprocess.run(
        [sys.executable, "-c", f"{look}; assert theirs is not object"], env={**os.environ, **path}, check=True
    )
