"""What a booking does not need is down, then slow: bookings go on, and what was away catches up."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.ledger import Accepted, counts
from tests.house import House
from tests.siege.guests import Guests, unique
from tests.siege.load import Shot, storm
from tests.waiting import eventually

HEADS = ("PART", "HOW", "BOOKINGS", "ACCEPTED", "SLOWEST ms", "CAUGHT UP AFTER s")
SECONDS, CLIENTS = 8.0, 2
_SLOW = 2.0  # seconds for each of its calls
_PATIENCE = 180


@dataclass(frozen=True)
class Part:
    """A part of the house: functions that are asked, and functions that read a queue or a stream."""

    name: str
    asked: Sequence[str] = ()
    reading: Sequence[str] = ()

    @property
    def functions(self) -> list[str]:
        return [*self.asked, *self.reading]


PARTS = (
    Part("message", ["staybook-message-api"], ["staybook-message-consumer", "staybook-message-delivery"]),
    Part(
        "viewpage", ["staybook-viewpage-api", "staybook-viewpage-identify"], ["staybook-viewpage-projector"]
    ),
    Part("room API", ["staybook-room-api"]),
    Part("relay", reading=[f"staybook-{name}-relay" for name in ("reservation", "payment", "room")]),
)


@dataclass(frozen=True)
class Lived:
    """How bookings fared while a part was away."""

    part: str
    how: str
    shots: list[Shot] = field(repr=False)
    accepted: int
    caught_up: float

    @property
    def row(self) -> tuple[str, ...]:
        slowest = max(shot.seconds for shot in self.shots)
        figures = (len(self.shots), self.accepted, round(1000 * slowest), f"{self.caught_up:.1f}")
        return (self.part, self.how, *map(str, figures))


def lived(house: House, guests: Guests, part: Part, how: str) -> Lived:
    """Bookings while the part is `down` or `slow`, and how long it takes to catch up when it is back."""
    before = len(guests.accepted)
    with AWAY[how](house, part):
        act = guests.booking(unique(guests.rooms), pause=0.1)
        shots = storm(house.endpoints.gateway, CLIENTS, SECONDS, act)
    back = time.monotonic()
    accepted = [one for _, one in guests.accepted[before:]]
    eventually(lambda: _caught_up(house, accepted), within=_PATIENCE, what=f"what {part.name} missed")
    return Lived(part.name, how, shots, len(accepted), time.monotonic() - back)


def _caught_up(house: House, accepted: list[Accepted]) -> bool:
    return all(each.applied == each.accepted for each in counts(house, accepted).values())


@contextmanager
def down(house: House, part: Part) -> Iterator[None]:
    """Nobody can ask its functions, and they read nothing."""
    client = house.aws("lambda")
    with ExitStack() as back:
        for function in part.asked:
            client.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=0)
            back.callback(client.delete_function_concurrency, FunctionName=function)
        for function in part.reading:
            for mapping in client.list_event_source_mappings(FunctionName=f"{function}:live")[
                "EventSourceMappings"
            ]:
                _switch(client, mapping["UUID"], "Disabled")
                back.callback(_switch, client, mapping["UUID"], "Enabled")
        yield


def _switch(client: Any, mapping: str, state: str) -> None:
    client.update_event_source_mapping(UUID=mapping, Enabled=state == "Enabled")
    eventually(
        lambda: client.get_event_source_mapping(UUID=mapping)["State"] == state,
        what=f"a mapping that is {state}",
    )


@contextmanager
def slow(house: House, part: Part) -> Iterator[None]:
    """Every call that its functions make takes long."""
    for function in part.functions:
        rule = {"kind": "delay", "seconds": _SLOW, "caller": function}
        house.engine.post("/faults", json=rule).raise_for_status()
    try:
        yield
    finally:
        house.engine.delete("/faults").raise_for_status()


AWAY: dict[str, Callable[[House, Part], Any]] = {"down": down, "slow": slow}
