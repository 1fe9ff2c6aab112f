"""The arithmetic of the simulation is that of the counted house, at a size at which both can be seen."""

from collections import Counter

import pytest

from bench.accounting.burst import burst
from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.meter import Line, Meter
from bench.engine.counted import BOOKINGS, Counted, compared
from bench.scale.__main__ import assumptions
from bench.scale.costs import of_a_million
from bench.scale.demand import Limit, limits, of_one_room

_BOOKINGS = 10
_GROWTH = 1.25  # a month with five nights taken is larger than with one


def counted(bookings: int) -> Meter:
    with metered_house(MeteredHouse) as house:
        return burst(house, bookings, with_mail=False)


def test_what_is_scarcest_comes_first() -> None:
    found = limits(counted(1), assumptions())
    assert [limit.bookings for limit in found] == sorted(limit.bookings for limit in found)
    assert Limit("a thing", demand=4, most=600, remedy="").bookings == 150


def test_many_bookings_take_of_every_table_what_one_takes_so_many_times() -> None:
    alone, many = counted(1), counted(_BOOKINGS)
    for one, all_ in zip(_units(alone), _units(many), strict=True):
        assert one[0] == all_[0]
        assert all_[1] <= one[1] * _BOOKINGS * _GROWTH


def test_money_is_units_times_prices() -> None:
    given = assumptions()
    alone = Meter(lines=[Line("room-calendar", "Update", "room nights", written=10, read=2)])
    alone.synchronous["reservation-app"] = alone.events["RoomReserved"] = 1
    dollars = of_a_million(alone, alone, 1, given)
    assert dollars["DynamoDB, written"] == pytest.approx(10 * given["prices"]["write_units"])
    assert dollars["EventBridge"] == pytest.approx(given["prices"]["events"])


def test_a_room_breaks_where_its_partition_does() -> None:
    (room, view) = of_one_room(Meter(lines=[Line("f", "Update", "room nights", written=10)]), assumptions())
    assert room.bookings == 100
    assert view.demand == 0


def _units(meter: Meter) -> list[tuple[str, float]]:
    found = limits(meter, assumptions())
    return sorted((limit.name, limit.demand) for limit in found if limit.name.endswith("table"))


def test_what_an_engine_did_is_shown_for_one_booking_beside_the_arithmetic() -> None:
    alone, many = Meter(), Meter()
    alone.records.update({"room-relay": 2, "reservation-settlement": 1})
    many.synchronous["reservation-app"] = many.events["RoomReserved"] = BOOKINGS
    many.queue_requests["sent by the bus"] = 3 * BOOKINGS
    before = Counted(7, 0, Counter({"staybook-room-relay": 5}))
    invoked = Counter({"staybook-reservation-api": BOOKINGS, "staybook-room-relay": 5 + BOOKINGS})
    shown = list(compared(before, Counted(7 + BOOKINGS, 2 * BOOKINGS, invoked), alone, many))
    assert [(row.ours, row.floor, row.met) for row in shown] == [
        (1, 1, True),
        (2, 3, True),
        (1, 1, True),
        (1, 2, True),
    ]
