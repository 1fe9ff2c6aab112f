"""The seed's loads on what it never loaded: clients book, each under keys of its own."""

from collections import Counter

from infra.operations.tables_of_text import columns
from infra.progress import say
from tests.house import House
from tests.siege import afterwards
from tests.siege.guests import Guests, contended, unique
from tests.siege.load import Result, Shot, storm
from tests.siege.rooms import CROWD, row

HEADS = ("BOOKINGS", "SECONDS", "HITS", "FINAL", "503", "RATE /s", "MEDIAN ms", "SLOWEST ms", "ANSWERS")
LOADS = (1, 2, CROWD)
LADDER = (4, 6, 8, 12, 16, 24, 32, 48)  # clients
_RUNG, _COLD = 8.0, 15.0  # seconds
_SOON_ENOUGH = 5.0  # seconds, for every answer


def besiege_bookings(house: House, seconds: float) -> list[str]:
    """Prints the table and the largest load without a 503; what was not as it must be."""
    say("\nPOST /reservations, own keys; who is told to come again does so when told\n")
    guests = Guests.of(house)
    kinds = {"unique": unique(guests.rooms), "contended": contended(guests.rooms)}

    def load(clients: int, lasting: float, kind: str) -> list[Shot]:
        return storm(house.endpoints.gateway, clients, lasting, guests.booking(kinds[kind]))

    load(CROWD, _RUNG, "unique")  # warm
    storms = {
        f"{clients}, {kind}": (seconds, load(clients, seconds, kind)) for kind in kinds for clients in LOADS
    }
    house.engine.post("/faults", json={"kind": "kill"}).raise_for_status()
    storms[f"{CROWD}, cold"] = (_COLD, load(CROWD, _COLD, "unique"))
    largest = 0
    for clients in LADDER:
        storms[f"{clients}, unique"] = (_RUNG, load(clients, _RUNG, "unique"))
        if Result.of(storms[f"{clients}, unique"][1]).busy:
            break
        largest = clients
    say(columns(HEADS, [_row(name, lasting, shots) for name, (lasting, shots) in storms.items()]))
    say(f"\nthe largest load without any 503: {largest} clients")
    shots = [shot for _, found in storms.values() for shot in found]
    return [*_late(shots), *_lost(house, guests)]


def _row(name: str, seconds: float, shots: list[Shot]) -> tuple[str, ...]:
    words = Counter(f"{shot.status} {shot.kind}".strip() for shot in shots)
    return row(
        name, seconds, Result.of(shots), ", ".join(f"{count} x {word}" for word, count in words.most_common())
    )


def _late(shots: list[Shot]) -> list[str]:
    result = Result.of(shots)
    late = sum(shot.seconds >= _SOON_ENOUGH for shot in shots)
    faults = {
        "answers came after 5 s": late,
        "503s say nothing of when to come again": result.unsaid,
        "requests failed otherwise": result.broken,
    }
    return [f"{number} {fault}" for fault, number in faults.items() if number]


def _lost(house: House, guests: Guests) -> list[str]:
    missing = afterwards.missing_bookings(guests.accepted)
    say(f"{len(guests.accepted)} bookings were answered 201; {len(missing)} of them do not read back")
    afterwards.at_rest(house)
    return [f"the booking {name} is lost" for name in missing] + afterwards.disagreements(house)
