"""Waiting on a condition, never on a time."""

import time
from collections.abc import Callable


def eventually[T](look: Callable[[], T], *, within: float = 20, what: str = "it") -> T:
    """What `look` returns once that is true (an AssertionError in it counts as not yet).

    Raises AssertionError, with the last one seen, when it does not come `within` seconds.
    """
    end = time.monotonic() + within
    last: AssertionError | None = None
    while True:
        try:
            if found := look():
                return found
        except AssertionError as error:
            last = error
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come within {within} s") from last
        time.sleep(0.05)  # between two looks
