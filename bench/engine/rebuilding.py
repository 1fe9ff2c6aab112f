"""How many events a second the view takes in: as they wait in its streams, and when all are told again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.engine.contention import rate
from bench.engine.people import Booked, Crowd
from bench.engine.quiet import come_to_rest
from bench.engine.tables import Tables
from bench.results import Row
from chalicelib.viewpage.hearing import HEARD
from infra.cloud import LOCAL, cloud_of
from infra.operations.rebuild_view import rebuild_now
from infra.operations.replay import ARCHIVE
from tests.house import House
from tests.waiting import eventually

_CLIENTS, _SECONDS = 4, 8.0
_PROJECTOR = ":staybook-viewpage-projector:"
_WITHIN = 120  # seconds


def folds(house: House, crowd: Crowd) -> Iterator[Row]:
    """Bookings are made while nobody reads the streams for the view; then all three are read."""
    come_to_rest(house)
    tables, waiting = Tables(house), list[Booked]()
    with _nobody_folds(house):
        rate(lambda: waiting.append(crowd.book()), _CLIENTS, _SECONDS)
        come_to_rest(house)
        told = _told(house, {booked.reservation_id for booked in waiting})
        eventually(lambda: not tables.shows(waiting[0]), what="a view without the first of them")
    began = time.monotonic()
    while waiting:
        eventually(lambda: tables.shows(waiting[-1]), within=_WITHIN, what="the view of all")
        waiting.pop()
    yield Row(
        f"view: {told:,} events that wait, folded from three streams",
        "1/s",
        told / (time.monotonic() - began),
    )


def rebuilds(house: House) -> Iterator[Row]:
    """As `make rebuild-view` does it, from the whole archive; what it makes must be what was there."""
    come_to_rest(house)
    archived = house.aws("events").describe_archive(ArchiveName=ARCHIVE)["EventCount"]
    began = time.monotonic()
    comparison = rebuild_now(cloud_of(LOCAL, None))
    seconds = time.monotonic() - began
    assert comparison.same, "\n".join(comparison.lines())
    yield Row(
        f"view: {archived:,} events, the whole archive, rebuilt and compared", "1/s", archived / seconds
    )


@contextmanager
def _nobody_folds(house: House) -> Iterator[None]:
    functions = house.aws("lambda")
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    streams = [each["UUID"] for each in mappings if _PROJECTOR in f"{each['FunctionArn']}:"]

    def become(state: str) -> None:
        for stream in streams:
            functions.update_event_source_mapping(UUID=stream, Enabled=state == "Enabled")
        for stream in streams:
            eventually(lambda: functions.get_event_source_mapping(UUID=stream)["State"] == state, what=state)  # noqa: B023 - looked at at once

    become("Disabled")
    try:
        yield
    finally:
        become("Enabled")


def _told(house: House, reservations: set[str]) -> int:
    """How many events about these the view is told."""
    return sum(event.data.get("rsvId") in reservations and event.type in HEARD for event in house.announced())
