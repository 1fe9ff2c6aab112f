"""Ask PyPI about known vulnerabilities of everything that is locked. Needs the internet: it is for CI."""

import subprocess
import sys

from infra.environments import ENVIRONMENTS
from infra.layout import ROOT
from infra.locks import LOCKS
from infra.progress import say

# What is locked is all there is, so nothing is resolved; what cannot be asked about is no good news.
_AS_LOCKED = ("--disable-pip", "--require-hashes", "--strict", "--progress-spinner", "off")


def main() -> int:
    """Audit lock by lock; 1 when one of them has something known against it, or could not be asked about."""
    audit = ENVIRONMENTS["security"].directory / "bin" / "pip-audit"
    failed = []
    for lock in LOCKS:
        say(f"  {lock.stem}.lock")
        done = subprocess.run([audit, *_AS_LOCKED, "-r", f"{lock.stem}.lock"], cwd=ROOT, check=False)
        failed += [lock.stem] if done.returncode else []
    if failed:
        say(f"not in order, or not known: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
