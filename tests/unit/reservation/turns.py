"""Processes that take their steps one at a time, in an order that the test decides."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.unit.reservation.world import Crash, Faults

_PATIENCE = 10  # seconds; a step in memory takes microseconds, so longer means that the test itself is stuck


@dataclass
class _Process:
    act: Callable[[], object]
    crash_at: int | None = None
    steps: int = 0
    done: bool = False
    fault: BaseException | None = None
    go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    paused: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def run(self) -> None:
        _wait(self.go)
        try:
            self.act()
        except Crash:
            pass  # the process is gone, as it was told
        except BaseException as fault:  # noqa: BLE001 - carried to the test, which raises it
            self.fault = fault
        self.done = True
        self.paused.release()


class Turns(Faults):
    """Stands where `Faults` does: before each step a process pauses until it is its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._own = threading.local()

    def step(self, name: str, act: Callable[[], Any]) -> Any:
        process: _Process | None = getattr(self._own, "process", None)
        if process is None:
            return act()
        process.steps += 1
        process.paused.release()
        _wait(process.go)
        if process.steps == process.crash_at:
            raise Crash(name)
        return act()

    def play(
        self,
        processes: Sequence[Callable[[], object]],
        order: Iterable[int],
        crash: tuple[int, int] | None = None,
    ) -> None:
        """Runs the processes to their ends; `order` picks whose turn it is, then they finish one after another.
        `crash`: which process dies before which of its steps.
        """
        running = [_Process(act) for act in processes]
        if crash:
            running[crash[0]].crash_at = crash[1]
        for process in running:
            threading.Thread(target=self._enter, args=(process,), daemon=True).start()
        for turn in order:
            self._move(running[turn % len(running)])
        for process in running:
            while not process.done:
                self._move(process)
        for process in running:
            if process.fault:
                raise process.fault

    def _enter(self, process: _Process) -> None:
        self._own.process = process
        process.run()

    def _move(self, process: _Process) -> None:
        if not process.done:
            process.go.release()
            _wait(process.paused)


def _wait(semaphore: threading.Semaphore) -> None:
    assert semaphore.acquire(timeout=_PATIENCE), "a process does not move"
