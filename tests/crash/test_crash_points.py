"""A booking hurt at every point there is, finished in every way there is, and everything that was promised holds."""

from collections import Counter

import pytest

from tests.crash.points import Counting, Hurting, Point
from tests.crash.stories import ACTS, RECOVERIES, Story
from tests.depth import depth
from tests.miniature.seams import Seams, Steps

FIGURES: Counter[str] = Counter()


def points(seams: Seams, act: str) -> list[Point]:
    """Every point of an act, counted on a run that nothing goes wrong in."""
    story, (before, hurt) = Story(seams), ACTS[act]
    before(story)
    counting = Counting(lambda: len(story.house.store.writes))
    story.house.steps = counting
    hurt(story)
    return list(counting.points())


@pytest.mark.parametrize("recovery", RECOVERIES)
@pytest.mark.parametrize("act", ACTS)
def test_whatever_goes_wrong_anywhere_comes_to_a_good_end(seams: Seams, act: str, recovery: str) -> None:
    """`make test` plays every point in some of the ways, `make deep` in all."""
    wrong = []
    share, turn = depth(3, 1), list(RECOVERIES).index(recovery)
    for point in points(seams, act)[turn % share :: share]:
        story, (before, hurt) = Story(seams), ACTS[act]
        before(story)
        hurting = Hurting(point)
        story.house.steps = hurting
        hurt(story)
        story.house.steps = Steps()
        assert hurting.happened, f"{point} was never reached"
        RECOVERIES[recovery](story)
        wrong += [f"{point}: {each}" for each in story.wrong()]
        FIGURES[f"{act}, {point.way}"] += 1
    assert not wrong, "\n".join(wrong[:20])


def test_the_points_are_found_by_looking(seams: Seams, capsys: pytest.CaptureFixture[str]) -> None:
    """Prints how many there are. Every write of the protocol is among them, and so are reads and events."""
    with capsys.disabled():
        for act in ACTS:
            found = points(seams, act)
            ways = Counter(point.way for point in found)
            print(f"\n  {act}: {len(found)} points {dict(ways)} x {len(RECOVERIES)} ways to recover", end="")
        print()
    names = {point.call.name for point in points(seams, "book")}
    assert {
        "reservation DynamoReservations.put",
        "reservation RoomService.claim",
        "payment DynamoPayments.put",
        "TransactWriteItems",
        "PutEvents",
    } <= names
