"""Play the seed's load tests, and ours on bookings, on an engine of their own; print the figures beside the seed's.

python -m tests.siege                      everything
python -m tests.siege rooms bookings       some of it; there are rooms, bookings, circuit, isolation

STAYBOOK_SIEGE_SECONDS (60) is how long a load lasts. It goes to this machine alone. Fails when a promise is broken.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable

from infra.layout import ROOT
from infra.operations.tables_of_text import columns
from infra.progress import say
from tests.house import House, deployed
from tests.siege import afterwards, isolation, outage
from tests.siege.bookings import besiege_bookings
from tests.siege.guests import Guests, unique
from tests.siege.load import storm
from tests.siege.rooms import besiege_rooms

STATE = ROOT / ".local/siege"
SECONDS = float(os.environ.get("STAYBOOK_SIEGE_SECONDS", "60"))
OUTAGE_SECONDS = 20.0
_WARM_UP = 6.0
SHORT_HOLDS = {"HoldSeconds": "20", "HoldMarginSeconds": "5", "SettlementDelaySeconds": "25"}


def rooms(house: House) -> list[str]:
    """The seed's own loads: 1, 2 and 100 clients register rooms."""
    return besiege_rooms(house, SECONDS)


def bookings(house: House) -> list[str]:
    """The same loads on bookings."""
    return besiege_bookings(house, SECONDS)


def circuit(house: House) -> list[str]:
    """Payment fails for 20 s."""
    say(f"\nBookings while payment fails for {OUTAGE_SECONDS:.0f} s (two clients, each every 0.4 s)\n")
    seen = outage.outage(house, OUTAGE_SECONDS, _warmed_up(house, Guests.of(house, rooms=4)))
    say(columns(outage.HEADS, list(seen.rows())))
    left = afterwards.at_rest(house)
    pending = {
        shot.body["_links"]["reservation"]["href"].split("/")[-1]
        for shot in seen.told("pending")
        if shot.body
    }
    charged = [pay for name, pay in left.payments.items() if name in pending and pay["status"] == "paid"]
    held = [night for night in left.nights if night.owner in pending]
    say(f"\npayment was asked {seen.asked} times while it failed; {len(pending)} bookings were left half way")
    say(f"of those, when their hold was over: charged {len(charged)}, nights held {len(held)}")
    words = [event.type for event in house.announced() if event.subject == "circuit#payment"]
    say(f"announced: {', '.join(words)}")
    wrong = ["payment was charged, or nights are held, for nobody"] if charged or held else []
    return wrong + ([] if words == ["CircuitOpened", "CircuitClosed"] else [f"the circuit said {words}"])


def isolated(house: House) -> list[str]:
    """Each part that a booking does not need is away in turn."""
    say(f"\nBookings while a part is away, two clients for {isolation.SECONDS:.0f} s each\n")
    guests = _warmed_up(house, Guests.of(house, rooms=10))
    seen = [isolation.lived(house, guests, part, how) for part in isolation.PARTS for how in isolation.AWAY]
    say(columns(isolation.HEADS, [each.row for each in seen]))
    return [f"{each.part} {each.how}: {each}" for each in seen if each.accepted != len(each.shots)]


def _warmed_up(house: House, guests: Guests) -> Guests:
    storm(house.endpoints.gateway, 2, _WARM_UP, guests.booking(unique(guests.rooms)))
    return guests


PLAYS: dict[str, Callable[[House], list[str]]] = {
    "rooms": rooms,
    "bookings": bookings,
    "circuit": circuit,
    "isolation": isolated,
}


def main() -> int:
    """Plays what the command line names; 1 when something was not as it must be."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("plays", nargs="*", metavar="play", help=", ".join(PLAYS))
    chosen = parser.parse_args().plays or list(PLAYS)
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.mkdir(parents=True)
    with deployed(STATE, SHORT_HOLDS) as house:
        wrong = [f"{name}: {fault}" for name in chosen for fault in PLAYS[name](house)]
    say("\n" + ("\n".join(wrong) or "Everything that was accepted is there, and every promise holds."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
