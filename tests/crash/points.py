"""Where a process can be hurt, found by letting it run once unhurt."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.miniature.seams import Call, Crash, Steps

type Way = Literal["crash before", "crash after", "reply lost", "asked twice"]


@dataclass(frozen=True)
class Point:
    """The `number`th call of a run, and what goes wrong there."""

    way: Way
    number: int
    call: Call

    def __str__(self) -> str:
        return f"{self.way} {self.number} {self.call.name}"


class Counting(Steps):
    """Writes down every call, and whether the store changed under it."""

    def __init__(self, writes: Callable[[], int]) -> None:
        self._writes = writes
        self.calls: list[tuple[Call, bool]] = []

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        place, before = len(self.calls), self._writes()
        self.calls.append((call, False))
        result = act()
        self.calls[place] = (call, self._writes() > before)
        return result

    def points(self) -> Iterator[Point]:
        """A crash before and after every call; a lost reply, and a call that the client's library makes again because
        of one, wherever something was written.
        """
        for number, (call, wrote) in enumerate(self.calls, 1):
            yield Point("crash before", number, call)
            yield Point("crash after", number, call)
            if wrote or call.kind in ("bus", "peer"):
                yield Point("reply lost", number, call)
            if wrote and call.kind in ("store", "bus"):
                yield Point("asked twice", number, call)


@dataclass
class Hurting(Steps):
    """Lets one point happen; everything before and after it goes well."""

    point: Point
    happened: bool = False
    _calls: int = field(default=0)

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        self._calls += 1
        if self._calls != self.point.number:
            return act()
        self.happened = True
        if self.point.way == "crash before":
            raise Crash(call.name)
        act()
        match self.point.way:
            case "crash after":
                raise Crash(call.name)
            case "reply lost":
                raise call.lose()
            case "asked twice":
                return act()
