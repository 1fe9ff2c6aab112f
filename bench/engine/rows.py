"""What is measured on an engine, as rows of the table."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.engine import contention, counted, propagation, rebuilding
from bench.engine.people import Crowd, register
from bench.engine.quiet import come_to_rest
from bench.pipeline import deployed_pipeline
from bench.results import Row
from infra.progress import step
from tests.house import House, deployed

ROOMS = 1_000
NOTE = "The local engine on this machine, under whatever load it had: no AWS. The floor's and ours in turn."


def rows() -> list[Row]:
    """On an engine that is started for it and ended after it."""
    with tempfile.TemporaryDirectory() as state, deployed(Path(state)) as house:
        house.http.event_hooks = {}  # no answer is held to the API's document: that takes time
        return list(_measured(house, Path(state) / "logs"))


def _measured(house: House, logs: Path) -> Iterator[Row]:
    """First what a machine at rest does, then what makes it busy; the rebuild tells all of it again."""
    with step("the empty pipeline"):
        pipeline = deployed_pipeline(house)
    with step(f"{ROOMS:,} rooms"):
        crowd = Crowd(house, register(house, ROOMS))
        come_to_rest(house)
    with step("propagation"):
        yield from propagation.rows(house, crowd, pipeline)
    with step("bookings, counted"):
        yield from counted.rows(house, crowd, logs)
    yield from contention.rows(house, crowd)
    with step("folds of the view"):
        yield from rebuilding.folds(house, crowd)
    with step("a rebuild of the view"):
        yield from rebuilding.rebuilds(house)
