"""What makes a plan come true on a deployed house, and counts whom it met."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from infra.layout import ROOT
from tests.house import House
from tests.storm.load import Request
from tests.storm.plan import DEPLOYMENT, Gust


@dataclass(frozen=True)
class Blown:
    """A gust as it was: the instants at which it struck, on the clock of `time.monotonic`."""

    gust: Gust
    struck: tuple[float, ...]


@dataclass(frozen=True)
class Met:
    """Of one kind of fault: its gusts, how often they struck, how often while a client waited for an answer, and how
    many such requests there were.
    """

    gusts: int
    struck: int
    in_flight: int
    requests: int


@dataclass
class Wind:
    """Carries out a plan while the clients are at work. `parameters`: of the deployment, as `make deploy` has them."""

    house: House
    parameters: Mapping[str, str]
    began: float = field(default_factory=time.monotonic)
    blown: list[Blown] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._since_1970 = time.time() - time.monotonic()
        self._over = threading.Event()

    @contextmanager
    def blowing(self, gusts: Sequence[Gust]) -> Iterator[None]:
        """From now on until the block ends and the last gust is over; then no fault is in force any more."""
        with ThreadPoolExecutor(len(gusts)) as pool:
            try:
                done = [pool.submit(self._blow, gust) for gust in gusts]
                yield
            except BaseException:
                self._over.set()
                raise
            for each in done:
                each.result()
        self.house.engine.delete("/faults").raise_for_status()

    def _blow(self, gust: Gust) -> None:
        if self._over.wait(self.began + gust.begins - time.monotonic()):
            return
        struck = self._deploy() if gust.kind == DEPLOYMENT else self._strike(gust)
        self.blown.append(Blown(gust, tuple(struck)))

    def _strike(self, gust: Gust) -> Iterator[float]:
        added = self.house.engine.post("/faults", json=gust.rule).raise_for_status()
        number = added.json()["fault"]["id"]
        self._over.wait(gust.lasts)
        [rule] = [each for each in self.house.engine.get("/faults").json()["faults"] if each["id"] == number]
        self.house.engine.delete(f"/faults?id={number}").raise_for_status()
        return (instant - self._since_1970 for instant in rule["struck"])

    def _deploy(self) -> list[float]:
        """Every function gets a new version. It strikes all the while that it takes."""
        began = time.monotonic()
        given = [f"--set={name}={value}" for name, value in self.parameters.items()]
        command = [sys.executable, "-m", "infra.deployment.deploy", *given]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return [began + second for second in range(int(time.monotonic() - began) + 1)]


def met(blown: Sequence[Blown], requests: Sequence[Request]) -> dict[str, Met]:
    """Whom each kind of fault met."""
    found = {}
    for kind, gusts in sorted(Counter(each.gust.kind for each in blown).items()):
        struck = [instant for each in blown if each.gust.kind == kind for instant in each.struck]
        waiting = [{place for place, one in enumerate(requests) if one.waits_at(at)} for at in struck]
        found[kind] = Met(gusts, len(struck), sum(map(bool, waiting)), len(set().union(*waiting)))
    return found
