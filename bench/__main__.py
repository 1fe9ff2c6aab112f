"""python -m bench: everything that is counted and measured, as one table and `results.json`."""

import argparse
import sys

from bench import growth, peers
from bench.accounting.rows import rows as units
from bench.engine.rows import NOTE as OF_THE_ENGINE
from bench.engine.rows import rows as running
from bench.results import Row, keep, show
from bench.speed.rows import rows as speeds
from infra.progress import step

_NOTE = (
    "Units, calls and invocations are counted: all that follows from a request. CPU is of the Lambda runtime's "
    "interpreter, medians, ours and the floor's in turn; wall times are the machine's."
)


def main() -> int:
    parser = argparse.ArgumentParser(description="What requests cost, beside floors, peers and targets.")
    parser.add_argument("--rounds", type=int, default=7, help="of each process that is measured")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for name, measured in (
        ("calls, units and invocations", units),
        ("growth", growth.rows),
        ("packages, cold starts and warm requests", lambda: speeds(arguments.rounds)),
        ("a peer", lambda: peers.rows(arguments.rounds)),
    ):
        with step(name):
            rows += measured()
    keep("process", rows, _NOTE)
    together = running()
    keep("engine", together, OF_THE_ENGINE)
    print(show([*rows, *together]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
