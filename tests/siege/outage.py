"""Payment fails for a while: what guests are told meanwhile, and what is left of it afterwards."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.house import House
from tests.siege.guests import Guests, unique
from tests.siege.load import Shot, storm

AHEAD, AFTER = 2.0, 8.0  # seconds that are watched before it begins and when it is over
_CLIENTS, _PAUSE = 2, 0.4
_FAULT = {
    "kind": "error",
    "service": "lambda",
    "operation": "Invoke",
    "resource": "staybook-payment-charge",
    "caller": "staybook-reservation-api",
}
HEADS = ("SECOND", "PAYMENT", "ASKED", "201", "503 AT ONCE", "503 PENDING", "OTHER", "SLOWEST ms")


@dataclass(frozen=True)
class Outage:
    """`failing`: seconds from the beginning between which payment failed; `asked` how often it was asked then."""

    shots: list[Shot]
    failing: tuple[float, float]
    asked: int

    def told(self, word: str) -> list[Shot]:
        """Those that were answered with that word of `word`."""
        return [shot for shot in self.shots if _word(shot) == word]

    def rows(self) -> Iterator[tuple[str, ...]]:
        """What was told, second by second; see HEADS."""
        for second in range(int(self.shots[-1].at) + 1):
            found = [shot for shot in self.shots if second <= shot.at < second + 1]
            words = Counter(map(_word, found))
            named = [words.pop(word, 0) for word in ("201", "at once", "pending")]
            fails = self.failing[0] <= second + 0.5 < self.failing[1]
            slowest = max((shot.seconds for shot in found), default=0.0)
            figures = (
                second,
                "fails" if fails else "",
                len(found),
                *named,
                words.total(),
                round(1000 * slowest),
            )
            yield tuple(map(str, figures))


def outage(house: House, seconds: float, guests: Guests) -> Outage:
    """Guests book all the while; payment, asked by the reservation service, fails for so many seconds of it."""
    hits = 0

    def end() -> None:
        nonlocal hits
        hits = sum(rule["hits"] for rule in house.engine.get("/faults").json()["faults"])
        house.engine.delete("/faults").raise_for_status()

    timers = [
        threading.Timer(AHEAD, lambda: house.engine.post("/faults", json=_FAULT).raise_for_status()),
        threading.Timer(AHEAD + seconds, end),
    ]
    for timer in timers:
        timer.start()
    try:
        act = guests.booking(unique(guests.rooms), pause=_PAUSE)
        shots = storm(house.endpoints.gateway, _CLIENTS, AHEAD + seconds + AFTER, act)
    finally:
        for timer in timers:
            timer.join()
    return Outage(shots, (AHEAD, AHEAD + seconds), hits)


def _word(shot: Shot) -> str:
    if shot.status == 503:
        return "pending" if shot.kind == "outcome-pending" else "at once"
    return str(shot.status)
