"""Plays every mutant against the unit tests that reach it, each in a forked process that has everything loaded.

The tests are collected once. A first fork runs them all and notes which test reaches which line and how long it takes;
then a fork for each mutant plants it and runs the tests that reach its line, the quickest first, until one fails.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage, CoverageData

from infra.layout import ROOT, SERVICES
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.planting import NotPlanted, plant

_LEAST_SECONDS, _MOST_SECONDS, _PATIENCE = 5.0, 30.0, 6
_TESTS = [f"tests/unit/{service}" for service in SERVICES]
_KILLED, _SURVIVED, _NOT_PLANTED = 1, 0, 3


@dataclass
class Reached:
    """What the first run noted: the tests of each file's lines, and the seconds of each test."""

    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def by(self, mutant: Mutant) -> list[str]:
        """The tests that reach it, the quickest first. A module's own statements concern all that reach the file."""
        lines = self.tests.get(str(mutant.path), {})
        nearby = range(mutant.line, mutant.line + 3)  # a condition may begin below
        concerned = nearby if mutant.function else lines
        found = {name for line in concerned for name in lines.get(line, ())}
        return sorted(found, key=lambda name: self.seconds.get(name, 0.0))


@dataclass
class Played:
    """What became of the mutants of a service."""

    killed: int = 0
    survived: list[Mutant] = field(default_factory=list)
    unreached: list[Mutant] = field(default_factory=list)
    left_out: int = 0

    @property
    def unnoticed(self) -> list[Mutant]:
        """Those that a test reached, and those that none did."""
        return [*self.survived, *self.unreached]

    @property
    def score(self) -> float:
        """How many of a hundred were noticed."""
        return 100 * self.killed / max(self.killed + len(self.unnoticed), 1)


class Game:
    """The plugin that runs in the place of pytest's own loop."""

    def __init__(self, services: list[str], workers: int, report: Callable[[str, Played], None]) -> None:
        self.services, self.workers, self.report = services, workers, report

    def pytest_configure(self) -> None:
        """The same examples every time, and no search for the smallest that fails."""
        from hypothesis import Phase, settings  # pytest wants to see it first

        calm = settings(database=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
        settings.register_profile("mutation", calm, max_examples=25)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        _say(f"{len(items)} tests; looking which of them reach what")
        reached = _reached(items)
        _check_unharmed([items[name] for name in sorted(reached.seconds, key=reached.seconds.__getitem__)])
        for service in self.services:
            self.report(service, self._play(service, items, reached))
        return True

    def _play(self, service: str, items: dict[str, pytest.Item], reached: Reached) -> Played:
        played, running = Played(), dict[int, tuple[Mutant, float]]()
        every = list(_of_service(service))
        began = time.monotonic()
        for number, mutant in enumerate(every, start=1):
            tests = reached.by(mutant)
            if not tests:
                played.unreached.append(mutant)
                continue
            while len(running) >= self.workers:
                _settle(running, played)
            needed = _LEAST_SECONDS + _PATIENCE * sum(reached.seconds.get(name, 0.0) for name in tests)
            until = time.monotonic() + min(needed, _MOST_SECONDS)
            running[_fork(mutant, [items[name] for name in tests])] = mutant, until
            if number % 50 == 0:
                _say(f"  {service}: {number} of {len(every)}, {time.monotonic() - began:.0f} s")
        while running:
            _settle(running, played)
        return played


def play(services: list[str], workers: int, report: Callable[[str, Played], None]) -> int:
    """Plays the mutants of these services; pytest's own code, 0 when it came to an end."""
    arguments = ["-q", "-s", "-p", "no:cacheprovider", "--no-header", *_TESTS]
    return int(pytest.main(arguments, plugins=[Game(services, workers, report)]))


def _of_service(service: str) -> Iterator[Mutant]:
    root = ROOT / "functions" / service
    inside = root / "chalicelib" / service
    for path in sorted(
        [*inside.glob("domain.py"), *inside.glob("domain/*.py"), *inside.glob("usecases/*.py")]
    ):
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        yield from mutants(path, module)


def _reached(items: dict[str, pytest.Item]) -> Reached:
    """What a fork notes that runs every test once."""
    notes = ROOT / ".local" / "mutation.json"
    notes.unlink(missing_ok=True)
    if (child := os.fork()) == 0:
        _in_silence(lambda: _note(items, notes))
    os.waitpid(child, 0)
    if not notes.exists():
        raise SystemExit("a unit test fails as it is: run `make unit`")
    return msgspec.json.decode(notes.read_bytes(), type=Reached)


def _check_unharmed(items: list[pytest.Item]) -> None:
    """Without a mutant nothing fails in the order of play: else every mutant would count as noticed."""
    if (child := os.fork()) == 0:
        _in_silence(lambda: _first_failure(items))
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != _SURVIVED:
        raise SystemExit("tests fail in another order, without any mutant")


def _note(items: dict[str, pytest.Item], notes: Path) -> int:
    parts = ("domain.py", "domain/*", "usecases/*")
    watched = [f"*/chalicelib/{service}/{part}" for service in SERVICES for part in parts]
    seen = Coverage(data_file=None, include=watched, config_file=False)
    seconds: dict[str, float] = {}
    seen.start()
    for name, item, following in _one_after_the_other(list(items.values())):
        seen.switch_context(name)
        began = time.monotonic()
        if _fails(item, following):
            return _KILLED
        seconds[name] = time.monotonic() - began
    seen.stop()
    tests = {file: _by_line(seen.get_data(), file) for file in seen.get_data().measured_files()}
    notes.write_bytes(msgspec.json.encode(Reached(tests, seconds)))
    return _SURVIVED


def _by_line(data: CoverageData, file: str) -> dict[int, list[str]]:
    return {line: [name for name in names if name] for line, names in data.contexts_by_lineno(file).items()}


def _fork(mutant: Mutant, items: list[pytest.Item]) -> int:
    child = os.fork()
    if child == 0:
        _in_silence(lambda: _noticed(mutant, items))
    return child


def _noticed(mutant: Mutant, items: list[pytest.Item]) -> int:
    try:
        plant(mutant)
    except NotPlanted:
        return _NOT_PLANTED
    return _first_failure(items)


def _first_failure(items: list[pytest.Item]) -> int:
    return next(
        (_KILLED for _, item, following in _one_after_the_other(items) if _fails(item, following)), _SURVIVED
    )


def _one_after_the_other(
    items: list[pytest.Item],
) -> Iterator[tuple[str, pytest.Item, pytest.Item | None]]:
    """Each with its name and the next, which tells what may be torn down in between."""
    for place, item in enumerate(items):
        yield item.nodeid, item, items[place + 1] if place + 1 < len(items) else None


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _in_silence(act: Callable[[], int]) -> Any:
    """Ends this process with what `act` gives; nothing that it says is heard."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    code = _KILLED
    try:
        code = act()
    finally:
        os._exit(code)


def _settle(running: dict[int, tuple[Mutant, float]], played: Played) -> None:
    """Waits for one of them; one that takes too long is killed, for that is noticed, too."""
    while True:
        for child, (mutant, until) in list(running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            late = time.monotonic() > until
            if late and not ended:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            if ended or late:
                del running[child]
                _count(played, mutant, _KILLED if late and not ended else os.waitstatus_to_exitcode(status))
                return
        time.sleep(0.005)


def _count(played: Played, mutant: Mutant, code: int) -> None:
    if code == _SURVIVED:
        played.survived.append(mutant)
    elif code == _NOT_PLANTED:
        played.left_out += 1
    else:
        played.killed += 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
