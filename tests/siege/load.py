"""Clients that ask as fast as they are answered, on this machine alone, for so long and no longer."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any, Self
from urllib.parse import urlsplit

from infra.progress import step

MOST_SHOTS = 100_000  # of one storm: what the store can keep
_GIVE_UP = 30  # seconds
_HERE = ("127.0.0.1", "localhost")


class NotHere(Exception):
    """Load is for this machine alone."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A request and its answer. `at`: seconds from the storm's beginning; status 0: no answer. `again`: Retry-After."""

    at: float
    seconds: float
    status: int
    kind: str = ""
    again: str | None = None
    body: Mapping[str, Any] | None = None


class Client:
    """One connection, kept."""

    def __init__(self, address: str, began: float) -> None:
        """`address` of the front door; `began`: when the storm did. Raises NotHere."""
        found = urlsplit(address)
        if found.hostname not in _HERE:
            raise NotHere(f"{address} is not on this machine.")
        self._began = began
        self._connection = HTTPConnection("127.0.0.1", found.port or 80, timeout=_GIVE_UP)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Shot:
        """One request; a connection that broke is an answer with status 0."""
        sent = time.monotonic()
        try:
            self._connection.request(
                method, path, json.dumps(body), {"Content-Type": "application/json", **headers}
            )
            answer = self._connection.getresponse()
            said = json.loads(answer.read() or b"{}")
        except (OSError, HTTPException, ValueError):
            self._connection.close()
            return Shot(sent - self._began, time.monotonic() - sent, 0)
        return Shot(
            sent - self._began,
            time.monotonic() - sent,
            answer.status,
            str(said.get("type", "")).removeprefix("/problems/"),
            answer.headers["Retry-After"],
            said,
        )


Act = Callable[[Client, int], Iterator[Shot]]


def storm(address: str, clients: int, seconds: float, act: Act) -> list[Shot]:
    """What `clients` at once were answered; `act` is what the client with that number does, shot after shot, until its
    time is up.
    """
    began = time.monotonic()

    def play(number: int) -> list[Shot]:
        with Client(address, began) as client:
            return list(_until(began + seconds, act(client, number), MOST_SHOTS // clients))

    with step(f"{clients} at once, {seconds:.0f} s"), ThreadPoolExecutor(clients) as crowd:
        return sorted(
            (shot for shots in crowd.map(play, range(clients)) for shot in shots), key=lambda shot: shot.at
        )


def _until(end: float, shots: Iterable[Shot], most: int) -> Iterator[Shot]:
    for number, shot in enumerate(shots, 1):
        yield shot
        if time.monotonic() >= end or number >= most:
            return


@dataclass(frozen=True)
class Result:
    """A storm in figures, as siege counts: available is what was answered with less than 500."""

    hits: int
    available: int
    busy: int
    unsaid: int
    broken: int
    rate: float
    median: float
    slowest: float

    @classmethod
    def of(cls, shots: list[Shot]) -> Self:
        """`busy` are 503s, `unsaid` those of them without a Retry-After, `broken` all other failures; times in s."""
        busy = [shot for shot in shots if shot.status == 503]
        fine = sum(200 <= shot.status < 500 for shot in shots)
        times = sorted(shot.seconds for shot in shots)
        lasted = max((shot.at + shot.seconds for shot in shots), default=1.0) - min(
            (shot.at for shot in shots), default=0.0
        )
        return cls(
            len(shots),
            fine,
            len(busy),
            sum(shot.again is None for shot in busy),
            len(shots) - fine - len(busy),
            len(shots) / lasted,
            times[len(times) // 2] if times else 0.0,
            times[-1] if times else 0.0,
        )

    @property
    def availability(self) -> float:
        """Percent."""
        return 100 * self.available / self.hits if self.hits else 0.0
