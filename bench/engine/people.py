"""Rooms, and guests who book one night after another."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from threading import Lock

from infra.layout import ROOT
from kernel.ids import new_id
from tests.house import House

_OF_A_GUEST = 8  # open bookings; one may have ten
_FIRST_NIGHT = 7  # days from now
_NIGHTS = 300


@dataclass(frozen=True)
class Booked:
    """A booking that was answered 201."""

    reservation_id: str
    room_id: str
    guest_id: str


class Crowd:
    """Guests who book the next night of the next room, each as many as a guest may."""

    def __init__(self, house: House, rooms: Sequence[str]) -> None:
        self._house, self.rooms, self._marker = house, rooms, new_id()
        self._numbers, self._lock, self._guest = count(), Lock(), house.anybody()

    def book(self) -> Booked:
        """By whoever's turn it is; from any thread."""
        with self._lock:
            number = next(self._numbers)
            if number % _OF_A_GUEST == 0:
                self._guest = self._house.person(f"guest-{self._marker}-{number}")
            guest = self._guest
        room_id = self.rooms[number % len(self.rooms)]
        answer = guest.books(room_id, f"{self._marker}-{number}", **self._stay(number // len(self.rooms)))
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return Booked(told["rsvId"], room_id, told["guestId"])

    def _stay(self, turn: int) -> dict[str, str]:
        night = date.today() + timedelta(days=_FIRST_NIGHT + turn % _NIGHTS)  # noqa: DTZ011 - days away
        return {"checkIn": f"{night}", "checkOut": f"{night + timedelta(days=1)}"}


def register(house: House, rooms: int) -> list[str]:
    """The ids of so many new rooms, registered by the room service's own code, without the gateway and its line: that
    is not what is measured, and takes minutes.
    """
    made = subprocess.run(
        [sys.executable, "-m", "bench.engine.registering", str(rooms)],
        cwd=ROOT,
        env=_of_the_engine(os.environ.items(), house),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(made.stdout)
    return found


def _of_the_engine(variables: Iterable[tuple[str, str]], house: House) -> dict[str, str]:
    """What a function finds in its environment there."""
    return {
        **dict(variables),
        "AWS_ENDPOINT_URL": house.endpoints.aws,
        "AWS_DEFAULT_REGION": house.endpoints.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
