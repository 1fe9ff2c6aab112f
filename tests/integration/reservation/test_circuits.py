"""The circuits around room and payment: they open on failures and slowness, are tried by one, and close again; all
environments know.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aws_lambda_powertools.utilities.circuit_breaker import CircuitState
from aws_lambda_powertools.utilities.circuit_breaker import base as powertools
from botocore.exceptions import ReadTimeoutError

from chalicelib.reservation.adapters.circuits import CircuitItem, DynamoCircuits
from chalicelib.reservation.adapters.guarding import FAILURES, RECOVERY_SECONDS, SLOW_SECONDS, Guarded
from chalicelib.reservation.events import CircuitOpened
from kernel import metrics, outbox
from kernel.errors import Refused, Unavailable
from kernel.events import CloudEvent
from kernel.remote import CutShort
from kernel.wire.client import Client
from tests.permissions.needs import needed
from tests.permissions.packaged import functions
from tests.tables import create_tables

PEER = "payment"
RECOVERY = timedelta(seconds=RECOVERY_SECONDS)
Answer = Callable[[], dict[str, Any]]


def fine() -> dict[str, Any]:
    return {"ok": True}


def down() -> dict[str, Any]:
    raise Unavailable


def refusing() -> dict[str, Any]:
    raise Refused("voided", "no")


@dataclass
class Wall:
    """The clock on the wall, and a peer that every environment asks; `takes` seconds it needs for an answer."""

    now: datetime = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    answer: Answer = fine
    takes: float = 0
    asked: int = 0

    def later(self, passed: timedelta) -> None:
        self.now += passed

    def seconds(self) -> float:
        return self.now.timestamp()

    def ask(self, command: str, data: Any) -> dict[str, Any]:
        self.asked += 1
        self.later(timedelta(seconds=self.takes))
        return self.answer()


@dataclass
class Environment:
    """One of the reservation API's."""

    wall: Wall
    circuits: DynamoCircuits = field(init=False)

    def __post_init__(self) -> None:
        self.circuits = DynamoCircuits((PEER,), RECOVERY, lambda: self.wall.now)
        self._guarded = Guarded(self.wall, self.circuits, PEER, seconds=self.wall.seconds)

    def asks(self) -> str:
        """What comes back, as a word."""
        try:
            self._guarded.ask("charge", {})
        except Unavailable as error:
            return f"wait {error.retry_after}"
        except Refused:
            return "refused"
        return "answered"

    def admits(self) -> bool:
        try:
            self.circuits.check()
        except Unavailable:
            return False
        return True

    def books(self) -> str:
        """As a booking does: nothing is asked of a peer that is left alone."""
        try:
            self.circuits.check()
            return self.asks()
        except Unavailable as error:
            return f"not begun, wait {error.retry_after}"
        finally:
            self.circuits.give_back()


@pytest.fixture
def wall(store: None, monkeypatch: pytest.MonkeyPatch) -> Wall:
    create_tables("reservation")
    made = Wall()
    for memory in ("_LOCAL_FAILURES", "_LOCAL_SUCCESSES", "_LAST_OBSERVED_STATE"):
        monkeypatch.setattr(powertools, memory, {})
    now = staticmethod(lambda: int(made.now.timestamp()))
    monkeypatch.setattr(powertools.CircuitBreakerHandler, "_now", now)
    return made


@pytest.fixture
def open_circuit(wall: Wall) -> Environment:
    """An environment that has just opened the circuit: the peer is down."""
    environment = Environment(wall)
    wall.answer = down
    for _ in range(FAILURES):
        assert environment.asks() == "wait 1"
    return environment


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Each metric that was counted, and of which peer."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(metrics, "count", lambda name, *, peer: found.append((name, peer)))
    return found


def announced() -> list[CloudEvent]:
    item = CircuitItem.get(f"circuit#{PEER}", "circuit")
    return outbox.since(item.outbox, 0)


