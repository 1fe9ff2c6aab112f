"""Check all types: mypy --strict, in as many runs as the layout needs.

The services share one run, for `chalicelib` is one namespace. Their five app.py cannot: each is the module
`app`, and one run knows only one. The engine's plugin has a run of its own, where what it mends is untyped.
"""

import os
import subprocess
import sys

from infra.layout import KERNEL, ROOT, SERVICES
from infra.progress import say, step


def runs() -> dict[str, list[str]]:
    """The arguments of each run, by its name."""
    services = [each.source for each in SERVICES.values()]
    together = [
        KERNEL,
        *(source / "chalicelib" for source in services),
        ROOT / "infra",
        ROOT / "bench",
        ROOT / "tests",
    ]
    return {
        "together": [str(path) for path in together],
        **{f"{source.name}/app.py": [str(source / "app.py")] for source in services},
        "engine": ["--package", "staybook_engine"],
    }


def check(name: str, arguments: list[str]) -> str:
    """What one run finds fault with; nothing when all is well."""
    with step(f"types, {name}"):
        variables = os.environ | {"MYPYPATH": str(ROOT / "localstack" / "plugin" / "src")}
        command = [sys.executable, "-m", "mypy", "--no-error-summary", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def main() -> int:
    """Make all runs, one after the other for they share what they learnt, and say what they found."""
    faults = [fault for name, arguments in runs().items() if (fault := check(name, arguments))]
    for fault in faults:
        say(fault.rstrip())
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
