"""The nights of a month, whatever is asked of them in whatever order: nobody loses a night that somebody else gets."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.room.domain import calendar
from chalicelib.room.domain.calendar import Hold, Month
from chalicelib.room.errors import Closed, NightsTaken, NotHeld, Taken

WHO = st.sampled_from(["anna", "boris", "carla"])
NIGHTS = st.sets(st.integers(1, 4), min_size=1).map(
    lambda days: tuple(date(2026, 12, day) for day in sorted(days))
)
HOLD_SECONDS = 10


class Nights(RuleBasedStateMachine):
    """`booked` is what each has been promised for good."""

    def __init__(self) -> None:
        super().__init__()
        self.month, self.now = Month("room", "2026-12"), 100
        self.booked: dict[date, str] = {}

    @rule(who=WHO, nights=NIGHTS)
    def claims(self, who: str, nights: tuple[date, ...]) -> None:
        before = self.month
        try:
            self.month = calendar.claim(before, Hold(who, self.now + HOLD_SECONDS), nights, self.now)
        except Taken:
            holds = [before.nights[night] for night in nights if night in before.nights]
            assert any(hold.live(self.now) and (hold.booked or not hold.is_of(who)) for hold in holds)

    @rule(who=WHO, nights=NIGHTS)
    def books(self, who: str, nights: tuple[date, ...]) -> None:
        try:
            self.month, _ = calendar.book(self.month, who, nights, self.now)
        except NotHeld:
            return
        self.booked |= dict.fromkeys(nights, who)

    @rule(who=WHO)
    def is_released(self, who: str) -> None:
        self.month, _ = calendar.release(self.month, who)
        self.booked = {night: owner for night, owner in self.booked.items() if owner != who}

    @rule(nights=NIGHTS)
    def the_host_blocks(self, nights: tuple[date, ...]) -> None:
        try:
            self.month, _ = calendar.block(self.month, "block", nights, self.now)
        except (NightsTaken, Closed):
            return

    @rule()
    def the_host_unblocks(self) -> None:
        self.month, _ = calendar.unblock(self.month, "block")

    @rule(seconds=st.integers(1, 2 * HOLD_SECONDS))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def what_is_booked_stays_booked(self) -> None:
        for night, who in self.booked.items():
            assert self.month.nights[night] == Hold(who, None)


TestNights = Nights.TestCase
