"""Who is let in, who waits, who is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from staybook_engine.admission import Admission, Visit


@dataclass
class Call:
    """A call to come at the door's clock."""

    due: float
    function: Callable[[], None]
    clock: Clock

    def cancel(self) -> None:
        self.clock.calls.remove(self)


@dataclass
class Clock:
    """A clock that goes on when told."""

    now: float = 0.0
    calls: list[Call] = field(default_factory=list)

    def callLater(self, delay: float, function: Callable[[], None]) -> Call:  # noqa: N802 - the event loop's name
        self.calls.append(Call(self.now + delay, function, self))
        return self.calls[-1]

    def go_on(self, seconds: float) -> None:
        self.now += seconds
        for call in [one for one in self.calls if one.due <= self.now]:
            self.calls.remove(call)
            call.function()


class Door:
    """An admission with its clock, and a book of what happened to whom."""

    def __init__(self, slots: int, patience: float = 10) -> None:
        self.clock = Clock()
        self.admission = Admission(self.clock, slots, patience)
        self.inside: list[str] = []
        self.refused: list[str] = []

    def arrive(self, name: str) -> Visit:
        visit = Visit(enter=lambda: self.inside.append(name), refuse=lambda: self.refused.append(name))
        self.admission.arrive(visit)
        return visit


def test_as_many_enter_as_there_are_slots() -> None:
    door = Door(slots=2)
    for name in ("a", "b", "c"):
        door.arrive(name)
    assert door.inside == ["a", "b"]
    assert door.admission.waiting == 1


def test_who_waits_enters_in_order_of_arrival() -> None:
    door = Door(slots=1)
    for name in ("a", "b", "c"):
        door.arrive(name)
    door.admission.leave()
    door.admission.leave()
    assert door.inside == ["a", "b", "c"]


def test_who_waited_too_long_is_refused_and_takes_no_place() -> None:
    door = Door(slots=1, patience=10)
    door.arrive("a")
    door.arrive("b")
    door.clock.go_on(10)
    assert door.refused == ["b"]
    door.arrive("c")
    door.admission.leave()
    assert door.inside == ["a", "c"]


def test_who_entered_is_not_refused_later() -> None:
    door = Door(slots=1, patience=10)
    door.arrive("a")
    door.arrive("b")
    door.admission.leave()
    door.clock.go_on(100)
    assert door.refused == []
    assert door.clock.calls == []


def test_who_goes_away_is_waited_for_no_more() -> None:
    door = Door(slots=1)
    door.arrive("a")
    impatient = door.arrive("b")
    door.arrive("c")
    door.admission.go_away(impatient)
    door.admission.leave()
    door.clock.go_on(100)
    assert door.inside == ["a", "c"]
    assert door.refused == []


def test_a_free_slot_is_kept_for_who_comes_next() -> None:
    door = Door(slots=1)
    door.arrive("a")
    door.admission.leave()
    door.arrive("b")
    assert door.inside == ["a", "b"]
    assert door.admission.waiting == 0
