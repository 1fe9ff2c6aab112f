"""Whatever happened, in whatever order the view heard of it: the archive makes the same view, of now and of then."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from tests.depth import depth
from tests.integration.viewpage.town import KeepingHouse, Town
from tests.miniature.fixtures import seams_for_tests
from tests.miniature.seams import Seams
from tests.unit.viewpage.conftest import Screen, screen

__all__ = ["screen"]

ACTS = depth(500, 2_000)
SEEDS = range(depth(1, 20))


@pytest.fixture(scope="module")
def seams() -> Iterator[Seams]:
    with seams_for_tests() as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rebuild_equals_the_live_view_and_the_view_of_then(
    seams: Seams, screen: Screen, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    house = KeepingHouse(seams)
    town = Town(house, screen, Random(seed))
    town.lives(ACTS // 2)
    then, at = town.seen(), house.now
    house.later(timedelta(seconds=1))
    town.lives(ACTS // 2)
    live = town.seen()
    assert town.rebuilt() == live
    assert town.rebuilt(until=at) == then
    with capsys.disabled():
        told = f"{town.people.accepted} accepted, {len(house.archive)} events"
        print(f"\n  {ACTS} acts, {told}: {len(live[0])} parts and {len(live[1])} rows are the same")
