"""Guests who book one stay after the other, each wanted by nobody else, while something is released."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx

from kernel.ids import new_id
from tests.chaos.ledger import Accepted
from tests.house import House, Person

CLIENTS = 4
_STAYS_OF_A_GUEST = 8  # fewer than a guest may have open
_STAYS_OF_A_ROOM = 60
_FIRST_NIGHT = 7  # days from now: every time zone agrees that it has not begun
_PATIENCE = 60  # seconds for which a booking is asked for again, under its key


@dataclass
class Load:
    """What clients asked and were told: every answer's status (0: none came), bookings accepted and given up."""

    house: House
    answers: Counter[int] = field(default_factory=Counter)
    accepted: list[Accepted] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return self.answers.total()

    @property
    def failed(self) -> int:
        """Answers other than the booking that was asked for."""
        return self.requests - self.answers[201]

    def book_until(self, over: threading.Event) -> None:
        """One client: another guest now and then, another room now and then."""
        mark, number = new_id(), 0
        host = self.house.person(f"host-{mark}", "host")
        while not over.is_set():
            if number % _STAYS_OF_A_ROOM == 0:
                room_id = host.lists_room()["roomId"]
            guest = self.house.person(f"guest-{mark}-{number // _STAYS_OF_A_GUEST}")
            self._book(guest, room_id, f"{mark}-{number}", number % _STAYS_OF_A_ROOM)
            number += 1

    def _book(self, guest: Person, room_id: str, key: str, day: int) -> None:
        check_in = date.today() + timedelta(days=_FIRST_NIGHT + day)  # noqa: DTZ011 - days away
        body = {"roomId": room_id, "checkIn": f"{check_in}", "checkOut": f"{check_in + timedelta(days=1)}"}
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            status, said = self._ask(guest, body, key)
            if status == 201:
                self.accepted.append(Accepted(said["rsvId"], said["payId"], room_id, cancelled=False))
                return
            time.sleep(0.2)  # as who asks again does
        self.lost.append(key)

    def _ask(self, guest: Person, body: Any, key: str) -> tuple[int, Any]:
        try:
            answer = guest.ask("POST", "/reservations", body, Idempotency_Key=key)
            status, said = answer.status_code, answer.json()
        except httpx.TransportError:
            status, said = 0, {}
        self.answers[status] += 1
        return status, said


@contextmanager
def load_on(house: House, clients: int = CLIENTS) -> Iterator[Load]:
    """The clients are at work until the block ends; a client that fails fails the block."""
    load, over, faults = Load(house), threading.Event(), list[BaseException]()

    def client() -> None:
        try:
            load.book_until(over)
        except BaseException as fault:  # noqa: BLE001 - handed to the test, which raises it
            faults.append(fault)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]
