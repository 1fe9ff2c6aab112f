"""Everything at once: requests, retries, events, cancellations, settlement and time, step by step in any order.

What the executable model of the protocol explores exhaustively, sampled here on the code itself.
"""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.payment.ports import Outcome
from chalicelib.reservation.errors import NotCancellable, SettledTooEarly, UnknownReservation
from kernel.errors import Unavailable
from tests.unit.reservation.turns import Turns
from tests.unit.reservation.world import LIMITS, World

BINDING = {"reserved", "taken", "payment-declined", "expired", "cancelled"}
ORDERS = st.lists(st.integers(0, 5), max_size=60)
CRASHES = st.none() | st.tuples(st.integers(0, 1), st.integers(1, 12))
OUTCOMES = st.sampled_from([Outcome.APPROVED, Outcome.DECLINED, Outcome.PROCESSING])

Process = Callable[[], object]


class Play:
    """A world whose clients remember what they were told."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.world = World(faults=self.turns)
        self.told: list[tuple[str, str, str]] = []

    def request(self, key: str, guest: str = "guest") -> Process:
        def ask() -> None:
            self.told.append((key, guest, self.world.answer(key, guest=guest)))

        return ask

    def cancel(self) -> None:
        try:
            self.world.cancel()
        except (NotCancellable, UnknownReservation):
            return  # too late, or too early

    def events(self) -> None:
        try:
            self.world.deliver()
        except Unavailable:
            return  # delivered again later

    def lease_runs_out(self) -> None:
        self.world.faults.step("time", lambda: self.world.later(seconds=LIMITS.lease.seconds))

    def hold_runs_out(self) -> None:
        self.world.faults.step("time", lambda: self.world.later(seconds=LIMITS.hold.seconds))

    def settlement(self) -> None:
        try:
            self.world.settle()
        except (SettledTooEarly, Unavailable):
            return  # comes again

    def rest(self) -> None:
        """The provider decides, everything is delivered, settlement comes: all must be as it was told."""
        world = self.world
        charges = world.provider.charges
        for key, outcome in charges.items():
            charges[key] = Outcome.APPROVED if outcome is Outcome.PROCESSING else outcome
        world.deliver()
        world.settle()
        world.at_rest()
        for key, guest, answer in self.told:
            if answer in BINDING:
                assert world.answer(key, guest=guest) == answer


@settings(max_examples=150, deadline=None)
@given(ORDERS, CRASHES, OUTCOMES)
def test_one_key_sent_twice(order: list[int], crash: tuple[int, int] | None, outcome: Outcome) -> None:
    play = Play()
    play.world.provider.decides = outcome
    processes = [
        play.request("key"),
        play.request("key"),
        play.lease_runs_out,
        play.events,
        play.cancel,
    ]
    play.turns.play(processes, order, crash)
    play.rest()


@settings(max_examples=150, deadline=None)
@given(ORDERS, CRASHES)
def test_two_guests_and_one_night(order: list[int], crash: tuple[int, int] | None) -> None:
    play = Play()
    processes = [
        play.request("key"),
        play.request("key", "another"),
        play.request("key"),
        play.events,
        play.lease_runs_out,
        play.events,
    ]
    play.turns.play(processes, order, crash)
    standing = [item for item in play.world.reservations.reservations.values() if item.confirmed]
    assert len(standing) <= 1
    play.rest()


@settings(max_examples=150, deadline=None)
@given(ORDERS, CRASHES, OUTCOMES)
def test_a_request_and_its_end(order: list[int], crash: tuple[int, int] | None, outcome: Outcome) -> None:
    play = Play()
    play.world.provider.decides = outcome
    processes = [
        play.request("key"),
        play.settlement,
        play.hold_runs_out,
        play.events,
        play.request("key"),
        play.cancel,
    ]
    play.turns.play(processes, order, crash)
    play.rest()
