"""Run lanes of make's targets at the same time, each lane's one after the other; then how many tests each had.

python -m infra.checks.side_by_side "checks: lint types" "alone: unit" then "parts: integration engine" "whole: e2e"

Every line is shown as it comes, under its lane's name; in the end what failed is shown once more. A lane that fails
stops no other, but what comes after `then` is not begun.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from infra.layout import ROOT
from infra.operations.tables_of_text import columns
from infra.progress import say

_SHOWN_AGAIN = 80  # lines
_THEN = "then"
_WIDEST = 40  # signs of a bar
_SUMMARY = re.compile(r"^=* ?.*?\b(\d+) passed\b.* in [\d.]+s\b")


@dataclass
class Layer:
    """A target that was made: how many tests passed in it, and how long it took."""

    name: str
    seconds: float = 0.0
    tests: int = 0


@dataclass
class Lane:
    """Targets that make runs one after the other."""

    name: str
    targets: list[str]
    last: deque[str] = field(default_factory=lambda: deque(maxlen=_SHOWN_AGAIN))
    layers: list[Layer] = field(default_factory=list)
    code: int = 0

    @classmethod
    def read(cls, text: str) -> Lane:
        """From "name: target target"."""
        name, _, targets = text.partition(":")
        return cls(name.strip(), targets.split())

    def run(self, width: int) -> None:
        """Until the last target is made or one fails, which `code` says."""
        for target in self.targets:
            began, layer = time.monotonic(), Layer(target)
            self.layers.append(layer)
            self.code = self._make(layer, width)
            layer.seconds = time.monotonic() - began
            if self.code:
                return

    def _make(self, layer: Layer, width: int) -> int:
        command = ["make", "--no-print-directory", layer.name]
        prompt = {**os.environ, "PYTHONUNBUFFERED": "1"}  # a line as soon as it is written
        with subprocess.Popen(
            command, cwd=ROOT, env=prompt, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as made:
            assert made.stdout is not None
            for line in made.stdout:
                self.last.append(line.rstrip("\n"))
                layer.tests += passed(self.last[-1])
                say(f"{self.name:{width}} | {self.last[-1]}")
        return made.returncode


def side_by_side(lanes: list[Lane]) -> list[Lane]:
    """Runs them all; those that failed."""
    width = max(len(lane.name) for lane in lanes)
    threads = [threading.Thread(target=lane.run, args=(width,)) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [lane for lane in lanes if lane.code]


def stages(words: Sequence[str]) -> list[list[Lane]]:
    """The lanes of the command line; those after `then` begin when the ones before it have ended."""
    read: list[list[Lane]] = [[]]
    for word in words:
        if word == _THEN:
            read.append([])
        else:
            read[-1].append(Lane.read(word))
    return read


def passed(line: str) -> int:
    """How many tests passed, when the line is the one with which pytest ends."""
    found = _SUMMARY.match(line)
    return int(found[1]) if found else 0


def pyramid(layers: Sequence[Layer]) -> str:
    """The layers with tests, the narrowest on top, and how long each took; below what checks without tests."""
    tested = sorted((layer for layer in layers if layer.tests), key=lambda layer: layer.tests)
    widest = max((layer.tests for layer in tested), default=1)
    rows = [
        (layer.name, str(layer.tests), f"{layer.seconds:.0f} s", "#" * -(-layer.tests * _WIDEST // widest))
        for layer in tested
    ]
    rows += [(layer.name, "", f"{layer.seconds:.0f} s", "") for layer in layers if not layer.tests]
    return columns(("layer", "tests", "took", ""), rows)


def main() -> int:
    """Run the lanes of the command line. Fails when one of them did."""
    began, ran, failed = time.monotonic(), list[Lane](), list[Lane]()
    for lanes in stages(sys.argv[1:]):
        ran += lanes
        if failed := side_by_side(lanes):
            break
    for lane in failed:
        say(f"\n{lane.name} failed; its last lines:\n")
        say("\n".join(lane.last))
    layers = [layer for lane in ran for layer in lane.layers]
    say(f"\n{pyramid(layers)}")
    say(f"\n{sum(layer.tests for layer in layers)} tests in {time.monotonic() - began:.0f} s")
    if failed:
        say(f"\nfailed: {', '.join(lane.name for lane in failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
