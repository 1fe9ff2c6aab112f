"""Tell a person what is going on: one line when a step starts, one when it ends, a sign of life between."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

SIGN_OF_LIFE_SECONDS = 10.0
_printing = threading.Lock()


def say(line: str) -> None:
    """Print one whole line at once, also when several steps run at the same time."""
    with _printing:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce a step and the seconds it took; every ten seconds say that it still runs."""
    began = time.monotonic()
    ended = threading.Event()

    def keep_saying() -> None:
        while not ended.wait(SIGN_OF_LIFE_SECONDS):
            say(f"  ...   {name}: {time.monotonic() - began:.0f} s so far")

    say(f"  ...   {name}")
    threading.Thread(target=keep_saying, daemon=True).start()
    outcome = "failed"
    try:
        yield
        outcome = "ok"
    finally:
        ended.set()
        say(f"  {outcome:6}{name} ({time.monotonic() - began:.1f} s)")
