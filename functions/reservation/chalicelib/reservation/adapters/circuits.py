"""The circuits around room and payment: their state in the reservation table, shared by all environments.

pk               sk       what
circuit#<peer>   circuit  open or closed, since when, whose turn it is to try; announces itself by its outbox

The state machine is Powertools'. This store stands in for its own, which brings boto3 along (28 ms of every cold
start), and elects who tries an open circuit before a booking begins, not in the middle of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from aws_lambda_powertools.utilities.circuit_breaker import CircuitBreakerConfig, CircuitInfo, CircuitState
from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.reservation.adapters.items import SOURCE, TABLE
from chalicelib.reservation.events import CircuitClosed, CircuitFacts, CircuitOpened
from kernel import metrics, outbox
from kernel.clock import Clock, epoch, instant, system_clock
from kernel.deciding import until_written
from kernel.dynamo import TableItem, TableMeta, conditional, reading
from kernel.errors import ChangedMeanwhile, Unavailable
from kernel.events import Aggregate, announce
from kernel.ids import new_id
from kernel.logs import logger

KIND = "circuit"
KNOWN_FOR = timedelta(seconds=1)  # what was read counts for so long
TURN = timedelta(seconds=6)  # longer than a booking takes; then somebody else may try
_ATTEMPTS = 3


class CircuitItem(TableItem):
    """A circuit. `opened_at`: when it last opened or was found to be still down; `since`: when it first did."""

    class Meta(TableMeta):
        table_name = TABLE

    key = UnicodeAttribute(hash_key=True, attr_name="pk")
    kind = UnicodeAttribute(range_key=True, attr_name="sk", default=KIND)
    state = UnicodeAttribute(default=CircuitState.CLOSED.value)
    opened_at = NumberAttribute(attr_name="openedAt", null=True)
    since = UnicodeAttribute(null=True)
    turn = UnicodeAttribute(null=True)
    turn_until = NumberAttribute(attr_name="turnUntil", null=True)
    version = NumberAttribute(default=0)
    outbox = ListAttribute[Any](default=list)  # of entries


@dataclass(frozen=True, slots=True)
class Known:
    """A circuit as it was read at an instant, in the words in which Powertools asks. Half open is an open circuit that
    somebody has their turn at.
    """

    name: str
    state: CircuitState
    opened_at: int | None
    read_at: datetime

    def to_circuit_info(self) -> CircuitInfo:
        return CircuitInfo(self.name, self.state, 0, self.opened_at)


class DynamoCircuits:
    """The port `Circuits`, and what Powertools keeps a circuit's state in."""

    def __init__(self, names: tuple[str, ...], recovery: timedelta, clock: Clock = system_clock) -> None:
        """`recovery` is how long a circuit stays open before one booking may try it."""
        self._names, self._recovery, self._clock = names, recovery, clock
        self._me = new_id()
        self._known: dict[str, Known] = {}
        self._turns: set[str] = set()

    # What a booking asks before it begins, and says when it is over

    def check(self) -> None:
        for name in self._names:
            self._check(name)

    def give_back(self) -> None:
        for name in sorted(self._turns):
            self._end_turn(name)

    def refuse(self, name: str) -> Unavailable:
        """What an open circuit is told as."""
        wait = max(1, ceil(self._left(self.get_state(name))))
        return Unavailable(f"The {name} service is given a moment to recover.", retry_after=wait)

    def _check(self, name: str) -> None:
        known = self.get_state(name)
        if known.state is CircuitState.CLOSED:
            return
        if self._left(known) > 0 or not self.try_acquire_half_open(name, self._me, known.opened_at or 0):
            raise self.refuse(name)

    def _left(self, known: Known) -> float:
        """Seconds for which it stays open."""
        return (known.opened_at or 0) + self._recovery.total_seconds() - self._clock().timestamp()

    # What Powertools asks

    def configure(self, config: CircuitBreakerConfig, circuit_name: str) -> None:
        """Everything is configured already."""

    def get_state(self, name: str) -> Known:
        """As it was within the last second. A store that does not answer opens nothing: it must not be the outage that
        the circuit is there to prevent.
        """
        known, now = self._known.get(name), self._clock()
        if known and now - known.read_at < KNOWN_FOR:
            return known
        try:
            item = self._read(name, consistent=False)
        except Unavailable:
            logger().warning("circuit not read", extra={"circuit": name})
            return Known(name, CircuitState.CLOSED, None, now)
        return self._remember(name, CircuitState(item.state), item.opened_at)

    def save_open(self, name: str, failure_count: int, opened_at: int) -> None:
        """Opens it, unless another environment has."""
        del opened_at  # by the clock of this store
        opened = CircuitOpened(circuit=name, failures=failure_count)
        self._turn_over(name, CircuitState.OPEN, lambda _: opened)

    def save_closed(self, name: str) -> None:
        self._turn_over(
            name, CircuitState.CLOSED, lambda item: CircuitClosed(circuit=name, opened_at=item.since or "")
        )

    def save_reopen(self, name: str, opened_at: int) -> None:
        """It was tried in vain: open for as long again, which is no news."""
        del opened_at
        now = epoch(self._clock())
        again = [CircuitItem.opened_at.set(now), *_no_turn()]
        self._turns.discard(name)
        if self._update(name, again, CircuitItem.state == CircuitState.OPEN.value):
            self._remember(name, CircuitState.OPEN, now)

    def try_acquire_half_open(self, name: str, owner: str, opened_at: int) -> bool:
        """Whether it is this environment's turn to try: one booking, of all there are, until it is over."""
        del owner  # this environment, which does one thing at a time: its booking may have the turn already
        now = self._clock()
        taken = [CircuitItem.turn.set(self._me), CircuitItem.turn_until.set(epoch(now + TURN))]
        free = (
            CircuitItem.turn.does_not_exist()
            | (CircuitItem.turn == self._me)
            | (CircuitItem.turn_until <= epoch(now))
        )
        still = (CircuitItem.state == CircuitState.OPEN.value) & (CircuitItem.opened_at == opened_at)
        if not self._update(name, taken, still & free):
            return False
        self._turns.add(name)
        return True

    # What lies in the table

    def _end_turn(self, name: str) -> None:
        self._turns.discard(name)
        try:
            self._update(name, _no_turn(), CircuitItem.turn == self._me)
        except Unavailable:
            logger().warning("turn left to run out", extra={"circuit": name})

    def _turn_over(self, name: str, state: CircuitState, said: Callable[[CircuitItem], CircuitFacts]) -> None:
        """One write of the state and its announcement, by whoever is first."""
        self._turns.discard(name)

        def attempt() -> None:
            item, now = self._read(name, consistent=True), self._clock()
            if item.state == state.value:
                self._remember(name, state, item.opened_at)
                return
            event = said(item)
            self._write(name, item, state, event, now)
            self._remember(name, state, epoch(now))
            metrics.count(type(event).__name__, peer=name)

        until_written(attempt, attempts=_ATTEMPTS, otherwise=Unavailable("The circuit is changing quickly."))

    def _write(
        self, name: str, item: CircuitItem, state: CircuitState, event: CircuitFacts, now: datetime
    ) -> None:
        before, after = int(item.version), int(item.version) + 1
        announced = announce(Aggregate(SOURCE, _key(name)), after, [event], now)
        actions = [
            CircuitItem.state.set(state.value),
            CircuitItem.version.set(after),
            CircuitItem.outbox.set(outbox.append(item.outbox, announced)),
            *_no_turn(),
        ]
        if state is CircuitState.OPEN:
            actions += [CircuitItem.opened_at.set(epoch(now)), CircuitItem.since.set(instant(now))]
        unchanged = CircuitItem.version == before if before else CircuitItem.version.does_not_exist()
        if not self._update(name, actions, unchanged):
            raise ChangedMeanwhile

    def _read(self, name: str, *, consistent: bool) -> CircuitItem:
        with reading():
            try:
                return CircuitItem.get(_key(name), KIND, consistent_read=consistent)
            except CircuitItem.DoesNotExist:
                return CircuitItem(_key(name), KIND)

    def _update(self, name: str, actions: Sequence[Any], condition: Any) -> bool:
        try:
            with conditional():
                CircuitItem(_key(name), KIND).update(list(actions), condition=condition)
        except ChangedMeanwhile:
            self._known.pop(name, None)
            return False
        return True

    def _remember(self, name: str, state: CircuitState, opened_at: float | None) -> Known:
        opened = None if opened_at is None else int(opened_at)
        self._known[name] = Known(name, state, opened, self._clock())
        return self._known[name]


def _key(name: str) -> str:
    return f"circuit#{name}"


def _no_turn() -> list[Any]:
    return [CircuitItem.turn.remove(), CircuitItem.turn_until.remove()]
