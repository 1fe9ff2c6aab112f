"""Many bookings at a time: how many invocations each takes when streams and queues are read in full batches."""

from datetime import timedelta

from bench.accounting.house import MeteredHouse
from bench.accounting.meter import Meter
from bench.accounting.scenes import Town

_OF_A_ROOM = 5


def burst(house: MeteredHouse, bookings: int, *, with_mail: bool) -> Meter:
    """All ask at once, then everything that follows happens. `with_mail`: guests and host are written to."""
    town = Town(house)
    rooms = [town.register() for _ in range(0, bookings, _OF_A_ROOM)]
    guests = [f"guest {number}" for number in range(bookings)]
    for person in ("host", *guests) if with_mail else ():
        profile = {"name": "Kim", "language": "ko", "email": "kim.minseo@example.com"}
        assert town.ask("message", "PUT", "/me", person, body=profile).status == 200
    house.finish()
    house.later(timedelta(days=1))
    house.meter = meter = Meter()
    for number, guest in enumerate(guests):
        answer = town.book(guest, number % _OF_A_ROOM, room_id=rooms[number // _OF_A_ROOM])
        assert answer.status == 201, answer.text
    house.finish()
    assert house.raised == []
    return meter
