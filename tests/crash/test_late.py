"""A booking that is late at any of its calls, whatever happened meanwhile, breaks nothing."""

import pytest

from tests.crash.late import MEANWHILE, plays
from tests.depth import depth
from tests.miniature.seams import Seams

DYING = depth(0, 12)  # calls after the standstill before each of which it may die


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_a_process_that_was_given_up_does_no_harm(
    seams: Seams, meanwhile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    played = list(plays(seams, meanwhile, dying=DYING))
    wrong = [f"{name}: {each}" for name, found in played for each in found]
    assert not wrong, "\n".join(wrong[:20])
    with capsys.disabled():
        print(f"\n  {meanwhile}: {len(played)} late bookings", end="")
