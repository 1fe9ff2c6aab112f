"""Run lanes of make's targets at the same time, each lane's one after the other.

python -m infra.side_by_side "parts: integration engine" "whole: e2e browser"

Every line is shown as it comes, under its lane's name; in the end what failed is shown once more. A lane that fails
stops no other.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass, field

from infra.layout import ROOT
from infra.progress import say

_SHOWN_AGAIN = 80  # lines


@dataclass
class Lane:
    """Targets that make runs one after the other."""

    name: str
    targets: list[str]
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_SHOWN_AGAIN))
    code: int = 0

    @classmethod
    def read(cls, text: str) -> Lane:
        """From "name: target target"."""
        name, _, targets = text.partition(":")
        return cls(name.strip(), targets.split())

    def run(self, width: int) -> None:
        """Until the last target is made or one fails, which `code` says."""
        command = ["make", "--no-print-directory", *self.targets]
        prompt = {**os.environ, "PYTHONUNBUFFERED": "1"}  # a line as soon as it is written
        with subprocess.Popen(
            command, cwd=ROOT, env=prompt, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as made:
            assert made.stdout is not None
            for line in made.stdout:
                self.last.append(line.rstrip("\n"))
                say(f"{self.name:{width}} | {self.last[-1]}")
        self.code = made.returncode


def side_by_side(lanes: list[Lane]) -> list[Lane]:
    """Runs them all; those that failed."""
    width = max(len(lane.name) for lane in lanes)
    threads = [threading.Thread(target=lane.run, args=(width,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [lane for lane in lanes if lane.code]


def main() -> int:
    """Run the lanes of the command line. Fails when one of them did."""
    failed = side_by_side([Lane.read(text) for text in sys.argv[1:]])
    for lane in failed:
        say(f"\n{lane.name} failed; its last lines:\n")
        say("\n".join(lane.last))
    if failed:
        say(f"\nfailed: {', '.join(lane.name for lane in failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
