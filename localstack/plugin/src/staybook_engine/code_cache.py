"""Code of Lambda functions on disk: unpacked once for all functions and versions that share a zip."""

from __future__ import annotations

import base64
import tempfile
import threading
from pathlib import Path
from typing import Any

from staybook_engine.mends import mend

_UNPACKING = threading.Lock()


@mend(
    "code-unpacked-once",
    answers="4.14 unpacks the zip of every function and version anew: a system of twenty functions from five zips is "
    "tens of thousands of files to write when it is deployed and to delete when it stops",
)
def unpack_once() -> None:
    """Names the folder of unpacked code by the zip's hash. It stays until the engine ends."""
    from localstack.services.lambda_.invocation.lambda_models import S3Code

    prepare = S3Code.prepare_for_execution

    def prepare_alone(self: Any) -> None:
        with _UNPACKING:
            prepare(self)

    S3Code.get_unzipped_code_location = lambda self: location(self.code_sha256)
    S3Code.prepare_for_execution = prepare_alone
    S3Code.destroy_cached = lambda self: None  # another function may run on it


def location(code_sha256: str) -> Path:
    """The folder for a zip, by its hash in base64."""
    return Path(tempfile.gettempdir()) / "lambda" / base64.b64decode(code_sha256).hex() / "code"
