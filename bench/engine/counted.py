"""Whether a booking takes on the engine what the arithmetic says: events, deliveries, invocations.

Invocations are counted in the functions' logs, deliveries where consumers log what they heard, and where messages wait.
Settlement is left out of the invocations: it comes eleven minutes later.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.accounting.burst import burst
from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.meter import Meter
from bench.engine.people import Crowd
from bench.engine.quiet import come_to_rest
from bench.results import Row
from infra.cloud import LOCAL, cloud_of
from infra.operations.rebuild_view import waiting
from infra.operations.replay import ARCHIVE
from tests.house import House

BOOKINGS = 50
_ASKED = ("staybook-reservation-api", "staybook-room-calendar", "staybook-payment-charge")
_LATER, _LATER_QUEUE = "reservation-settlement", "staybook-reservation-settlement"
_INVOKED, _HEARD = "REPORT RequestId:", '"message":"heard"'


@dataclass(frozen=True)
class Counted:
    """What has happened since the engine started."""

    events: int
    delivered: int
    invoked: Counter[str]

    @classmethod
    def of(cls, house: House, logs: Path) -> "Counted":
        """When nothing is going on any more."""
        come_to_rest(house)
        texts = {log.stem: log.read_text() for log in logs.glob("staybook-*.log")}
        heard = sum(text.count(_HEARD) for text in texts.values())
        return cls(
            house.aws("events").describe_archive(ArchiveName=ARCHIVE)["EventCount"],
            heard + waiting(cloud_of(LOCAL, None), _LATER_QUEUE),
            Counter({name: text.count(_INVOKED) for name, text in texts.items()}),
        )


def rows(house: House, crowd: Crowd, logs: Path) -> Iterator[Row]:
    """Bookings one after the other, as many as the arithmetic is asked for; the floor is what it says."""
    before = Counted.of(house, logs)
    for _ in range(BOOKINGS):
        crowd.book()
    yield from compared(before, Counted.of(house, logs), *_arithmetic())


def compared(before: Counted, after: Counted, alone: Meter, many: Meter) -> Iterator[Row]:
    """What one booking took, beside what many at a time take of what is counted one by one. How many invocations
    follow is for batches to decide: no more than there are records for functions to take.
    """
    invoked = after.invoked - before.invoked
    asked = sum(invoked[name] for name in _ASKED)
    follows = invoked.total() - asked
    named = f"one of {BOOKINGS} bookings, beside the arithmetic"
    yield _row(f"{named}: events", after.events - before.events, many.events.total())
    yield _row(
        f"{named}: deliveries", after.delivered - before.delivered, many.queue_requests["sent by the bus"]
    )
    yield _row(f"{named}: invocations asked for", asked, many.synchronous.total())
    most = alone.records.total() - alone.records[_LATER]
    yield _row(f"{named}: invocations that follow, of records", follows, most * BOOKINGS)


def _row(name: str, ours: int, floor: int) -> Row:
    return Row(name, "each", ours / BOOKINGS, floor / BOOKINGS, target=1)


def _arithmetic() -> tuple[Meter, Meter]:
    """One booking alone, and as many at a time."""
    with metered_house(MeteredHouse) as house:
        alone = burst(house, 1, with_mail=False)
    with metered_house(MeteredHouse) as house:
        return alone, burst(house, BOOKINGS, with_mail=False)
