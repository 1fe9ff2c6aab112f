"""Write every lock anew from its requirements: pinned, with hashes and without addresses.

python -m infra.locks             keeps the pinned versions that still fit
python -m infra.locks --upgrade   takes the newest that fit
"""

import argparse
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from infra.environments import TOOLS
from infra.layout import ROOT
from infra.package_index import settings_for_uv
from infra.progress import step

# What the Lambda runtime brings along; a second copy in every zip would only slow the start.
RUNTIMES_OWN = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "python-dateutil", "six")


@dataclass(frozen=True)
class Lock:
    """A lock, named by its path without suffix, and the options that it is resolved with."""

    stem: str
    options: tuple[str, ...] = ()


IN_THE_ZIP = (
    "--constraint",
    "requirements/dev.lock",
    *(f"--no-emit-package={name}" for name in RUNTIMES_OWN),
)
LOCKS = (
    Lock("requirements/tools", ("--universal",)),
    Lock("requirements/dev"),
    Lock("requirements/security"),
    Lock("functions/requirements", IN_THE_ZIP),
    # functions/requirements brings typing-extensions already.
    Lock("functions/payment/requirements", (*IN_THE_ZIP, "--no-emit-package=typing-extensions")),
    Lock("functions/viewpage/requirements", IN_THE_ZIP),
    Lock("bench/peers/requirements", IN_THE_ZIP),
    # LocalStack 4.14.0 leaves upper bounds open: it was tested with what was current when it came out.
    Lock("localstack/engine", ("--exclude-newer", "2026-03-02")),
    Lock("localstack/lambda"),
)


def write(lock: Lock, extra: list[str]) -> None:
    """Resolve one lock in place."""
    uv: list[str | Path] = [TOOLS / "bin" / "uv", "pip", "compile", "--quiet", "--python-version", "3.13"]
    form = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    header = ["--custom-compile-command", "make lock"]
    files = [f"{lock.stem}.in", "--output-file", f"{lock.stem}.lock"]
    command = [*uv, *form, *header, *lock.options, *extra, *files]
    subprocess.run(command, cwd=ROOT, env=os.environ | _main_index_only(), check=True)


def _main_index_only() -> dict[str, str]:
    """Without extra indexes, which may lack files and so their hashes."""
    settings = settings_for_uv(TOOLS / "bin" / "python")
    return {name: value for name, value in settings.items() if name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE")}


def main() -> None:
    """Write all locks, one after the other: the later ones follow the versions of the earlier."""
    parser = argparse.ArgumentParser(description="Write the locks anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    extra = ["--upgrade"] if parser.parse_args().upgrade else []
    for lock in LOCKS:
        with step(f"{lock.stem}.lock"):
            write(lock, extra)


if __name__ == "__main__":
    main()
