"""The plan of a storm: which faults come when. A seed and a length give the same plan, always."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

Rule = dict[str, Any]
DEPLOYMENT = "deployment"
BUS = {"service": "events", "operation": "PutEvents"}
ASKED = ("staybook-room-calendar", "staybook-payment-charge")
TABLES = (
    "staybook-room",
    "staybook-reservation",
    "staybook-payment",
    "staybook-message",
    "staybook-viewpage",
)
WORKING = (
    "staybook-reservation-api",
    "staybook-room-api",
    *ASKED,
    "staybook-reservation-relay",
    "staybook-payment-relay",
    "staybook-room-relay",
    "staybook-reservation-consumer",
    "staybook-payment-consumer",
    "staybook-room-consumer",
    "staybook-message-consumer",
    "staybook-message-delivery",
    "staybook-reservation-settlement",
    "staybook-viewpage-projector",
)
_GUST_EVERY = 30  # seconds, of each kind
_SHORTEST, _LONGEST = 6.0, 11.0  # seconds that a gust lasts


@dataclass(frozen=True)
class Gust:
    """A fault in force: from when on and for how long, in seconds of the storm. `rule` is what the engine's switchboard
    is told; a deployment has none.
    """

    kind: str
    begins: float
    lasts: float
    rule: Rule

    def __str__(self) -> str:
        said = ", ".join(f"{name} {value}" for name, value in self.rule.items() if name != "kind")
        return f"{self.begins:6.1f} s  {self.kind:10}  {said}".rstrip()


def plan(seed: int, seconds: int) -> list[Gust]:
    """The gusts of a storm of that many seconds, the first first: each kind about every half minute, several kinds at a
    time, and a deployment in the middle.
    """
    chance = Random(f"storm {seed}")
    gusts = [gust for kind in KINDS for gust in _gusts(kind, chance, seconds)]
    gusts.append(Gust(DEPLOYMENT, round(seconds * chance.uniform(0.35, 0.55), 1), 0.0, {}))
    return sorted(gusts, key=lambda gust: (gust.begins, gust.kind))


def _gusts(kind: str, chance: Random, seconds: int) -> Iterator[Gust]:
    """One in each part of the storm; another rule each time, as long as there are others."""
    count = max(2, round(seconds / _GUST_EVERY))
    part = seconds / count
    rules = list(KINDS[kind](chance))
    chance.shuffle(rules)
    for number in range(count):
        lasts = round(min(chance.uniform(_SHORTEST, _LONGEST), part), 1)
        begins = round(number * part + chance.uniform(0, part - lasts), 1)
        yield Gust(kind, begins, lasts, rules[number % len(rules)])


def _killed(chance: Random) -> Iterator[Rule]:
    """A Lambda process dies in the middle of a call of its own, before or after that took effect."""
    for caller in WORKING:
        for when in ("before", "after"):
            yield {"kind": "kill", "when": when, "caller": caller, "count": 2, "probability": 0.4}


def _slow(chance: Random) -> Iterator[Rule]:
    seconds = round(chance.uniform(0.3, 3.0), 1)
    for function in ASKED:
        yield {**_invoked(function), "kind": "delay", "seconds": seconds, "probability": 0.5}
    for table in TABLES:
        yield {**_stored(table), "kind": "delay", "seconds": round(seconds / 3, 1), "probability": 0.3}


def _failing(chance: Random) -> Iterator[Rule]:
    for function in ASKED:
        yield {**_invoked(function), "kind": "error", "probability": 0.5}
    for table in TABLES:
        yield {**_stored(table), "kind": "error", "probability": 0.2}


def _throttled(chance: Random) -> Iterator[Rule]:
    for function in ASKED:
        yield {**_invoked(function), "kind": "throttle", "probability": 0.4}
    for table in TABLES:
        yield {**_stored(table), "kind": "throttle", "probability": 0.3}


def _reply_lost(chance: Random) -> Iterator[Rule]:
    """What was asked for happens, and whoever asked hears of an error."""
    for function in ASKED:
        yield {**_invoked(function), "kind": "drop", "probability": 0.4}
    for table in TABLES:
        yield {**_stored(table), "kind": "drop", "probability": 0.15}


def _partial(chance: Random) -> Iterator[Rule]:
    """The bus takes some entries of a call and refuses others."""
    entries = sorted(chance.sample(range(5), 3))
    yield {**BUS, "kind": "partial", "entries": entries, "probability": 0.6}


def _told_twice(chance: Random) -> Iterator[Rule]:
    """The bus takes the entries and the relay does not hear so, or a queue does not hear that a message is done with:
    either way consumers are told again.
    """
    yield {**BUS, "kind": "drop", "probability": 0.5}
    yield {"service": "sqs", "operation": "DeleteMessageBatch", "kind": "error", "probability": 0.3}


def _no_mail(chance: Random) -> Iterator[Rule]:
    yield {"service": "ses", "kind": "error", "probability": 0.6}


KINDS = {
    "kill": _killed,
    "slow": _slow,
    "failing": _failing,
    "throttled": _throttled,
    "reply lost": _reply_lost,
    "partial": _partial,
    "told twice": _told_twice,
    "no mail": _no_mail,
}
"""Each kind of fault, and the rules of which a gust is one."""


def _invoked(function: str) -> Rule:
    return {"service": "lambda", "operation": "Invoke", "resource": function}


def _stored(table: str) -> Rule:
    return {"service": "dynamodb", "resource": table}
