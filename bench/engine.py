"""python -m bench.engine: bookings a second, and how long the view and the message take, on an engine of its own.

What is measured is the local engine on this machine, which is no AWS: the figures compare with each other alone.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from threading import Lock
from typing import Any

from bench.results import Row, keep, show
from infra.progress import step
from kernel.ids import new_id
from tests.house import House, Person, deployed

CLIENTS = (1, 4, 16)
SECONDS = 15.0
_ROOMS = 40
_OF_A_GUEST = 8  # open bookings; one may have ten
_SAMPLES = 10
_FIRST_NIGHT = 7  # days from now
_NIGHTS = 300
_WITHIN = 60.0  # seconds


class Crowd:
    """Guests who book one night after another, each as many as a guest may."""

    def __init__(self, house: House) -> None:
        self._house, self._marker = house, new_id()
        self.host = house.person(f"host-{self._marker}", "host")
        self._numbers, self._lock, self._guest = count(), Lock(), house.person(f"guest-{self._marker}-0")

    def book(self, rooms: list[str]) -> tuple[Person, dict[str, Any]]:
        """The next night of the next room, by whoever's turn it is."""
        with self._lock:
            number = next(self._numbers)
            if number % _OF_A_GUEST == 0:
                self._guest = self._house.person(f"guest-{self._marker}-{number}")
            guest = self._guest
        night = date.today() + timedelta(days=_FIRST_NIGHT + number // len(rooms) % _NIGHTS)  # noqa: DTZ011 - days away
        stay = {"checkIn": f"{night}", "checkOut": f"{night + timedelta(days=1)}"}
        answer = guest.books(rooms[number % len(rooms)], f"{self._marker}-{number}", **stay)
        assert answer.status_code == 201, answer.text
        return guest, answer.json()


def rows(house: House) -> Iterator[Row]:
    """Bookings a second first, then propagation when all is quiet again."""
    for name, rooms in (("one room", 1), (f"{_ROOMS} rooms", _ROOMS)):
        for clients in CLIENTS:
            crowd = Crowd(house)
            taken = [crowd.host.lists_room()["roomId"] for _ in range(rooms)]
            with step(f"bookings of {name} by {clients}"):
                yield Row(
                    f"bookings a second, {name}, {clients} clients", "1/s", _rate(crowd, taken, clients)
                )
    yield from _propagation(house)


def _rate(crowd: Crowd, rooms: list[str], clients: int) -> float:
    began = time.monotonic()

    def keep_on() -> int:
        done = 0
        while time.monotonic() - began < SECONDS:
            crowd.book(rooms)
            done += 1
        return done

    with ThreadPoolExecutor(clients) as pool:
        made = sum(future.result() for future in [pool.submit(keep_on) for _ in range(clients)])
    return made / (time.monotonic() - began)


def _propagation(house: House) -> Iterator[Row]:
    crowd = Crowd(house)
    seen: dict[str, list[float]] = {"view": [], "message": []}
    for _ in range(_SAMPLES):
        room_id = crowd.host.lists_room()["roomId"]
        guest, booked = crowd.book([room_id])
        began = time.monotonic()
        found = f"/roomviews/search/findByRsvId?rsvId={booked['rsvId']}"
        seen["view"].append(_until(began, lambda: _shown(guest, found)))  # noqa: B023 - looked at at once
        seen["message"].append(_until(began, lambda: _told(guest, booked["rsvId"])))  # noqa: B023 - as above
    for what, seconds in seen.items():
        yield Row(f"from the 201 to the {what}, median of {_SAMPLES}", "ms wall", median(seconds) * 1_000)


def _shown(guest: Person, path: str) -> bool:
    answer = guest.ask("GET", path)
    return answer.status_code == 200 and "reserved" in answer.text


def _told(guest: Person, reservation_id: str) -> bool:
    messages = guest.get("/messages")["_embedded"]["messages"]
    return any(message["rsvId"] == reservation_id for message in messages)


def _until(began: float, look: Callable[[], bool]) -> float:
    while not look():
        assert time.monotonic() - began < _WITHIN, "it never came"
        time.sleep(0.02)  # between two looks
    return time.monotonic() - began


@contextmanager
def _house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as state, deployed(Path(state)) as made:
        yield made


def main() -> int:
    with _house() as house:
        measured = list(rows(house))
    keep("engine", measured, "The local engine on this machine, under whatever load it had: no AWS.")
    print(show(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
