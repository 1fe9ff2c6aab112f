"""The plan of a storm, and how it is counted whom it met."""

import itertools

import pytest

from tests.storm.load import Request
from tests.storm.plan import DEPLOYMENT, KINDS, Gust, plan
from tests.storm.wind import Blown, Met, met

SECONDS = (20, 60, 180)


@pytest.mark.parametrize("seconds", SECONDS)
def test_a_seed_is_a_plan(seconds: int) -> None:
    assert plan(7, seconds) == plan(7, seconds)
    assert plan(7, seconds) != plan(8, seconds)


@pytest.mark.parametrize(("seed", "seconds"), list(itertools.product(range(20), SECONDS)))
def test_every_kind_of_fault_comes_again_and_within_the_time(seed: int, seconds: int) -> None:
    gusts = plan(seed, seconds)
    times = [sum(gust.kind == kind for gust in gusts) for kind in KINDS]
    assert min(times) >= 2
    assert all(gust.begins >= 0 and gust.begins + gust.lasts <= seconds + 0.1 for gust in gusts)


@pytest.mark.parametrize("seed", range(20))
def test_one_deployment_comes_in_the_middle(seed: int) -> None:
    [deployment] = [gust for gust in plan(seed, 180) if gust.kind == DEPLOYMENT]
    assert 60 < deployment.begins < 100


def test_a_fault_has_met_who_was_waiting_when_it_struck() -> None:
    requests = [
        Request("book", 1.0, 2.0, "201"),
        Request("book", 1.5, 3.0, "503"),
        Request("list", 9.0, 9.5, "201"),
    ]
    gust = Gust("kill", 0, 8, {})
    blown = [Blown(gust, (1.7, 2.5)), Blown(gust, (5.0,)), Blown(Gust("slow", 0, 1, {}), ())]
    assert met(blown, requests) == {
        "kill": Met(gusts=2, struck=3, in_flight=2, requests=2),
        "slow": Met(gusts=1, struck=0, in_flight=0, requests=0),
    }
