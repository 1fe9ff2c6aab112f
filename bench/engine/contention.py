"""How many bookings a second there are, when all want one room and when they want many."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.engine.people import Crowd
from bench.engine.quiet import come_to_rest
from bench.results import Row
from infra.progress import step
from tests.house import House

CLIENTS = (1, 4, 16)
SECONDS = 8.0


def rows(house: House, crowd: Crowd) -> Iterator[Row]:
    """Every load begins when all that follows from the one before it is over."""
    for clients in CLIENTS:
        alone = Crowd(house, [crowd.rooms[-clients]])  # a room that nobody else books
        yield _row(house, "one room", alone, clients)
    for clients in CLIENTS:
        yield _row(house, f"{len(crowd.rooms):,} rooms", crowd, clients)


def _row(house: House, name: str, crowd: Crowd, clients: int) -> Row:
    come_to_rest(house)
    named = f"bookings a second, {name}, {clients} {'clients' if clients > 1 else 'client'}"
    with step(named):
        return Row(named, "1/s", rate(crowd.book, clients, SECONDS))


def rate(act: Callable[[], object], clients: int, seconds: float) -> float:
    """How often a second it is done by so many at the same time, who begin nothing when the seconds are over."""
    began = time.monotonic()

    def keep_on(_: int) -> int:
        done = 0
        while time.monotonic() - began < seconds:
            act()
            done += 1
        return done

    with ThreadPoolExecutor(clients) as pool:
        made = sum(pool.map(keep_on, range(clients)))
    return made / (time.monotonic() - began)
