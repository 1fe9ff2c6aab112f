"""Any story that people, events, time and accidents can make of a few bookings, told by Hypothesis and cut to the
shortest one that goes wrong. A failing story is printed with a blob that plays it again: put it above the test as
`@reproduce_failure(...)`.
"""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kernel.ids import derived_id
from tests.checks import rest
from tests.checks.instants import Film
from tests.checks.snapshot import TABLES, Snapshot
from tests.crash.points import Hurting, Point
from tests.crash.stories import said
from tests.depth import depth
from tests.miniature.house import HOLD, LEASE, MARGIN, SETTINGS, Miniature
from tests.miniature.seams import Call, Crash, Seams, Steps
from tests.race.round import FIRST_NIGHT

GUESTS, KEYS = st.sampled_from(["anna", "boris"]), st.sampled_from(["one", "two"])
NIGHTS = st.tuples(st.integers(0, 3), st.integers(1, 3))
CARDS = st.sampled_from([None, None, "card_declined", "card_approves_later"])
SOME_CALL = Call("port", "whichever it is", False, Crash)  # type: ignore[arg-type]  # nothing is lost here


class AnyStory(RuleBasedStateMachine):
    """One room; `told` is what binds."""

    def __init__(self, seams: Seams) -> None:
        super().__init__()
        self.house = Miniature(seams)
        listed = self.house.ask("room", "POST", "/rooms", user="host", body={"desc": "Beautiful House"})
        assert listed is not None
        self.room_id: str = listed.body["roomId"]
        self.told: dict[str, str] = {}

    @rule(guest=GUESTS, key=KEYS, nights=NIGHTS, card=CARDS, dies=st.none() | st.integers(1, 45))
    def somebody_books(
        self, guest: str, key: str, nights: tuple[int, int], card: str | None, dies: int | None
    ) -> None:
        """`dies`: the call before which the process is gone."""
        first = FIRST_NIGHT + timedelta(days=nights[0])
        body = {
            "roomId": self.room_id,
            "checkIn": first.isoformat(),
            "checkOut": (first + timedelta(days=nights[1])).isoformat(),
            **({"paymentMethod": card} if card else {}),
        }
        self.house.steps = Hurting(Point("crash before", dies, SOME_CALL)) if dies else Steps()
        headers = {"idempotency-key": key}
        word = said(
            self.house.ask("reservation", "POST", "/reservations", user=guest, body=body, headers=headers)
        )
        self.house.steps = Steps()
        if word[:3] in ("201", "402", "409", "422") and "in-flight" not in word:
            assert self.told.setdefault(f"{guest} {key} {body}", word) == word

    @rule(guest=GUESTS, key=KEYS, who=st.sampled_from(["anna", "boris", "host"]))
    def somebody_cancels(self, guest: str, key: str, who: str) -> None:
        self.house.ask(
            "reservation",
            "PATCH",
            "/reservations/{reservation_id}",
            user=who,
            path={"reservation_id": derived_id("reservation", guest, key)},
            body={"status": "reqCancel"},
        )

    @rule(which=st.integers(0, 20))
    def something_is_delivered(self, which: int) -> None:
        if jobs := self.house.jobs():
            jobs[which % len(jobs)]()

    @rule(which=st.integers(0, 20))
    def something_is_delivered_again(self, which: int) -> None:
        if self.house.sent:
            self.house.again([self.house.sent[which % len(self.house.sent)]])

    @rule(passed=st.sampled_from([LEASE, HOLD, HOLD + MARGIN]))
    def time_passes(self, passed: timedelta) -> None:
        self.house.later(passed)

    @invariant()
    def every_instant_is_right(self) -> None:
        film = Film(self.house.store.writes, int(SETTINGS["MAX_OPEN_BOOKINGS"])).play()
        assert film.wrong == []

    def teardown(self) -> None:
        self.house.rest()
        items = {name: self.house.store.items(f"staybook-{name}") for name in TABLES}
        snapshot = Snapshot.of(items)
        assert rest.violations(snapshot) + rest.unsettled(snapshot) == []


def test_any_story_ends_well(seams: Seams) -> None:
    class Told(AnyStory):
        def __init__(self) -> None:
            super().__init__(seams)

    run_state_machine_as_test(
        Told,
        settings=settings(
            max_examples=depth(40, 1_500),
            stateful_step_count=25,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
