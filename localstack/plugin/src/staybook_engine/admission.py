"""Who may come in: so many at once, the rest in line, nobody longer than a bound. Who would wait longer than that is
told so at once.

All of it runs on the server's one event loop, so it needs no lock, and a request that waits holds no thread.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Protocol

_KNOWN_AFTER = 8  # departures in a row with a line at the door, over some time: then its pace is known
_SOME_TIME = 0.25  # of what one may wait: a moment's halt says little of a line that is long


class Timer(Protocol):
    """A call to come that can be taken back."""

    def cancel(self) -> None:
        """Takes it back."""


class Clock(Protocol):
    """Knows the time, and calls a function later."""

    def seconds(self) -> float:
        """The present time."""

    def callLater(self, delay: float, function: Callable[[], None]) -> Timer:  # noqa: N802 - the event loop's name
        """Calls `function` in `delay` seconds."""


class Visit:
    """One request at the door: what to do when it may enter, and what to do when it has to come again, in so many
    seconds.
    """

    def __init__(self, enter: Callable[[], None], refuse: Callable[[int], None]) -> None:
        self.enter = enter
        self.refuse = refuse
        self.timer: Timer | None = None


class Admission:
    """Lets at most `slots` visits in at once; others wait in order of arrival for at most `patience` seconds. One that
    would have to wait longer, as fast as the line has gone on in as long a time, is refused when it arrives.
    """

    def __init__(self, clock: Clock, slots: int, patience: float) -> None:
        self._clock = clock
        self._patience = patience
        self._free = slots
        self._line: deque[Visit] = deque()
        self._departures: deque[float] = deque()

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return len(self._line)

    def expected(self) -> float:
        """Seconds that one who comes now would wait; 0 while nobody knows."""
        counted = len(self._departures)
        if counted < _KNOWN_AFTER:
            return 0.0
        watched = self._clock.seconds() - self._departures[0]
        if watched < _SOME_TIME * self._patience:
            return 0.0
        return (len(self._line) + 1) * watched / (counted - 1)

    def arrive(self, visit: Visit) -> None:
        """Lets the visit in, puts it at the end of the line, or refuses it."""
        if self._free:
            self._free -= 1
            visit.enter()
        elif self.expected() > self._patience:
            visit.refuse(self._again())
        else:
            visit.timer = self._clock.callLater(self._patience, lambda: self._give_up(visit))
            self._line.append(visit)

    def leave(self) -> None:
        """A visit that had entered is over: the first in line takes its place."""
        if self._line:
            self._note_departure(self._clock.seconds())
            visit = self._line.popleft()
            if visit.timer:
                visit.timer.cancel()
            visit.enter()
        else:
            self._departures.clear()
            self._free += 1

    def go_away(self, visit: Visit) -> None:
        """The visitor left; if it was still in line, nobody waits for it any more."""
        if visit in self._line:
            self._line.remove(visit)
            if visit.timer:
                visit.timer.cancel()

    def _note_departure(self, now: float) -> None:
        self._departures.append(now)
        while len(self._departures) > _KNOWN_AFTER and now - self._departures[0] > self._patience:
            self._departures.popleft()

    def _give_up(self, visit: Visit) -> None:
        self._line.remove(visit)
        visit.refuse(self._again())

    def _again(self) -> int:
        """In how many seconds the line will be shorter."""
        return max(1, math.ceil(min(self.expected(), 2 * self._patience)))
