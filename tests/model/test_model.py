"""The protocol as an executable specification: no interleaving within its bounds breaks a promise, and every rule of it
answers a schedule that is shown when the rule is left out or broken.
"""

import time

import pytest

from tests.depth import deep, depth
from tests.model.explore import Job, examine, examine_all
from tests.model.scenarios import HOLES, MUTANTS, SCENARIOS

STATES = depth(9_000, 1_500_000)  # of each scenario
FIRST = depth((15_000,), (15_000, 300_000))  # of each scenario, before a broken rule shows
SHORT = ("void waits for an unknown charge", "the guest's map keeps ended bookings", "check then act")


def test_no_interleaving_breaks_a_promise(capsys: pytest.CaptureFixture[str]) -> None:
    """`make test` explores the first states of each scenario, `make deep` all of them."""
    jobs = [Job("protocol", (), (scenario,), STATES) for scenario in SCENARIOS]
    began, states = time.perf_counter(), 0
    for found in examine_all(jobs) if deep() else map(examine, jobs):
        assert found.wrong is None, str(found)
        assert not (deep() and found.bounded), f"{found.scenario} has more states than {STATES}"
        states += found.states
    with capsys.disabled():
        seconds = time.perf_counter() - began
        print(f"\n  {states:,} states of {len(SCENARIOS)} scenarios in {seconds:.0f} s", end="")


@pytest.mark.parametrize("rule", [rule for rule in HOLES + MUTANTS if deep() or rule in SHORT])
def test_every_rule_answers_a_schedule(rule: str, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tuple(rule.split(", "))
    looks = (examine(Job(rule, broken, SCENARIOS, most)) for most in FIRST)
    found = next((look for look in looks if look.wrong), None)
    assert found, f"{rule}: nothing happens without it"
    with capsys.disabled():
        print(f"\n  {found if deep() else rule + ': ' + str(found.wrong)}", end="")
