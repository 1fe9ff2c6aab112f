"""What is hurt, and who comes to finish it."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from kernel.ids import derived_id
from tests.checks import rest
from tests.checks.snapshot import TABLES, Snapshot
from tests.doors import Answer
from tests.miniature.house import HOLD, LEASE, MARGIN, Miniature
from tests.miniature.seams import Call, Crash, Seams, Steps

CHECK_IN, NIGHTS = date(2026, 12, 30), 4  # over the end of a month, so that a claim is a transaction
GUEST, RIVAL, HOST = "guest", "rival", "host"
BINDING = frozenset({201, 402, 409, 422})


class Story:
    """One room, one booking, and everything that guest, rival and host were told."""

    def __init__(self, seams: Seams, price: int = 100_000) -> None:
        self.house = Miniature(seams)
        body = {"desc": "Beautiful House", "pricePerNight": {"amount": price, "currency": "KRW"}}
        listed = self.house.ask("room", "POST", "/rooms", user=HOST, body=body)
        assert listed is not None
        self.room_id: str = listed.body["roomId"]
        self.house.settle_down()
        self.told: list[tuple[str, str, str]] = []

    # What people do

    def book(self, guest: str = GUEST) -> str:
        """What the guest is told: the answer's status and, for a problem, its type."""
        check_out = CHECK_IN + timedelta(days=NIGHTS)
        body = {
            "roomId": self.room_id,
            "checkIn": CHECK_IN.isoformat(),
            "checkOut": check_out.isoformat(),
        }
        answer = self.house.ask(
            "reservation", "POST", "/reservations", user=guest, body=body, headers={"idempotency-key": "key"}
        )
        word = said(answer)
        if answer is not None and answer.status in BINDING and "in-flight" not in word:
            self.told.append((guest, word, answer.body.get("rsvId", "")))
        return word

    def cancel(self, guest: str = GUEST) -> str:
        return said(
            self.house.ask(
                "reservation",
                "PATCH",
                "/reservations/{reservation_id}",
                user=guest,
                path={"reservation_id": reservation_id(guest)},
                body={"status": "reqCancel"},
            )
        )

    def insist(self, act: Callable[[], str]) -> str:
        """Asks again for as long as the answer says so."""
        for _ in range(8):
            if not _again(word := act()):
                return word
            self.house.later(LEASE)
        raise AssertionError(f"still {word}")

    # What must be so

    def snapshot(self) -> Snapshot:
        return Snapshot.of({name: self.house.store.items(f"staybook-{name}") for name in TABLES})

    def wrong(self) -> list[str]:
        """Everything comes to rest; every broken promise then."""
        self.house.rest()
        found = (
            rest.violations(self.snapshot())
            + rest.unsettled(self.snapshot())
            + [f"set aside: {each}" for each in self.house.set_aside]
        )
        for guest, word, _ in list(self.told):
            if (now := self.book(guest)) != word:
                found.append(f"4: {guest} was told {word}, and now {now}")
        return found


def reservation_id(guest: str) -> str:
    return derived_id("reservation", guest, "key")


def said(answer: Answer | None) -> str:
    if answer is None:
        return "no answer"
    kind = answer.body.get("type", "").rsplit("/", 1)[-1]
    return f"{answer.status} {kind}".strip()


def _again(word: str) -> bool:
    return word.startswith(("503", "500", "no answer")) or "in-flight" in word


# What is hurt: what comes before, and the act itself


class _DiesBefore(Steps):
    """The process is gone when it is about to make this call."""

    def __init__(self, name: str) -> None:
        self._name = name

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        if call.name == self._name:
            raise Crash(self._name)
        return act()


def _nothing(story: Story) -> None:
    """A new room."""


def _booked(story: Story) -> None:
    assert story.book() == "201"
    story.house.settle_down()


def _cancelled(story: Story) -> None:
    _booked(story)
    _cancel(story)


def _left(before: str) -> "Part":
    """A request that died before this call, and of which nobody has heard yet."""

    def left(story: Story) -> None:
        story.house.steps = _DiesBefore(before)
        assert _again(story.book())
        story.house.steps = Steps()

    return left


def _book(story: Story) -> None:
    story.book()
    story.house.settle_down()


def _cancel(story: Story) -> None:
    story.cancel()
    story.house.settle_down()


def _time_passes(story: Story) -> None:
    for _ in range(2):  # events that were not out yet go out, then their delay passes
        story.house.later(HOLD + MARGIN)
        story.house.settle_down()


Part = Callable[[Story], None]
ACTS: dict[str, tuple[Part, Part]] = {
    "book": (_nothing, _book),
    "cancel": (_booked, _cancel),
    "expire unpaid": (_left("payment SimulatedProvider.charge"), _time_passes),
    "expire paid": (_left("reservation RoomService.book"), _time_passes),
    "settle": (_cancelled, _time_passes),
}


# Who comes to finish it


def _client_retries(story: Story) -> None:
    story.insist(story.book)


def _events_come(story: Story) -> None:
    story.house.settle_down()


def _nobody_comes(story: Story) -> None:
    """But settlement, for which everything waits."""


def _events_come_twice_in_any_order(story: Story) -> None:
    order = Random(len(story.house.store.writes))
    for _ in range(2):
        story.house.settle_down(order.choice)
        story.house.again(order.sample(story.house.sent, len(story.house.sent)))


def _only_the_sweep_comes(story: Story) -> None:
    story.house.settle_down()
    story.house.queued = [each for each in story.house.queued if each.door == "consumer"]


def _guest_cancels(story: Story) -> None:
    story.insist(story.cancel)


def _rival_books(story: Story) -> None:
    story.insist(lambda: story.book(RIVAL))
    story.insist(story.book)


RECOVERIES: dict[str, Part] = {
    "the client retries": _client_retries,
    "events come": _events_come,
    "nobody but settlement comes": _nobody_comes,
    "events come twice in any order": _events_come_twice_in_any_order,
    "settlement is lost and the sweep comes": _only_the_sweep_comes,
    "the guest cancels": _guest_cancels,
    "a rival books": _rival_books,
}
