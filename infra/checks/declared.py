"""Hold what is imported to what is declared, and back: of each service, and of all that builds and tests it.

python -m infra.checks.declared
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.layout import ROOT, SERVICES
from infra.progress import say

_PROGRAM = Path(sys.executable).with_name("deptry")
_SHARED = ROOT / "functions" / "requirements.in"


def checks() -> Iterator[tuple[str, list[str]]]:
    """What is looked at, and the arguments to do so. A service is looked at with the kernel, which it carries."""
    for service in SERVICES:
        folder = ROOT / "functions" / service
        own = folder / "requirements.in"
        declared = [_SHARED, *([own] if own.exists() else [])]
        yield service, _arguments("services.toml", declared, [ROOT / "functions" / "kernel", folder])
    everything = [ROOT / name for name in ("bench", "functions", "infra", "tests")]
    yield "development", _arguments("development.toml", [ROOT / "requirements" / "dev.in"], everything)


def main() -> int:
    """Fails, and shows why, where something is imported and not declared, or declared and not used."""
    failed = 0
    for name, arguments in checks():
        made = subprocess.run([_PROGRAM, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)
        if made.returncode:
            failed += 1
            say(f"dependencies of {name}:\n{made.stdout}{made.stderr}")
    say(f"dependencies: {failed} of {len(SERVICES) + 1} groups differ from what they declare")
    return 1 if failed else 0


def _arguments(rules: str, declared: list[Path], folders: list[Path]) -> list[str]:
    paths = [str(folder.relative_to(ROOT)) for folder in folders]
    listed = ",".join(str(file.relative_to(ROOT)) for file in declared)
    return [*paths, "--config", f"requirements/{rules}", "--requirements-files", listed, "--no-ansi"]


if __name__ == "__main__":
    sys.exit(main())
