"""Whether what is asked costs more when there is more: units at few and at many rooms and bookings."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.meter import Meter
from bench.accounting.scenes import Town
from bench.results import Row

SIZES = (100, 1_000, 20_000)
_TARGET = 1.1
_TABLES = ("staybook-room", "staybook-viewpage", "staybook-reservation")
_ID_LENGTH = 26


def rows() -> list[Row]:
    """At each size, beside the smallest."""
    with metered_house(MeteredHouse) as house:
        town = Town(house)
        town.room_id = town.register()
        town.fill(town.room_id, 1)
        measured = {size: _at(town, size) for size in SIZES}
    return list(_compared(measured))


def _compared(measured: Mapping[int, Mapping[str, Meter]]) -> Iterator[Row]:
    few, *more = SIZES
    for name, least in measured[few].items():
        for size in more:
            after = measured[size][name].figures
            for figure in ("calls", "write_units", "read_units"):
                if least.figures[figure]:
                    named = f"{name}, {size:,} beside {few} of all: {figure.replace('_', ' ')}"
                    yield Row(named, "each", after[figure], least.figures[figure], _TARGET)


def _at(town: Town, size: int) -> dict[str, Meter]:
    """What people ask when there are so many rooms, bookings and rows of the view."""
    for table in _TABLES:
        _multiply(town.house, table, size)
    room_id = town.register()
    town.house.finish()
    return {
        "booking": _measured(town, lambda: town.book(f"guest of {size}", 0, room_id=room_id)),
        "list of rooms": _measured(town, lambda: town.ask("room", "GET", "/rooms", None)),
        "page of the view": _measured(town, lambda: town.ask("viewpage", "GET", "/roomviews", None)),
        "my trips": _measured(
            town, lambda: town.ask("reservation", "GET", "/reservations", "guest of night 0")
        ),
    }


def _multiply(house: MeteredHouse, table: str, size: int) -> None:
    """Copies of a room, a row or a booking under ids of their own: everybody's but nobody's that is asked for."""
    items = house.store.tables[table].items
    models = [item for key, item in items.items() if key[1] in ("room", "row", "reservation")]
    model = next(iter(models))
    for number in range(len(items), size):
        made = _under(deepcopy(model), f"{number:0{_ID_LENGTH}}")
        items[house.store.tables[table].key(made)] = made


def _under(item: dict[str, Any], made_id: str) -> dict[str, Any]:
    """The item with another id wherever it has its own; a booking's people are others too."""
    own = item["pk"]["S"]
    for value in item.values():
        if "S" in value:
            value["S"] = value["S"].replace(own, made_id)
    if item["sk"]["S"] == "reservation":
        item["guestId"], item["hostId"] = {"S": f"guest {made_id}"}, {"S": f"host {made_id}"}
    return item


def _measured(town: Town, act: Any) -> Meter:
    town.house.meter = meter = Meter()
    answer = act()
    assert answer.status < 300, answer.text
    town.house.finish()
    town.house.meter = Meter()
    return meter
