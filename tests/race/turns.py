"""Many processes in one, one step at a time: before each call of the world a seeded choice says who goes on.

The same seed is the same order, so a round that goes wrong can be played again.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from kernel.errors import Unavailable
from tests.miniature.seams import Call, Crash, Steps

_PATIENCE = 60  # seconds; a step takes microseconds, so longer means that the test itself is stuck


@dataclass(frozen=True)
class Weather:
    """How often something goes wrong at a step: the process dies, a reply is lost, a function is slower than its
    caller waits, a process stands still while others live on.
    """

    crash: float = 0.0
    lost: float = 0.0
    slow: float = 0.0
    stall: float = 0.0


FAIR = Weather()
FOUL = Weather(crash=0.006, lost=0.01, slow=0.01)
HEAVY = Weather(crash=0.015, lost=0.01, slow=0.01, stall=0.04)
_LONGEST_STALL = 400  # turns of others


@dataclass(eq=False)
class _Worker:
    act: Callable[[], None]
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    conflicts: int = 0


class Turns(Steps):
    """The scheduler; its `play` returns when every worker is done."""

    def __init__(self, random: Random, weather: Weather = FAIR) -> None:
        self._random, self._weather = random, weather
        self._own = threading.local()
        self._waiting: list[_Worker] = []
        self._asleep: list[tuple[int, _Worker]] = []
        self._turn = 0
        self._over = threading.Semaphore(0)
        self._fault: BaseException | None = None
        self.switches = 0

    def play(self, acts: list[Callable[[], None]]) -> None:
        """Runs all of them to their ends. Raises what one of them raised."""
        for act in acts:
            self.begin(act)
        self._hand_over()
        assert self._over.acquire(timeout=_PATIENCE), "nobody moves"
        if self._fault:
            raise self._fault

    def begin(self, act: Callable[[], None]) -> None:
        """One more worker; it waits for its turn."""
        worker = _Worker(act)
        self._waiting.append(worker)
        threading.Thread(target=self._run, args=(worker,), daemon=True).start()

    def conflicts(self) -> int:
        """How many conditional writes of the worker that asks were refused so far."""
        worker: _Worker = self._own.worker
        return worker.conflicts

    def pause(self) -> None:
        """Somebody else's turn, or one's own again."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            return
        if self._random.random() < self._weather.stall:
            self._asleep.append((self._turn + self._random.randrange(_LONGEST_STALL), worker))
        else:
            self._waiting.append(worker)
        chosen = self._next()
        if chosen is not worker:
            self.switches += 1
            chosen.go.release()
            _wait(worker.go)

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        self.pause()
        if not hasattr(self._own, "worker"):
            return act()
        chance = self._random.random
        if call.kind == "peer" and chance() < self._weather.slow:
            self.begin(_forgotten(act))
            raise call.lose()
        if chance() < self._weather.crash:
            raise Crash(call.name)
        try:
            result = act()
        except ClientError:
            self._own.worker.conflicts += 1
            raise
        if chance() < self._weather.crash:
            raise Crash(call.name)
        if call.writes and chance() < self._weather.lost:
            raise call.lose()
        return result

    def _run(self, worker: _Worker) -> None:
        self._own.worker = worker
        _wait(worker.go)
        try:
            worker.act()
        except Crash:
            pass  # the process is gone, as it was told
        except BaseException as fault:  # noqa: BLE001 - carried to the test, which raises it
            self._fault = self._fault or fault
        self._hand_over()

    def _hand_over(self) -> None:
        if self._waiting or self._asleep:
            self._next().go.release()
        else:
            self._over.release()

    def _next(self) -> _Worker:
        """Whoever's turn it is: any of those who wait; when all are asleep, the first to wake."""
        self._turn += 1
        awake = [pair for pair in self._asleep if pair[0] <= self._turn]
        if not self._waiting and not awake:
            awake = [min(self._asleep, key=lambda pair: pair[0])]
        for pair in awake:
            self._asleep.remove(pair)
            self._waiting.append(pair[1])
        return self._waiting.pop(self._random.randrange(len(self._waiting)))


def _forgotten(act: Callable[[], Any]) -> Callable[[], None]:
    """Somebody waited for it and does no more; it is finished all the same."""

    def finish() -> None:
        try:
            act()
        except (Unavailable, ClientError):
            return

    return finish


def _wait(semaphore: threading.Semaphore) -> None:
    assert semaphore.acquire(timeout=_PATIENCE), "a worker's turn does not come"
