"""python -m bench.engine: the figures of the running whole, as a table and in `results.json`."""

import sys

from bench.engine.rows import NOTE, rows
from bench.results import keep, show


def main() -> int:
    measured = rows()
    keep("engine", measured, NOTE)
    print(show(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
