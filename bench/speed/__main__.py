"""python -m bench.speed: cold starts, packages and warm requests, beside their floors; `--rounds` of each."""

import argparse
import sys

from bench.results import show
from bench.speed.rows import rows


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU of packaged functions beside floors.")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    print(show(rows(arguments.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
