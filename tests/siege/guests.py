"""Guests who book, each booking under a key of its own, and what they were told."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from kernel.ids import new_id
from tests.chaos.ledger import Accepted
from tests.house import House, Person
from tests.siege.load import Client, Shot

ROOMS = 40
_OF_A_GUEST = 8  # bookings; a guest may have ten open
_FIRST_NIGHT = timedelta(days=7)
_CONTENDED = (4, 10)  # rooms and nights that all want

Stay = Callable[[int], dict[str, Any]]


def stay(room_id: str, night: int) -> dict[str, Any]:
    """One night, so many days from next week on."""
    check_in = date.today() + _FIRST_NIGHT + timedelta(days=night)  # noqa: DTZ011 - days away
    return {"roomId": room_id, "checkIn": f"{check_in}", "checkOut": f"{check_in + timedelta(days=1)}"}


def unique(rooms: Sequence[str]) -> Stay:
    """Nights that nobody else wants, for as many bookings as the rooms have in ten months."""
    return lambda number: stay(rooms[number % len(rooms)], number // len(rooms) % 300)


def contended(rooms: Sequence[str]) -> Stay:
    """The same few nights for all."""

    def pick(number: int) -> dict[str, Any]:
        random = Random(number)
        return stay(random.choice(rooms[: _CONTENDED[0]]), random.randrange(_CONTENDED[1]))

    return pick


@dataclass
class Guests:
    """Makes guests as they are needed, and keeps the books: `accepted` is what was answered 201, and to whom."""

    house: House
    rooms: list[str]
    accepted: list[tuple[Person, Accepted]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _marker: str = field(default_factory=new_id)

    @classmethod
    def of(cls, house: House, rooms: int = ROOMS) -> "Guests":
        """With so many rooms to book."""
        host = house.person(f"host-{new_id()}", "host")
        return cls(house, [str(host.lists_room()["roomId"]) for _ in range(rooms)])

    def booking(self, stay_of: Stay, *, pause: float = 0) -> Callable[[Client, int], Iterator[Shot]]:
        """What each client does: a booking after the other, each asked again under its key when and while it is told
        to. With a `pause` (seconds from one to the next) nothing is asked again.
        """

        def act(client: Client, _: int) -> Iterator[Shot]:
            for turn in count():
                if turn % _OF_A_GUEST == 0:
                    guest = self.house.person(f"guest-{new_id()}")
                number = next(self._numbers)
                began = time.monotonic()
                yield from self._book(client, guest, stay_of(number), number, insist=not pause)
                time.sleep(max(0.0, began + pause - time.monotonic()))

        return act

    def _book(
        self, client: Client, guest: Person, body: dict[str, Any], number: int, *, insist: bool
    ) -> Iterator[Shot]:
        headers = {**guest.headers, "Idempotency-Key": f"{self._marker}-{number}"}
        shot = client.ask("POST", "/reservations", body, headers)
        while insist and shot.again is not None:
            yield shot
            time.sleep(float(shot.again))  # as the answer asks
            shot = client.ask("POST", "/reservations", body, headers)
        if shot.status == 201 and shot.body:
            told = shot.body
            self.accepted.append((guest, Accepted(told["rsvId"], told["payId"], told["roomId"], False)))
        yield shot
