"""The whole protocol: processes that take steps, and an environment that does what it may.

    request    put -> claim -> pay -> charge -> record -> book -> confirm, or `lose` (win or find the end)
    approved   PaymentApproved: book -> confirm, or lose
    webhook    the provider's late word: record -> (approved), or refund
    finish     reqCancel -> cancelled
    release    a terminal event: the nights          void   a terminal event: the payment
    settle     ReservationCreated, seen again after expiresAt + margin: expire, or release and void again

A process may stop for any time, or crash between any two steps (a handler is then delivered again); a reply may be
lost after its write took effect (the step is done again, or the process crashes); an event may be delivered twice, in
any order, late; clients send again and cancel at any moment; the host closes the room; the provider decides now or
later. No rule but the time conditions written in the protocol protects it.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

from tests.model.booking_steps import BookingSteps
from tests.model.money_steps import MoneySteps
from tests.model.promises import Promises
from tests.model.rules import Way
from tests.model.state import DONE, FINAL, HORIZON, NAME, Many, State, at, less


class Protocol(BookingSteps, MoneySteps, Promises):
    """`successors` are all ways on from a state, `violation` is the promise that it breaks."""

    FIRST: ClassVar[dict[str, str]] = {
        "approved": "book",
        "release": "release",
        "void": "void",
        "settle": "settle",
        "finish": "finish",
        "request": "put",
    }

    def act(self, s: State, process: Many) -> list[Way]:
        """The ways a process's next atomic step can go: (label, state, next step | DONE | answer)."""
        kind, key, body, step = process
        verb, _, rest = step.partition(" ")
        if verb in ("put", "charge"):
            return list(self.put(s, key, body) if verb == "put" else self.charge(s, key))
        if verb == "book":
            return [self.book(s, key, s.clock - lag) for lag in range(self.scenario.lag + 1)]
        if verb == "claim" and self.is_("check then act") and not rest:
            label, _, then = self.claim(s, key)
            return [("check" + label[5:], s, "claim blind" if then == "pay" else then)]
        way = self._way(s, process, verb, rest)
        if way and kind == "settle" and verb == "release":
            way = way[0], way[1], "void"
        return [way] if way else []

    def _way(self, s: State, process: Many, verb: str, rest: str) -> Way | None:
        kind, key, body, _ = process
        match verb:
            case "claim":
                return self.claim(s, key, blind=bool(rest))
            case "record":
                return self.record(s, key, rest, DONE if kind == "webhook" else "book")
            case "lose":
                return self.lose(s, key, body, rest)
            case "close":
                return self.close(s, key, rest or "voided")
            case _:
                step: Callable[[State, int], Way | None] = getattr(self, verb)
                return step(s, key)

    def successors(self, s: State) -> Iterator[tuple[str, State]]:
        """(label, state) for every step of a process and every turn of the environment."""
        for process in dict.fromkeys(s.processes):
            yield from self._goes_wrong(s, process)
            yield from self._goes_on(s, process)
        for key, item in enumerate(s.reservations):
            if item:
                yield from self._client_and_stay(s, key, item[0])
            if s.provider[key] == "processing":
                yield from self._provider(s, key)
        if s.closings and not s.closed:
            yield from self._host(s)
        if s.clock < HORIZON:
            yield f"time is {s.clock + 1}", s._replace(clock=s.clock + 1)

    def _goes_wrong(self, s: State, process: Many) -> Iterator[tuple[str, State]]:
        """It crashes (a handler's event is delivered again), or its event is delivered twice."""
        kind, key, body, step = process
        first = self.FIRST.get(kind, step)
        if s.crashes and step != first:
            crashed = s._replace(crashes=s.crashes - 1, processes=less(s.processes, process))
            again = crashed if kind == "request" else self.spawn(crashed, (kind, key, body, first))
            yield f"{who(process)}: CRASH before {step}", again
        if s.doubles and step == first != "put":
            yield f"{who(process)}: DELIVERED TWICE", self.spawn(s._replace(doubles=s.doubles - 1), process)

    def _goes_on(self, s: State, process: Many) -> Iterator[tuple[str, State]]:
        """It takes its next step; the reply may be lost, and the client may never see the answer."""
        kind, key, body, _ = process
        for label, after, then in self.act(s, process):
            moved, told = after._replace(processes=less(after.processes, process)), ""
            if isinstance(then, str) and then not in (DONE, "in flight", "limit", "too late"):
                moved = self.spawn(moved, (kind, key, body, then))
            elif kind == "request" and then in FINAL:
                if s.crashes:
                    unseen = moved._replace(crashes=s.crashes - 1)
                    yield f"{who(process)}: {label}, CRASH before the answer", unseen
                told = f", ANSWER {then}"
                moved = moved._replace(answers=tuple(sorted({*s.answers, (key, body, then)})))
            yield f"{who(process)}: {label}{told}", moved
            if s.losses and after != s:
                yield f"{who(process)}: {label}, REPLY LOST", after._replace(losses=s.losses - 1)

    def _client_and_stay(self, s: State, key: int, status: str) -> Iterator[tuple[str, State]]:
        if key in s.cancels and status in ("reqReserve", "reserved"):
            asked = s._replace(cancels=less(s.cancels, key))
            cancelled = self.write(asked, key, "reqCancel", reason=self.fee(s, key))
            yield f"client cancels {NAME[key]}", self.spawn(cancelled, ("finish", key, 0, "finish"))
        if s.clock == HORIZON and status == "reserved":  # check-out is long after expiresAt
            guest = self.scenario.keys[key]
            over = self.write(s, key, "completed")
            guests = at(s.guests, guest, less(s.guests[guest], key))
            yield f"stay {NAME[key]} is over", over._replace(guests=guests)

    def _provider(self, s: State, key: int) -> Iterator[tuple[str, State]]:
        for outcome in ("approved", "declined"):
            decided = s._replace(provider=at(s.provider, key, outcome))
            word = self.spawn(decided, ("webhook", key, 0, f"record {outcome}"))
            yield f"provider decides {NAME[key]}: {outcome}", word

    def _host(self, s: State) -> Iterator[tuple[str, State]]:
        """Closes the room in one write, if no night of it is live."""
        live = any(night and (night[1] is None or night[1] > s.clock) for night in s.nights)
        if not self.is_("closing looks first and closes later"):
            if not live:
                yield "host closes the room", s._replace(closings=s.closings - 1, closed=True)
        elif s.closings < 0:
            yield "host closes the room, unseen", s._replace(closings=0, closed=True)
        elif not live:
            yield "host looks: no night is taken", s._replace(closings=-1)

    def fee(self, s: State, key: int) -> str | None:
        """Decided once, when the guest cancels: "fee" of a booking that stood; "" of one that never did."""
        stood = s.reservations[key][3] or self.is_("a booking that never stood leaves a fee")
        return "fee" if self.scenario.fees and stood and s.clock else None


def who(process: Many) -> str:
    """How a schedule names a process."""
    kind, key, body, _ = process
    sent = f"/{body}" if kind == "request" else ""
    return f"{kind} {NAME[key]}{sent}"
