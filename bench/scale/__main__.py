"""python -m bench.scale: 10, 1,000 and 100,000 bookings a second; where each breaks first, and what a million cost."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from bench.accounting.burst import burst
from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.meter import Meter
from bench.accounting.scenes import Town
from bench.scale.costs import of_a_million
from bench.scale.demand import Assumptions, limits, of_one_room

LOADS = (10, 1_000, 100_000)
_ASSUMPTIONS = Path(__file__).with_name("assumptions.toml")
_BURST = 100


def assumptions() -> Assumptions:
    """Limits, shape and prices."""
    return tomllib.loads(_ASSUMPTIONS.read_text())


def counted() -> tuple[Meter, Meter]:
    """One booking with all that follows, and a burst of them."""
    with metered_house(MeteredHouse) as house:
        alone = Town(house).play()["booking"]
    with metered_house(MeteredHouse) as house:
        many = burst(house, _BURST, with_mail=False)
    return alone, many


def report(alone: Meter, many: Meter, given: Assumptions) -> Iterator[str]:
    """Line by line, as `docs/scale.md` has it."""
    shared = limits(alone, given)
    yield f"{'':38} {'a booking':>10} {'most':>9} {'bookings/s':>11}"
    for limit in shared:
        yield f"{limit.name:38} {limit.demand:10.3g} {limit.most:9,.0f} {limit.bookings:11,.0f}"
    yield "\none room"
    for limit in of_one_room(alone, given):
        yield f"{limit.name:38} {limit.demand:10.3g} {limit.most:9,.0f} {limit.bookings:11,.0f}"
    for load in LOADS:
        broken = [limit for limit in shared if limit.bookings < load]
        yield f"\n{load:,} bookings a second: {'holds' if not broken else f'breaks first at {broken[0].name}'}"
        for limit in broken:
            short = f"{limit.bookings:,.0f}/s, {load / limit.bookings:,.1f} times too little"
            yield f"  {limit.name}: {short}; {limit.remedy}"
    dollars = of_a_million(alone, many, _BURST, given)
    yield f"\na million bookings, US dollars ({given['prices']['region']}, {given['prices']['of']})"
    for service, cost in dollars.items():
        yield f"{service:38} {cost:10.2f}"
    yield f"{'together':38} {sum(dollars.values()):10.2f}"


def main() -> int:
    print("\n".join(report(*counted(), assumptions())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