@pytest.fixture
def calls(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Each call of the store: the operation and the request."""
    seen: list[tuple[str, Any]] = []
    call = vars(Client)["_make_api_call"]

    def looking(client: Any, operation: str, request: Any) -> Any:
        seen.append((operation, request))
        return call(client, operation, request)

    monkeypatch.setattr(Client, "_make_api_call", looking)
    return seen


def test_while_all_is_well_it_is_read_once_a_second_and_never_written(
    wall: Wall, calls: list[tuple[str, Any]]
) -> None:
    environment = Environment(wall)
    for _ in range(100):
        assert environment.books() == "answered"
        wall.later(timedelta(milliseconds=20))
    assert [operation for operation, _ in calls] == ["GetItem", "GetItem"]


def test_the_api_may_do_all_that_it_takes(
    wall: Wall, calls: list[tuple[str, Any]], open_circuit: Environment
) -> None:
    wall.later(RECOVERY)
    open_circuit.books()
    wall.answer = fine
    wall.later(RECOVERY)
    assert open_circuit.books() == "answered"
    api = functions("reservation")["app"]
    uses = {use for operation, request in calls for use in needed("dynamodb", operation, request)}
    assert {use.action for use in uses} == {"dynamodb:GetItem", "dynamodb:UpdateItem"}
    assert [use for use in uses if not api.permits(use)] == []


def test_it_opens_after_failures_in_a_row_and_refuses_at_once(open_circuit: Environment, wall: Wall) -> None:
    assert (open_circuit.asks(), wall.asked) == (f"wait {RECOVERY_SECONDS}", FAILURES)
    wall.later(timedelta(seconds=RECOVERY_SECONDS - 0.5))
    assert (open_circuit.books(), wall.asked) == ("not begun, wait 1", FAILURES)


def test_failures_with_an_answer_in_between_open_nothing(wall: Wall) -> None:
    environment = Environment(wall)
    for _ in range(4):
        wall.answer = down
        for _ in range(FAILURES - 1):
            environment.asks()
        wall.answer = refusing
        assert environment.asks() == "refused"
    assert environment.admits()


def test_answers_that_come_late_are_given_and_open_it(wall: Wall) -> None:
    environment = Environment(wall)
    wall.takes = SLOW_SECONDS
    assert [environment.asks() for _ in range(FAILURES)] == ["answered"] * FAILURES
    assert environment.asks() == f"wait {RECOVERY_SECONDS}"


def test_one_that_was_not_waited_for_counts_for_nothing(wall: Wall) -> None:
    def cut_short() -> dict[str, Any]:
        raise CutShort

    environment = Environment(wall)
    wall.answer = cut_short
    assert [environment.asks() for _ in range(2 * FAILURES)] == ["wait 1"] * 2 * FAILURES
    assert environment.admits()


def test_other_environments_know_within_a_second(open_circuit: Environment, wall: Wall) -> None:
    assert Environment(wall).books() == f"not begun, wait {RECOVERY_SECONDS}"
    asleep = Environment(wall)
    open_circuit.circuits.save_closed(PEER)
    assert asleep.admits()
    open_circuit.circuits.save_open(PEER, FAILURES, 0)
    wall.later(timedelta(seconds=1))
    assert not asleep.admits()


def test_one_of_all_may_try_it_when_the_time_is_over(open_circuit: Environment, wall: Wall) -> None:
    others = [Environment(wall) for _ in range(3)]
    wall.later(RECOVERY)
    assert [each.admits() for each in (open_circuit, *others)] == [True, False, False, False]
    assert others[0].asks() == "wait 1"
    assert wall.asked == FAILURES
    assert open_circuit.asks() == "wait 1"
    assert wall.asked == FAILURES + 1


def test_tried_in_vain_it_is_open_for_as_long_again(open_circuit: Environment, wall: Wall) -> None:
    other = Environment(wall)
    wall.later(RECOVERY)
    assert open_circuit.books() == "wait 1"
    assert (open_circuit.books(), other.books()) == (f"not begun, wait {RECOVERY_SECONDS}",) * 2
    assert [event.type for event in announced()] == ["CircuitOpened"]


@pytest.mark.parametrize("answer", [fine, refusing])
def test_an_answer_closes_it_for_all(open_circuit: Environment, wall: Wall, answer: Answer) -> None:
    other = Environment(wall)
    assert not other.admits()
    wall.answer = answer
    wall.later(RECOVERY)
    assert open_circuit.books() in ("answered", "refused")
    wall.later(timedelta(seconds=1))
    assert (other.admits(), open_circuit.admits()) == (True, True)


def test_a_slow_answer_does_not_close_it(open_circuit: Environment, wall: Wall) -> None:
    wall.answer, wall.takes = fine, SLOW_SECONDS
    wall.later(RECOVERY)
    assert open_circuit.books() == "answered"
    assert not open_circuit.admits()


def test_a_turn_that_was_not_needed_is_another_s(open_circuit: Environment, wall: Wall) -> None:
    other = Environment(wall)
    wall.later(RECOVERY)
    assert open_circuit.admits()
    assert not other.admits()
    open_circuit.circuits.give_back()
    assert other.admits()


def test_a_turn_that_nobody_gave_back_runs_out(open_circuit: Environment, wall: Wall) -> None:
    other = Environment(wall)
    wall.later(RECOVERY)
    assert open_circuit.admits()
    wall.later(timedelta(seconds=6))
    assert other.admits()
    assert not Environment(wall).admits()


def test_opening_and_closing_are_announced_once_and_counted(
    wall: Wall, counted: list[tuple[str, str]], open_circuit: Environment
) -> None:
    Environment(wall).circuits.save_open(PEER, FAILURES, 0)  # which had its failures at the same time
    wall.answer = fine
    opened = wall.now
    wall.later(RECOVERY)
    assert open_circuit.books() == "answered"
    first, second = announced()
    assert (first.type, first.id, first.data) == (
        "CircuitOpened",
        f"circuit#{PEER}:1:1",
        {"circuit": PEER, "failures": FAILURES},
    )
    assert (second.type, second.id) == ("CircuitClosed", f"circuit#{PEER}:2:1")
    assert datetime.fromisoformat(second.data["openedAt"]) == opened
    assert counted == [("CircuitOpened", PEER), ("CircuitClosed", PEER)]


class TestStoreThatDoesNotAnswer:
    @pytest.fixture
    def silent(self, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> Wall:
        def lost(client: Any, operation: str, request: Any) -> Any:
            raise ReadTimeoutError(endpoint_url=operation)

        monkeypatch.setattr(Client, "_make_api_call", lost)
        return wall

    def test_it_is_no_outage_of_its_own(self, silent: Wall) -> None:
        assert Environment(silent).books() == "answered"

    def test_what_the_peer_did_is_told_all_the_same(self, silent: Wall) -> None:
        environment = Environment(silent)
        silent.answer = down
        assert [environment.books() for _ in range(FAILURES + 1)] == ["wait 1"] * (FAILURES + 1)


class TestBrokenRules:
    """Each rule taken out is noticed."""

    def test_everybody_tries_at_once(
        self, open_circuit: Environment, wall: Wall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DynamoCircuits, "try_acquire_half_open", lambda *_: True)
        with pytest.raises(AssertionError):
            test_one_of_all_may_try_it_when_the_time_is_over(open_circuit, wall)

    def test_slowness_is_no_failure(self, wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Guarded, "_judged", lambda guarded, *asked: guarded._peer.ask(*asked))
        with pytest.raises(AssertionError):
            test_answers_that_come_late_are_given_and_open_it(wall)

    def test_whoever_opens_it_announces_it(
        self, open_circuit: Environment, wall: Wall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wall.later(RECOVERY)
        opened = CircuitOpened(circuit=PEER, failures=1)
        monkeypatch.setattr(
            DynamoCircuits,
            "save_reopen",
            lambda circuits, name, _: circuits._turn_over(name, CircuitState.HALF_OPEN, lambda _: opened),
        )
        with pytest.raises(AssertionError):
            test_tried_in_vain_it_is_open_for_as_long_again(open_circuit, wall)
