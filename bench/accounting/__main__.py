"""What each scene costs, by the documented rounding, from the requests and replies of the house itself.

python -m bench.accounting                every scene, in a line
python -m bench.accounting booking        that scene, item by item
python -m bench.accounting --keep         writes the figures down as the budget
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Mapping

from bench.accounting.burst import burst
from bench.accounting.house import MeteredHouse, metered_house
from bench.accounting.meter import Meter
from bench.accounting.scenes import Town
from bench.budget import FILE, as_budget, overruns

_BURST = 250


def table(scenes: Mapping[str, Meter]) -> str:
    """A line a scene."""
    heads = [name.replace("_", " ").replace("invocations", "inv.") for name in Meter().figures]
    lines = [f"{'':18}" + "".join(f"{head:>18}" for head in heads)]
    for scene, meter in scenes.items():
        lines.append(f"{scene:18}" + "".join(f"{figure:18g}" for figure in meter.figures.values()))
    return "\n".join(lines)


def itemised(meter: Meter) -> str:
    """Units by function and item, the dearest first; then who was invoked, and what was sent."""
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0, 0, 0])
    for line in meter.lines:
        total = sums[line.function, line.operation, line.what]
        total[0] += 1
        total[1] += line.written
        total[2] += line.read
    rows = sorted(sums.items(), key=lambda entry: (entry[0][0], -entry[1][1], -entry[1][2]))
    lines = [f"  {'function':22} {'operation':24} {'item':30} times written  read"]
    lines += [
        f"  {function:22} {operation:24} {what:30} {times:5.0f} {written:7.0f} {read:5.1f}"
        for (function, operation, what), (times, written, read) in rows
    ]
    for name, counted in (
        ("asked", meter.synchronous),
        ("then invoked", meter.asynchronous),
        ("with records", meter.records),
        ("events", meter.events),
        ("queue requests", meter.queue_requests),
    ):
        lines.append(f"  {name:15}{', '.join(f'{what} {times}' for what, times in counted.items())}")
    return "\n".join(lines)


def invocations_of_a_burst(bookings: int) -> str:
    """Of each of many bookings at a time, without and with mail."""
    said = []
    for with_mail in (False, True):
        with metered_house(MeteredHouse) as house:
            meter = burst(house, bookings, with_mail=with_mail)
        asked, followed = (counted.total() / bookings for counted in (meter.synchronous, meter.asynchronous))
        who = "guest and host have mail" if with_mail else "nobody has mail"
        said.append(
            f"{bookings} bookings at a time, {who}: {asked + followed:.2f} invocations each, {asked:g} of them asked; "
            f"{meter.written / bookings:.1f} written, {meter.read / bookings:.1f} read"
        )
    return "\n".join(said)


def main() -> int:
    parser = argparse.ArgumentParser(description="What people's requests cost, with all that follows.")
    parser.add_argument("scene", nargs="*", help="shown item by item")
    parser.add_argument("--keep", action="store_true", help="make these figures the budget")
    parser.add_argument("--burst", action="store_true", help="also many bookings at a time")
    arguments = parser.parse_args()
    with metered_house(MeteredHouse) as house:
        scenes = Town(house).play()
    print(table(scenes))
    for name in arguments.scene:
        print(f"\n{name}\n{itemised(scenes[name])}")
    if arguments.burst:
        print(f"\n{invocations_of_a_burst(_BURST)}")
    if arguments.keep:
        FILE.write_text(as_budget(scenes))
    for overrun in (faults := overruns(scenes)):
        print(overrun)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
