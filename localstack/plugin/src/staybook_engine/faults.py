"""The fault switchboard: which call shall go wrong, how, and how often. Off unless a test adds a rule.

A rule names the calls it means (`service`, `operation`, `resource`, `caller`; left out means any) and what happens to
them (`kind`). `GET /_staybook/faults` lists the rules with their hits and when they struck (seconds since 1970), `POST`
adds one, `DELETE` clears all, or with `?id=` that one alone:

    {"kind": "throttle", "service": "dynamodb", "operation": "TransactWriteItems", "resource": "staybook-room"}
    {"kind": "delay", "seconds": 1.5, "service": "lambda", "operation": "Invoke", "resource": "staybook-room-calendar"}
    {"kind": "partial", "entries": [0, 2], "service": "events", "operation": "PutEvents", "count": 1}
    {"kind": "kill", "when": "after", "caller": "staybook-payment-charge", "operation": "PutItem", "count": 1}
    {"kind": "kill", "resource": "staybook-room-api"}      kills the processes of that function now

- `throttle`, `error`: the call fails with the service's own throttling error, or with an internal error; no effect
- `delay`: the call waits `seconds` first
- `drop`: the call takes effect and its reply is lost: the caller sees an internal error
- `partial`: `put_events` fails the entries named, counted from 0, and takes the others
- `kill`: the Lambda process that makes the call dies, `when` that is about to take effect (`before`) or did (`after`)
- `count` times (default: until cleared), after `skip` calls went through, each with `probability` (default 1)
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

KINDS = ("throttle", "error", "delay", "drop", "partial", "kill")


class BadRule(ValueError):
    """A rule that can't be understood; the message says why."""


@dataclass(frozen=True)
class Call:
    """One call of an AWS operation; `resources` are the names of what it touches, `caller` a function's or ''."""

    service: str
    operation: str
    resources: Collection[str]
    caller: str


@dataclass
class Rule:
    """One fault to inject; see the module's text for the fields."""

    kind: str
    service: str | None = None
    operation: str | None = None
    resource: str | None = None
    caller: str | None = None
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seconds: float = 0.0
    entries: list[int] = field(default_factory=list)
    when: str = "before"
    id: int = 0
    hits: int = 0
    struck: list[float] = field(default_factory=list)

    def means(self, call: Call) -> bool:
        """Whether the call is one of those that the rule names."""
        return (
            self.service in (None, call.service)
            and self.operation in (None, call.operation)
            and self.caller in (None, call.caller)
            and (self.resource is None or self.resource in call.resources)
        )


def parse(document: Any) -> Rule:
    """Reads a rule from JSON; raises BadRule."""
    if not isinstance(document, dict):
        raise BadRule("a rule is a JSON object")
    settable = {one.name for one in fields(Rule)} - {"id", "hits", "struck"}
    if unknown := document.keys() - settable:
        raise BadRule(f"no such field: {', '.join(sorted(unknown))}; there are {', '.join(sorted(settable))}")
    if document.get("kind") not in KINDS:
        raise BadRule(f"kind must be one of {', '.join(KINDS)}")
    if document.get("when", "before") not in ("before", "after"):
        raise BadRule("when must be before or after")
    return Rule(**document)


class Switchboard:
    """The rules in force. With none of them, a call costs a look at an empty list."""

    def __init__(self, chance: random.Random) -> None:
        """`chance` decides where a rule has a probability."""
        self._chance = chance
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self.rules: list[Rule] = []

    def add(self, rule: Rule) -> Rule:
        """Puts a rule in force and gives it its number."""
        with self._lock:
            rule.id = next(self._numbers)
            self.rules = [*self.rules, rule]
        return rule

    def clear(self) -> None:
        """Takes every rule out of force."""
        with self._lock:
            self.rules = []

    def remove(self, number: int) -> None:
        """Takes one rule out of force, if it is there."""
        with self._lock:
            self.rules = [rule for rule in self.rules if rule.id != number]

    def listing(self) -> list[Mapping[str, Any]]:
        """Every rule, used up or not, with its hits."""
        return [asdict(rule) for rule in self.rules]

    def strike(self, call: Call, kinds: Collection[str], when: str = "before") -> Rule | None:
        """Returns the first rule of one of `kinds` that hits this call now, and counts the hit."""
        with self._lock:
            return next((rule for rule in self.rules if self._hits(rule, call, kinds, when)), None)

    def _hits(self, rule: Rule, call: Call, kinds: Collection[str], when: str) -> bool:
        if rule.kind not in kinds or (rule.kind == "kill" and rule.when != when) or not rule.means(call):
            return False
        if rule.count is not None and rule.hits >= rule.count:
            return False
        if rule.skip:
            rule.skip -= 1
            return False
        if self._chance.random() >= rule.probability:
            return False
        rule.hits += 1
        rule.struck.append(time.time())
        return True
