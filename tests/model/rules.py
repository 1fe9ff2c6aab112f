"""What every step of the protocol is made of: conditional writes of the reservation, and processes."""

from collections.abc import Sequence

from tests.model.state import Many, Scenario, State, at, less

type Way = tuple[str, State, str | int | None]  # a label, the state after, the next step or answer


class Rules:
    """A scenario, the rules that are broken in it, and what every step needs."""

    def __init__(self, scenario: Scenario, broken: Sequence[str] = ()) -> None:
        self.scenario, self.broken = scenario, frozenset(broken)

    def is_(self, rule: str) -> bool:
        return rule in self.broken

    def start(self) -> State:
        c = self.scenario
        none = (None,) * len(c.keys)
        nights = 1 + max(n for stay in c.stays.values() for n in stay)
        return State(
            0,
            none,
            (None,) * nights,
            none,
            none,
            ((),) * (1 + max(c.keys)),
            tuple(sorted(("request", key, body, "put") for key, body in c.sends)),
            (),
            tuple(sorted(c.cancels)),
            c.closings,
            False,
            c.crashes,
            c.losses,
            c.doubles,
        )

    def spawn(self, s: State, *processes: Many) -> State:
        return s._replace(processes=tuple(sorted(s.processes + processes)))

    def write(
        self, s: State, key: int, status: str, *, confirmed: bool | None = None, reason: str | None = None
    ) -> State:
        _, body, expires, was_confirmed, was_reason = s.reservations[key]
        item = (
            status,
            body,
            expires,
            was_confirmed if confirmed is None else confirmed,
            reason or was_reason,
        )
        return s._replace(reservations=at(s.reservations, key, item))

    def end(self, s: State, key: int, status: str, reason: str | None = None) -> State:
        """A terminal transition: one transaction with the guest's map; its event releases and voids."""
        s = self.write(s, key, status, reason=reason)
        guest = self.scenario.keys[key]
        if not self.is_("the guest's map keeps ended bookings") and key in s.guests[guest]:
            s = s._replace(guests=at(s.guests, guest, less(s.guests[guest], key)))
        return self.spawn(s, ("release", key, 0, "release"), ("void", key, 0, "void"))

    def stay(self, s: State, key: int) -> tuple[int, ...]:
        return self.scenario.stays[key, s.reservations[key][1]]
