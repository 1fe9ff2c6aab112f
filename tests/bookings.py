"""Many bookings at once, each accepted."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.ids import new_id
from tests.house import House, Person

_OF_A_GUEST = 10  # open bookings that a guest may have
_OF_A_ROOM = 60
_FIRST_NIGHT = 7  # days from now: every time zone agrees that it has not begun


@dataclass(frozen=True)
class Booked:
    """Who booked what, as the answers said."""

    host: Person
    guests: tuple[Person, ...]
    reservations: tuple[dict[str, Any], ...]

    @property
    def ids(self) -> set[str]:
        return {str(each["rsvId"]) for each in self.reservations}


def book_many(house: House, count: int, *, at_once: int = 6) -> Booked:
    """`count` guests' wishes for nights that nobody else wants. Raises AssertionError unless all are accepted."""
    marker = new_id()
    host = house.person(f"host-{marker}", "host")
    rooms = [host.lists_room()["roomId"] for _ in range(0, count, _OF_A_ROOM)]
    guests = tuple(house.person(f"guest-{number}-{marker}") for number in range(0, count, _OF_A_GUEST))

    def book(number: int) -> dict[str, Any]:
        check_in = date.today() + timedelta(days=_FIRST_NIGHT + number % _OF_A_ROOM)  # noqa: DTZ011 - days away
        stay = {"checkIn": f"{check_in}", "checkOut": f"{check_in + timedelta(days=1)}"}
        guest = guests[number // _OF_A_GUEST]
        answer = guest.books(rooms[number // _OF_A_ROOM], f"{marker}-{number}", **stay)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    with ThreadPoolExecutor(at_once) as crowd:
        return Booked(host, guests, tuple(crowd.map(book, range(count))))


def pages(paginator: Any, **asked: Any) -> Iterator[dict[str, Any]]:
    """Every item of a table."""
    for page in paginator.paginate(**asked):
        yield from page["Items"]
