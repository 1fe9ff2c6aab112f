"""A release in the middle of bookings: a good one fails no request, a bad one is taken back, and no booking is lost.

STAYBOOK_DRILL_SECONDS says for how long guests book around each release.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.cloud import LOCAL, cloud_of
from infra.deployment.release_story import live_releases
from tests.bookings import book_many
from tests.chaos.ledger import counts
from tests.house import House
from tests.release.load import CLIENTS, Load, load_on
from tests.release.releases import BREAKAGES, Breakage, Deployed, broken, deploy
from tests.waiting import eventually

SECONDS = float(os.environ.get("STAYBOOK_DRILL_SECONDS", "10"))
_SEED = (
    ("the seed, rooms alone, without a readiness check", 87.32),
    ("the seed, rooms alone, with one (27,657 requests)", 100.0),
)


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """What was released, the requests around it and what became of them: a table, printed when all is done."""
    made: list[str] = []
    yield made
    head = ("released", "requests", "failed", "well", "accepted", "lost")
    print(f"\n\n  {CLIENTS} guests at a time, {SECONDS:g} s around each release")
    print("  {:52} {:>8} {:>7} {:>10} {:>9} {:>5}".format(*head))
    print("\n".join(made))
    for what, good in _SEED:
        print(f"  {what:52} {'':8} {'':7} {good:8.2f} %")


def row(what: str, load: Load) -> str:
    good = 100 * load.answers[201] / load.requests
    others = [f"{status}: {times}" for status, times in sorted(load.answers.items()) if status != 201]
    return (
        f"  {what:52} {load.requests:8} {load.failed:7} {good:8.2f} % {len(load.accepted):9} {len(load.lost):5}"
        f"  {', '.join(others)}"
    )


def released_under_load(house: House, release: Callable[[], Deployed]) -> tuple[Load, Deployed]:
    """A third of the time guests book, then it is released, and they go on until the time is over."""
    book_many(house, 2 * CLIENTS, at_once=CLIENTS)  # it is released to a house that is at work
    began = time.monotonic()
    with load_on(house) as load:
        eventually(lambda: time.monotonic() - began > SECONDS / 3, within=SECONDS, what="a load")
        deployed = release()
        eventually(lambda: time.monotonic() - began > SECONDS, within=2 * SECONDS, what="the rest")
    return load, deployed


def nothing_is_lost(house: House, load: Load) -> None:
    assert load.lost == []

    def applied() -> bool:
        found = counts(house, load.accepted)
        return all(each.applied == len(load.accepted) for each in found.values())

    eventually(applied, within=200, what="everything that follows from the bookings")


@pytest.mark.timeout(900)
def test_a_new_version_of_everything_fails_no_request(house: House, rows: list[str]) -> None:
    load, deployed = released_under_load(house, lambda: deploy("second"))
    rows.append(row("a new version of every function", load))
    assert deployed.code == 0, deployed.said
    assert load.failed == 0, load.answers
    assert set(live_releases(cloud_of(LOCAL, None), "staybook-reservation")) == {"second"}
    nothing_is_lost(house, load)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda each: each.name)
def test_a_broken_version_is_taken_back_and_no_booking_is_lost(
    house: House, rows: list[str], breakage: Breakage, tmp_path: Path
) -> None:
    cloud, root = cloud_of(LOCAL, None), broken(breakage, tmp_path)
    before = live_releases(cloud, "staybook-reservation")
    load, deployed = released_under_load(house, lambda: deploy("broken", root))
    rows.append(row(breakage.name, load))
    print("\n" + "\n".join(deployed.story))
    assert deployed.code == 1, deployed.said
    assert "tried   release broken" in deployed.said
    assert live_releases(cloud, "staybook-reservation") == before
    nothing_is_lost(house, load)
