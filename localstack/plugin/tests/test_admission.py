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

    def seconds(self) -> float:
        return self.now

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
        self.told: list[int] = []

    def arrive(self, name: str) -> Visit:
        def refuse(again: int) -> None:
            self.refused.append(name)
            self.told.append(again)

        visit = Visit(enter=lambda: self.inside.append(name), refuse=refuse)
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


def crowded(*, patience: float, pace: float, waiting: int) -> Door:
    """A door with `waiting` in line, which has gone on by one every `pace` seconds."""
    door = Door(slots=1, patience=patience)
    door.arrive("first")
    for number in range(8):
        door.arrive(f"early {number}")
        door.clock.go_on(pace)
        door.admission.leave()
    for number in range(waiting):
        door.arrive(f"late {number}")
    return door


def test_who_would_wait_too_long_is_told_so_at_once_and_when_to_come_again() -> None:
    door = crowded(patience=3, pace=0.5, waiting=6)
    assert door.refused == []
    door.arrive("one too many")
    assert (door.refused, door.told) == (["one too many"], [4])


def test_a_line_that_goes_on_quickly_may_be_long() -> None:
    assert crowded(patience=3, pace=0.01, waiting=200).refused == []


def test_a_line_that_stands_still_takes_nobody_in() -> None:
    door = crowded(patience=3, pace=0.1, waiting=1)
    door.clock.go_on(2.9)
    door.arrive("later")
    assert door.refused == []
    door.clock.now += 60
    door.arrive("much later")
    assert (door.refused, door.told) == (["much later"], [6])


def test_once_the_line_was_empty_its_pace_is_forgotten() -> None:
    door = crowded(patience=3, pace=2, waiting=0)
    door.admission.leave()
    for name in ("a", "b", "c"):
        door.arrive(name)
    assert door.refused == []


def test_a_long_line_that_halts_for_a_moment_goes_on_taking_in() -> None:
    door = Door(slots=1, patience=10)
    door.arrive("first")
    for number in range(300):
        door.arrive(f"early {number}")
    for _ in range(200):
        door.clock.go_on(0.02)
        door.admission.leave()
    door.clock.go_on(1)
    door.arrive("in spite of it")
    assert door.refused == []
