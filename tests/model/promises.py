"""The five promises, and what breaks them."""

from collections.abc import Iterator

from tests.model.rules import Rules
from tests.model.state import HORIZON, NAME, State, first_answer

STANDS = ("reserved", "completed")


class Promises(Rules):
    """At every instant, and at rest: no process left, time over, the provider decided."""

    def violation(self, s: State) -> str | None:
        """The first promise that the state breaks."""
        return s.flaw or next(self._at_once(s), None) or next(self._at_rest(s), None)

    def _at_once(self, s: State) -> Iterator[str]:
        for key, item in enumerate(s.reservations):
            own = item and item[0] in STANDS
            if own and any(s.nights[n] != (key, None) for n in self.stay(s, key)):
                yield f"1: {NAME[key]} is {item[0]} and its night is not booked by it"
            if item and item[3] and item[0] in ("rejected", "expired"):
                yield f"4: {NAME[key]} was confirmed and is {item[0]}"
        if s.closed and any(night and night[1] is None for night in s.nights):
            yield "1: a night of a closed room is booked"
        for key, body, code in s.answers:
            if first_answer(s.reservations[key], body) != code:
                yield f"4: {NAME[key]}/{body} was told {code}, and it is not true any more"

    def _at_rest(self, s: State) -> Iterator[str]:
        if any(step != "put" for *_, step in s.processes) or s.clock < HORIZON or "processing" in s.provider:
            return
        for key, item in enumerate(s.reservations):
            stands = bool(item) and item[0] in STANDS
            if (s.provider[key] == "approved") != stands:
                yield f"2: {NAME[key]} is {item and item[0]} and its money is {s.provider[key]}"
            if item:
                yield from self._fee(s, key)
                yield from self._let_go(s, key)
            if (key in s.guests[self.scenario.keys[key]]) != bool(item and item[0] == "reserved"):
                yield f"5: {NAME[key]} is {item and item[0]}, the guest's map says otherwise"

    def _fee(self, s: State, key: int) -> Iterator[str]:
        _, _, _, confirmed, reason = s.reservations[key]
        if (s.provider[key] == "fee kept") != (reason == "fee"):
            yield f"2: {NAME[key]} left {reason or 'no fee'} and its money is {s.provider[key]}"
        if reason == "fee" and not confirmed:
            yield f"2: {NAME[key]} never stood and left a fee"

    def _let_go(self, s: State, key: int) -> Iterator[str]:
        status = s.reservations[key][0]
        if status in ("reqReserve", "reqCancel"):
            yield f"5: {NAME[key]} is still {status}"
        held = [night for night in s.nights if night and night[0] == key]
        if status not in STANDS and any(
            not (until and self.is_("a dead claim may stay")) for _, until in held
        ):
            yield f"5: {NAME[key]} is {status} and a night is still its own"
