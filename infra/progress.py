"""Tell a person what is going on: a line when a step ends, and signs of life while it runs."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

FIRST_SIGN_OF_LIFE_SECONDS = 2.0
SIGN_OF_LIFE_SECONDS = 10.0
_printing = threading.Lock()


def say(line: str) -> None:
    """Print one whole line at once, also when several steps run at the same time."""
    with _printing:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say how a step ended and the seconds it took; from two seconds on, also that it still runs."""
    began = time.monotonic()
    ended = threading.Event()

    def keep_saying() -> None:
        pause = FIRST_SIGN_OF_LIFE_SECONDS
        while not ended.wait(pause):
            say(f"  ...    {name}, {time.monotonic() - began:.0f} s so far")
            pause = SIGN_OF_LIFE_SECONDS

    threading.Thread(target=keep_saying, daemon=True).start()
    outcome = "failed"
    try:
        yield
        outcome = "ok"
    finally:
        ended.set()
        say(f"  {outcome:6} {name} ({time.monotonic() - began:.1f} s)")
