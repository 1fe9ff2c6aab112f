"""Many clients over HTTP want the same nights of the deployed house: some serial order explains what they were told."""

import pytest

from tests.checks import promises, rest
from tests.depth import deep, depth
from tests.house import House
from tests.race.http.crowd import Crowd
from tests.waiting import eventually

BOOKINGS, CLIENTS, PATIENCE = depth(48, 1_000), depth(6, 10), depth(30, 180)


@pytest.mark.timeout(1800)
def test_a_crowd_breaks_no_promise(crowded: House, capsys: pytest.CaptureFixture[str]) -> None:
    crowd = Crowd(crowded, seed=1, bookings=BOOKINGS, clients=CLIENTS)
    crowd.play()

    def at_rest() -> bool:
        snapshot = crowd.snapshot()
        assert rest.violations(snapshot) == []
        assert not deep() or rest.unsettled(snapshot) == []
        return True

    eventually(at_rest, within=PATIENCE, what="rest")
    wrong = promises.broken(crowd.history, crowd.names(), crowd.snapshot())
    assert not wrong, "\n".join(wrong)
    bookings, contended = len(crowd.history.bookings()), crowd.history.contended()
    with capsys.disabled():
        words = ", ".join(f"{word}: {number}" for word, number in crowd.history.words().most_common())
        print(f"\n  {bookings} bookings over HTTP, {contended} met a conflict\n  {words}")
    assert contended * 3 >= bookings
