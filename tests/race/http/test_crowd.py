"""Many clients over HTTP want the same nights of the deployed house: some serial order explains what they were told."""

import pytest

from infra.cloud import LOCAL, cloud_of
from infra.operations.dead_letters import failures
from tests.checks import promises, rest
from tests.depth import deep, depth
from tests.house import House
from tests.race.http.crowd import Crowd
from tests.waiting import eventually

BOOKINGS, CLIENTS, PATIENCE = depth(48, 1_000), depth(6, 10), depth(30, 180)


def dead_letters() -> list[str]:
    """What was given up, for whoever reads the failure."""
    found = failures(cloud_of(LOCAL, None))
    return [f"{each.queue} since {each.since}: {each.what}: {each.why}" for each in found]


@pytest.mark.timeout(1800)
def test_a_crowd_breaks_no_promise(crowded: House, capsys: pytest.CaptureFixture[str]) -> None:
    crowd = Crowd(crowded, seed=1, bookings=BOOKINGS, clients=CLIENTS)
    crowd.play()

    def at_rest() -> bool:
        snapshot = crowd.snapshot()
        open_ends = rest.violations(snapshot) + (rest.unsettled(snapshot) if deep() else [])
        assert not open_ends, "\n".join(open_ends + dead_letters())
        return True

    eventually(at_rest, within=PATIENCE, what="rest")
    wrong = promises.broken(crowd.history, crowd.names(), crowd.snapshot())
    assert not wrong, "\n".join(wrong)
    bookings, contended = len(crowd.history.bookings()), crowd.history.contended()
    with capsys.disabled():
        words = ", ".join(f"{word}: {number}" for word, number in crowd.history.words().most_common())
        print(f"\n  {bookings} bookings over HTTP, {contended} met a conflict\n  {words}")
    assert contended * 3 >= bookings
