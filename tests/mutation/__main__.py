"""Change every decision on purpose and see who notices: python -m tests.mutation [SERVICE ...]

Fails when fewer than 90% of a service's mutants are noticed. Those that nobody noticed are named, but for the ones in
survivors.toml, which says why no test could, or need, tell them from the code.
"""

import os
import sys
import tomllib
from pathlib import Path

from infra.layout import SERVICES
from infra.operations.tables_of_text import columns
from infra.progress import say
from tests.mutation.runner import Played, play

_LEAST = 90.0  # percent
_EXPLAINED = Path(__file__).with_name("survivors.toml")


def main() -> int:
    """Play them, say of each service who was noticed by nobody, and print a table."""
    services = sys.argv[1:] or list(SERVICES)
    explained = {each["mutant"] for each in tomllib.loads(_EXPLAINED.read_text()).get("survivor", ())}
    rows: list[tuple[str, ...]] = []
    wrong: list[str] = []

    def report(service: str, played: Played) -> None:
        unexplained = [mutant for mutant in played.unnoticed if mutant.name not in explained]
        for mutant in unexplained:
            say(f"  nobody noticed, at line {mutant.line}: {mutant.name}")
        if played.score < _LEAST:
            wrong.append(service)
        counted = (played.killed, len(played.unnoticed), len(unexplained), played.left_out)
        rows.append((service, *map(str, counted), f"{played.score:.1f}%"))

    code = play(services, os.cpu_count() or 1, report)
    heads = ("service", "noticed", "survived", "unexplained", "not planted", "score")
    say(f"\n{columns(heads, rows)}")
    return 1 if code or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
