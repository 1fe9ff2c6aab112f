"""Guests who book and cancel, many at a time, whatever goes wrong meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from kernel.ids import new_id
from tests.chaos.ledger import Accepted
from tests.house import House, Person

_AT_ONCE = 6


def bookings(house: House, count: int) -> list[Accepted]:
    """`count` bookings, each of a room of its own; every third is cancelled again. What was accepted is what the
    answers say: 201 for a booking, 200 for its cancellation.
    """
    marker = new_id()
    host = house.person(f"host-{marker}", "host")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = [pool.submit(_one, house, host, f"guest-{marker}-{number}", number) for number in range(count)]
    return [accepted for one in done if (accepted := one.result()) is not None]


def _one(house: House, host: Person, name: str, number: int) -> Accepted | None:
    guest = house.person(name)
    room = host.insist("POST", "/rooms", {"desc": "Beautiful House"}, Idempotency_Key=name)
    if room.status_code != 201:
        return None
    room_id = room.json()["roomId"]
    booked = guest.books(room_id, name)
    if booked.status_code != 201:
        return None
    reservation = booked.json()
    cancelled = False
    if number % 3 == 0:
        answer = guest.insist("PATCH", f"/reservations/{reservation['rsvId']}", {"status": "reqCancel"})
        cancelled = answer.status_code == 200
    return Accepted(reservation["rsvId"], reservation["payId"], room_id, cancelled)
