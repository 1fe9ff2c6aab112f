"""From the 201 to the view and to the message, beside a pipeline of the same parts that does nothing.

All are looked at in the same way, where they are stored: what a reader's own request takes is not in it.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from statistics import median

from bench.engine.people import Crowd
from bench.engine.quiet import come_to_rest
from bench.engine.tables import Tables
from bench.pipeline import CONSUMER, READER, Pipeline
from bench.results import Row
from kernel.ids import new_id
from tests.house import House

SAMPLES = 12
_TARGET = 1.5
_WITHIN = 60.0  # seconds
_BETWEEN_LOOKS = 0.01
_FLOORS = {"view": READER, "message": CONSUMER}  # what in an empty pipeline is as far away

Look = Callable[[], bool]


def rows(house: House, crowd: Crowd, pipeline: Pipeline) -> Iterator[Row]:
    """Ours and the empty pipeline's in turn, each when nothing else goes on; medians."""
    tables = Tables(house)
    ways: dict[str, Callable[[], Mapping[str, Look]]] = {
        "ours": lambda: _a_booking(tables, crowd),
        "floor": lambda: _an_item(pipeline, new_id()),
    }
    seen: defaultdict[str, list[float]] = defaultdict(list)
    for sample in range(1 + SAMPLES):
        for tell in ways.values():
            come_to_rest(house)
            found = _arrivals(tell())
            if sample:  # before the first, functions start
                for what, seconds in found.items():
                    seen[what].append(1_000 * seconds)
    for what, floor in _FLOORS.items():
        named = f"from the 201 to the {what}, median of {SAMPLES}"
        yield Row(named, "ms wall", median(seen[what]), median(seen[floor]), _TARGET)


def _a_booking(tables: Tables, crowd: Crowd) -> dict[str, Look]:
    booked = crowd.book()
    return {"view": partial(tables.shows, booked), "message": partial(tables.tells, booked)}


def _an_item(pipeline: Pipeline, key: str) -> dict[str, Look]:
    pipeline.put(key)
    return {where: partial(pipeline.arrived, key, where) for where in _FLOORS.values()}


def _arrivals(looks: Mapping[str, Look]) -> dict[str, float]:
    """After how many seconds from now each look finds what it looks for."""
    began, seen = time.monotonic(), dict[str, float]()
    while missing := [name for name in looks if name not in seen]:
        assert time.monotonic() - began < _WITHIN, f"never came: {missing}"
        for name in missing:
            if looks[name]():
                seen[name] = time.monotonic() - began
        time.sleep(_BETWEEN_LOOKS)
    return seen
