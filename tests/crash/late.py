"""A process that stands still before any one of its calls while others live on, and then goes on as if nothing were."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.crash.stories import RIVAL, Part, Story
from tests.miniature.house import HOLD, LEASE, MARGIN
from tests.miniature.seams import Call, Crash, Seams, Steps


@dataclass
class Standing(Steps):
    """Before call `still` the process stands still, and `meanwhile` happens; before call `dies`, if any, it is gone."""

    still: int
    meanwhile: Callable[[], None]
    dies: int = 0
    calls: list[Call] = field(default_factory=list)
    _inside: bool = False

    def take(self, call: Call, act: Callable[[], Any]) -> Any:
        if self._inside:
            return act()
        self.calls.append(call)
        if len(self.calls) == self.still:
            self._inside = True
            self.meanwhile()
            self._inside = False
        if len(self.calls) == self.dies:
            raise Crash(call.name)
        return act()


def _asks_again(story: Story) -> None:
    story.house.later(LEASE)
    story.book()
    story.house.settle_down()


def _cancels(story: Story) -> None:
    story.cancel()
    story.house.settle_down()


def _time_passes(story: Story) -> None:
    for _ in range(2):
        story.house.settle_down()
        story.house.later(HOLD + MARGIN)
    story.house.settle_down()


def _asks_again_and_time_passes(story: Story) -> None:
    _asks_again(story)
    _time_passes(story)


def _a_rival_comes_when_time_has_passed(story: Story) -> None:
    _time_passes(story)
    story.book(RIVAL)


MEANWHILE: dict[str, Part] = {
    "the client asks again": _asks_again,
    "the guest cancels": _cancels,
    "time passes and settlement comes": _time_passes,
    "the client asks again and time passes": _asks_again_and_time_passes,
    "a rival comes when time has passed": _a_rival_comes_when_time_has_passed,
}


def late(seams: Seams, meanwhile: str, still: int, dies: int = 0) -> tuple[Standing, list[str]]:
    """One booking that stands still before call `still`; what was met, and every broken promise."""
    story = Story(seams)
    standing = Standing(still, lambda: MEANWHILE[meanwhile](story), dies)
    story.house.steps = standing
    story.book()
    story.house.steps = Steps()
    return standing, story.wrong()


def plays(seams: Seams, meanwhile: str, *, dying: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Every call that a booking stands still before; then also with its death at up to `dying` calls from there."""
    still = 1
    while True:
        standing, wrong = late(seams, meanwhile, still)
        if len(standing.calls) < still:
            return
        name = f"stands still before {still} {standing.calls[still - 1].name}, {meanwhile}"
        yield name, wrong
        for dies in range(still + 1, min(len(standing.calls), still + dying) + 1):
            yield f"{name}, dies before {dies}", late(seams, meanwhile, still, dies)[1]
        still += 1
