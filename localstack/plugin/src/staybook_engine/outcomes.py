"""What became of the invocations of each version of each function: counted, so that a release can be judged by it."""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

# As the runtime client writes it; a body inside the answer has its quotation marks escaped.
_STATUS = re.compile(rb'"statusCode":\s*(\d+)')
_ON_PURPOSE = 503  # an answer that says "ask again" is none that a release is to blame for


@dataclass(frozen=True)
class Tally:
    """How many were answered, and how many of those failed: by an error of the function, or with a status of 5xx."""

    answered: int = 0
    failed: int = 0

    @property
    def share(self) -> float:
        """Of the answers those that failed, from 0 to 1."""
        return self.failed / self.answered if self.answered else 0.0

    def since(self, before: Tally) -> Tally:
        """What has come since."""
        return Tally(self.answered - before.answered, self.failed - before.failed)


class Outcomes:
    """The tallies of all versions, since the engine started."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tallies: defaultdict[tuple[str, str], Tally] = defaultdict(Tally)
        self._last: dict[str, float] = {}

    def count(self, function: str, version: str, body: bytes, *, is_error: bool) -> None:
        """One more answer of this version."""
        failed = is_error or _is_fault(body)
        with self._lock:
            before = self._tallies[function, version]
            self._tallies[function, version] = Tally(before.answered + 1, before.failed + failed)
            self._last[function] = self._clock()

    def of(self, function: str, version: str) -> Tally:
        """What this version has answered so far."""
        with self._lock:
            return self._tallies[function, version]

    def idle_seconds(self, function: str) -> float:
        """How long ago any version of the function answered; infinite if none ever did."""
        with self._lock:
            return self._clock() - self._last.get(function, float("-inf"))


def _is_fault(body: bytes) -> bool:
    status = _STATUS.search(body)
    return status is not None and int(status[1]) >= 500 and int(status[1]) != _ON_PURPOSE


OUTCOMES = Outcomes()
