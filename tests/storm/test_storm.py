"""A game day: everything that can go wrong does, at random, under a mixed load, with a deployment in the middle; then
every promise is looked at.

STAYBOOK_STORM_SEED says which storm, STAYBOOK_STORM_SECONDS how long, STAYBOOK_STORM_REPORTS where its page is kept.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.cloud import LOCAL, cloud_of
from infra.operations.reconcile import reconcile
from tests.checks import promises
from tests.house import House, deployed
from tests.storm.load import Client, Town
from tests.storm.plan import plan
from tests.storm.reckoning import lost, mailed, mails, redriven, snapshot, unrest
from tests.storm.report import Storm
from tests.storm.wind import Wind, met
from tests.waiting import eventually

SEED = int(os.environ.get("STAYBOOK_STORM_SEED", "1"))
SECONDS = int(os.environ.get("STAYBOOK_STORM_SECONDS", "60"))
CLIENTS = 8
_CALM = 300  # seconds within which all must have come to rest: a queue brings again after one minute
_SOON = {
    "HoldSeconds": "20",
    "HoldMarginSeconds": "5",
    "SettlementDelaySeconds": "25",
    "RedeliverySeconds": "30",
}


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own, whose holds last seconds."""
    with deployed(tmp_path_factory.mktemp("storm"), _SOON) as made:
        yield made


@pytest.mark.timeout(1800)
def test_a_storm_breaks_no_promise(stormy: House, capsys: pytest.CaptureFixture[str]) -> None:
    gusts = plan(SEED, SECONDS)
    with capsys.disabled():
        print(f"\nstorm {SEED}, {SECONDS} s\n" + "\n".join(f"  {gust}" for gust in gusts))
    town = Town(stormy, SEED)
    clients = [Client(town, number) for number in range(CLIENTS)]
    wind = Wind(stormy, parameters={**_SOON, "Release": f"storm-{SEED}"})
    with wind.blowing(gusts), ThreadPoolExecutor(CLIENTS) as pool:
        for done in [pool.submit(client.live, wind.began + SECONDS) for client in clients]:
            done.result()
    calm = time.monotonic()
    decide_all(town)
    put_back = Counter[str]()

    def at_rest() -> bool:
        put_back.update(redriven())
        left = unrest(stormy)
        assert not left, f"{len(left)}:\n" + "\n".join(left[:40])
        return True

    eventually(at_rest, within=_CALM, what="rest")
    rested = time.monotonic() - calm
    decide_all(town)  # once more, and everybody hears the same
    rooms = [room for client in clients for room in client.rooms]
    wrong = promises.broken(town.history, town.names(), snapshot(stormy))
    wrong += lost(stormy, rooms)
    _, drifts, _ = reconcile(cloud_of(LOCAL, None))
    wrong += [f"the reconciler found {count} of {drift}" for drift, count in drifts.items()]
    assert not wrong, "\n".join(wrong)
    counts = {
        "bookings": len(town.wishes),
        "rooms": len(rooms),
        "reviews": sum(len(room.reviews) for room in rooms),
        **Counter(f"now {each['status']}" for each in snapshot(stormy).reservations.values()),
        "messages mailed": mailed(snapshot(stormy)),
        "mails": mails(stormy),
    }
    storm = Storm(
        SEED, SECONDS, gusts, met(wind.blown, town.requests), town.requests, put_back, rested, counts
    )
    with capsys.disabled():
        print(storm)
    if folder := os.environ.get("STAYBOOK_STORM_REPORTS"):
        storm.keep(Path(folder))
    unmet = [kind for kind, each in storm.met.items() if not each.requests]
    assert not unmet, f"met no request in flight: {unmet}"


def decide_all(town: Town) -> None:
    """Every key is asked until it is decided."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        for decided in [pool.submit(town.decide, wish) for wish in list(town.wishes)]:
            decided.result()
