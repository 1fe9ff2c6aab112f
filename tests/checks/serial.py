"""Whether some order, one after another, explains what clients were told: what a database calls linearizable.

Every booking, refusal and cancellation took effect at one instant between its question and its answer. The search
tries the orders that time allows; it gives up only when there is none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

Occupied = frozenset[tuple[str, str]]  # (night, owner)


@dataclass(frozen=True)
class Operation:
    """`kind`: "hold" takes the nights, all free; "refused" finds one of them with another; "free" lets them go, after
    its owner's hold. It took effect between `earliest` and `latest`. One that `may` have happened may be left out.
    """

    kind: str
    owner: str
    nights: frozenset[str]
    earliest: float
    latest: float = inf
    may: bool = False


def explained(operations: Iterable[Operation]) -> bool:
    """Whether there is an order."""
    return _search(frozenset(operations), frozenset(), set())


def _search(
    left: frozenset[Operation], occupied: Occupied, seen: set[tuple[frozenset[Operation], Occupied]]
) -> bool:
    stack = [(left, occupied)]
    while stack:
        left, occupied = stack.pop()
        if not any(not operation.may for operation in left):
            return True
        if (left, occupied) in seen:
            continue
        seen.add((left, occupied))
        stack += _next(left, occupied)
    return False


def _next(left: frozenset[Operation], occupied: Occupied) -> Iterator[tuple[frozenset[Operation], Occupied]]:
    """Every state that one operation more leads to; a refusal that fits now changes nothing and is taken at once."""
    deadline = min((each.latest for each in left if not each.may), default=inf)
    ready = [each for each in left if each.earliest <= deadline]
    for each in ready:
        if each.kind == "refused" and _taken(each, occupied):
            yield left - {each}, occupied
            return
    for each in sorted(ready, key=lambda one: -one.latest):
        if each.kind == "hold" and not any(night in each.nights for night, _ in occupied):
            yield left - {each}, occupied | {(night, each.owner) for night in each.nights}
        if each.kind == "free" and any(owner == each.owner for _, owner in occupied):
            yield left - {each}, frozenset(pair for pair in occupied if pair[1] != each.owner)


def _taken(refused: Operation, occupied: Occupied) -> bool:
    return any(night in refused.nights and owner != refused.owner for night, owner in occupied)
