"""Every interleaving, breadth first: the schedule of a violation is a shortest one."""

import gc
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from marshal import dumps
from multiprocessing import get_context
from typing import NamedTuple

from tests.model.protocol import Protocol
from tests.model.state import NAME, Scenario, State

type Checked = tuple[int, str | None, list[str]]


def check(protocol: Protocol, most: int) -> Checked:
    """Breadth first over every state, up to `most`: how many, the violation if there is one, and its schedule."""
    start = protocol.start()
    seen, parents, labels = {digest(start)}, [-1], ["start"]
    frontier = [(0, start)]

    def schedule(number: int) -> list[str]:
        return [*schedule(parents[number]), labels[number]] if number else []

    while frontier and len(parents) <= most:
        following: list[tuple[int, State]] = []
        for number, state in frontier:
            stuck = True
            for label, after in protocol.successors(state):
                stuck, mark = False, digest(after)
                if mark not in seen:
                    seen.add(mark)
                    parents.append(number)
                    labels.append(sys.intern(label))
                    following.append((len(parents) - 1, after))
                    wrong = protocol.violation(after)
                    if wrong:
                        return len(parents), wrong, schedule(len(parents) - 1)
            waiting = [
                f"{kind} {NAME[key]} at {step}" for kind, key, _, step in state.processes if step != "put"
            ]
            if stuck and waiting:
                return len(parents), f"2: never at rest ({', '.join(waiting)})", schedule(number)
        frontier = following
    return len(parents), "bound reached" if frontier else None, []


def digest(state: State) -> bytes:
    return blake2b(dumps(tuple(state), 2), digest_size=12).digest()


class Job(NamedTuple):
    """One protocol, with `broken` rules, in scenarios one after another until one shows a violation."""

    name: str
    broken: tuple[str, ...]
    scenarios: tuple[Scenario, ...]
    most: int


class Finding(NamedTuple):
    """What a job found: `wrong` is None when nothing was; `bounded` when there was more to explore."""

    name: str
    scenario: str
    states: int
    wrong: str | None
    bounded: bool
    schedule: list[str]

    def __str__(self) -> str:
        steps = "".join(f"\n    {number:2} {label}" for number, label in enumerate(self.schedule, 1))
        return f"{self.name} | {self.scenario}: {self.states:,} states: {self.wrong or 'holds'}{steps}"


def examine(job: Job) -> Finding:
    """The first violation, or the last scenario's peace."""
    gc.disable()  # tuples only: there are no cycles to find
    total, bounded, scenario = 0, False, job.scenarios[0]
    for scenario in job.scenarios:
        states, wrong, schedule = check(Protocol(scenario, job.broken), job.most)
        total += states
        if schedule:
            return Finding(job.name, scenario.name, total, wrong, False, schedule)
        bounded = bounded or wrong is not None
    return Finding(job.name, scenario.name, total, None, bounded, [])


def examine_all(jobs: Iterable[Job], processes: int = 2) -> Iterator[Finding]:
    """All jobs, a process each."""
    with get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
        yield from pool.imap(examine, list(jobs), chunksize=1)
