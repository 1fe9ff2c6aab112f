"""Who may come in: so many at once, the rest in line, nobody longer than a bound.

All of it runs on the server's one event loop, so it needs no lock, and a request that waits holds no thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """A call to come that can be taken back."""

    def cancel(self) -> None:
        """Takes it back."""


class Clock(Protocol):
    """Calls a function later."""

    def callLater(self, delay: float, function: Callable[[], None]) -> Timer:  # noqa: N802 - the event loop's name
        """Calls `function` in `delay` seconds."""


class Visit:
    """One request at the door: what to do when it may enter and what to do when it waited too long."""

    def __init__(self, enter: Callable[[], None], refuse: Callable[[], None]) -> None:
        self.enter = enter
        self.refuse = refuse
        self.timer: Timer | None = None


class Admission:
    """Lets at most `slots` visits in at once; others wait in order of arrival for at most `patience` seconds."""

    def __init__(self, clock: Clock, slots: int, patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._free = slots
        self._line: deque[Visit] = deque()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    def arrive(self, visit: Visit) -> None:
        """Lets the visit in, or puts it at the end of the line."""
        if self._free:
            self._free -= 1
            visit.enter()
        else:
            visit.timer = self._clock.callLater(self._patience, lambda: self._give_up(visit))
            self._line.append(visit)

    def leave(self) -> None:
        """A visit that had entered is over: the first in line takes its place."""
        if self._line:
            visit = self._line.popleft()
            if visit.timer:
                visit.timer.cancel()
            visit.enter()
        else:
            self._free += 1

    def go_away(self, visit: Visit) -> None:
        """The visitor left; if it was still in line, nobody waits for it any more."""
        if visit in self._line:
            self._line.remove(visit)
            if visit.timer:
                visit.timer.cancel()

    def _give_up(self, visit: Visit) -> None:
        self._line.remove(visit)
        visit.refuse()
