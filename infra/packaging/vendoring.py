"""What goes into a zip beside the service's own code: the kernel and the locked packages, byte-compiled."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from infra.environments import TOOLS
from infra.layout import KERNEL, ROOT, Service
from infra.package_index import settings_for_uv
from infra.packaging.archive import tree_hash

LAMBDA = "x86_64-manylinux_2_28"  # Amazon Linux 2023, which Lambda's Python 3.13 runs on
PACKAGES = ROOT / "build" / "packages"
STAMP = ".staybook-stamp"
TASK_FOLDER = "/var/task"  # where Lambda unpacks a zip: what tracebacks should name

# Nothing reads these at run time.
LEFT_OUT = ("*.dist-info", "__pycache__", "bin", ".lock", "*.pyi", "py.typed")

# Two thirds of Powertools, of PyCryptodome and of Stripe's library, which no service uses: fewer files unpack and start
# sooner. Whoever begins to use one takes it off this list. Powertools is imported when a service is packaged, which
# fails until then; the others as they are packaged are asked all that we ask of them by tests.
POWERTOOLS = "aws_lambda_powertools"
CRYPTO = "Crypto"
STRIPE = "stripe"
UNUSED = (
    *(f"{CRYPTO}/{name}" for name in ("Cipher", "PublicKey/*.so", "Protocol", "SelfTest")),
    f"{STRIPE}/params",  # types for type checkers
    f"{STRIPE}/events",  # of its second API, which nobody hears
    f"{POWERTOOLS}/event_handler",
    *(
        f"{POWERTOOLS}/utilities/{name}"
        for name in (
            "auth_alpha",
            "data_classes",
            "data_masking",
            "feature_flags",
            "idempotency",
            "kafka",
            "parser",
            "streaming",
            "validation",
        )
    ),
)
ASKED_OF_STRIPE = ("stripe", "oauth", "payment_intent", "refund")


def target_platform(stage: str) -> str:
    """The platform to fetch packages for: Lambda's; for the local engine the host's where it differs."""
    alike = sys.platform == "linux" and platform.machine() == "x86_64" and platform.libc_ver()[0] == "glibc"
    return "host" if stage == "local" and not alike else LAMBDA


def prepare(services: Iterable[Service], target: str) -> None:
    """Make what several services share, before they are packaged side by side."""
    for lock in sorted({lock for service in services for lock in service.locks}):
        packages(lock, target)
    compiled_kernel()


def fill(vendor: Path, service: Service, target: str) -> None:
    """Link into the vendor folder what the service's locks name, and the kernel; Chalice follows links."""
    vendor.mkdir(parents=True)
    for folder in (*(packages(lock, target) for lock in service.locks), compiled_kernel()):
        for part in folder.iterdir():
            if part.name != STAMP:
                (vendor / part.name).symlink_to(part)


def compiled_kernel() -> Path:
    """A folder with the kernel and its bytecode, made once for its present sources."""
    folder = PACKAGES / f"kernel-{tree_hash([KERNEL], ROOT, sys.version)[:16]}"
    if not (folder / STAMP).exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(KERNEL, folder / "kernel", ignore=shutil.ignore_patterns(*LEFT_OUT))
        compile_bytecode(folder)
        (folder / STAMP).touch()
    return folder


def packages(lock: Path, target: str) -> Path:
    """A folder with the packages of one lock for one platform, made once and kept until the lock changes."""
    made_from = [lock, Path(__file__)]
    folder = PACKAGES / tree_hash(made_from, ROOT, f"{target} {sys.version}")[:16]
    if not (folder / STAMP).exists():
        shutil.rmtree(folder, ignore_errors=True)
        _install(lock, folder, target)
        for path in _superfluous(folder):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        _leave_bytecode_alone(folder)
        (folder / STAMP).touch()
    return folder


def _superfluous(folder: Path) -> Iterator[Path]:
    for pattern in (*LEFT_OUT, *UNUSED):
        yield from list(folder.rglob(pattern))
    asked = {f"_{name}_service.py" for name in ASKED_OF_STRIPE}
    yield from [each for each in folder.glob(f"{STRIPE}/**/_*_service.py") if each.name not in asked]


def _install(lock: Path, folder: Path, target: str) -> None:
    uv: list[str | Path] = [TOOLS / "bin" / "uv", "pip", "install", "--quiet", "--python", sys.executable]
    command = [*uv, "--link-mode", "copy", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    if target != "host":
        command += ["--python-platform", target, "--python-version", "3.13"]
    variables = os.environ | settings_for_uv(TOOLS / "bin" / "python")
    subprocess.run([*command, "--target", folder, "--requirement", lock], env=variables, check=True)


def compile_bytecode(root: Path, *parts: str) -> None:
    """Write .pyc files for parts of what will be a zip's root; all of it when none is named.

    They are used unchecked, for a zip's sources never change under them, and name the paths inside Lambda.
    """
    paths = [str(root / part) for part in parts] or [str(root)]
    _compile(root, *paths)


def _leave_bytecode_alone(root: Path) -> None:
    """Put .pyc files in the place of sources, which makes packages half as large. Tracebacks still name file
    and line; the line itself is read where the locked version is published.
    """
    _compile(root, "-b", str(root))
    for source in root.rglob("*.py"):
        source.unlink()


def _compile(root: Path, *what: str) -> None:
    options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(root), "-p", TASK_FOLDER]
    subprocess.run([sys.executable, "-m", "compileall", *options, *what], check=True)
