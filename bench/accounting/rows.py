"""What was counted, as rows of the table."""

from collections.abc import Iterator

from bench.accounting.burst import burst
from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.scenes import Town
from bench.results import Row

BURST = 250
_TARGETS: dict[tuple[str, str], float] = {
    ("booking", "write_units"): 16,
    ("booking", "read_units"): 4,
    ("refused, taken", "write_units"): 7,
    ("refused, declined", "write_units"): 7,
}
_VIEW_PARTITIONS = 4


def rows() -> list[Row]:
    """Every scene, figure by figure; then many bookings at a time."""
    with metered_house(MeteredHouse) as house:
        scenes = Town(house).play()
    counted = [
        Row(f"{scene}: {figure.replace('_', ' ')}", "each", value, target=_TARGETS.get((scene, figure)))
        for scene, meter in scenes.items()
        for figure, value in meter.figures.items()
    ]
    queries = sum(line.operation == "Query" for line in scenes["page of the view"].lines)
    partition = Row("page of the view: queries a partition", "each", queries / _VIEW_PARTITIONS, target=1)
    return [*counted, partition, *_bursts()]


def _bursts() -> Iterator[Row]:
    for with_mail in (False, True):
        with metered_house(MeteredHouse) as house:
            meter = burst(house, BURST, with_mail=with_mail)
        invoked = meter.synchronous.total() + meter.asynchronous.total()
        who = "with mail" if with_mail else "without mail"
        named = f"{BURST} bookings at a time, {who}"
        yield Row(f"{named}: invocations", "each", invoked / BURST, target=8)
        yield Row(f"{named}: write units", "each", meter.written / BURST)
        yield Row(f"{named}: read units", "each", meter.read / BURST)
