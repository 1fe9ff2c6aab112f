"""Every rule of the protocol, broken on purpose, is missed: by a race, or by a booking that is late."""

from collections.abc import Iterable, Iterator

import pytest

from tests.crash.late import plays
from tests.depth import depth
from tests.miniature.seams import Seams
from tests.race.mutants import MUTANTS
from tests.race.round import Round

FIRST_ROUNDS, ROUNDS = 12, 80
LATE = (
    "the guest cancels",
    "time passes and settlement comes",
    "the client asks again and time passes",
)
DYING = 6
SLOW = {
    "`limit` judged before `exists`",
    "a request that frees nights itself after a failed step",
    "a void that forgets absent payments",
    'a void that takes "not begun" for an outcome',
}
"""Broken rules that show late: they are for the long run."""


def caught(seams: Seams) -> Iterator[str]:
    """What the suites find wrong, as soon as they do."""
    yield from _raced(seams, range(FIRST_ROUNDS))
    for meanwhile in LATE:
        for name, wrong in plays(seams, meanwhile, dying=DYING):
            yield from (f"{name}: {each}" for each in wrong)
    yield from _raced(seams, range(FIRST_ROUNDS, ROUNDS))


def _raced(seams: Seams, seeds: Iterable[int]) -> Iterator[str]:
    for seed in seeds:
        yield from (f"race, seed {seed}: {each}" for each in _played(seams, seed))


def _played(seams: Seams, seed: int) -> list[str]:
    try:
        return Round(seams, seed).play()
    except AssertionError as error:  # a house that never comes to rest is wrong too
        return [str(error)]


@pytest.mark.parametrize("mutant", depth([each for each in MUTANTS if each not in SLOW], list(MUTANTS)))
def test_a_broken_rule_is_caught(
    seams: Seams, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mutant: str
) -> None:
    MUTANTS[mutant](monkeypatch)
    found = next(caught(seams), None)
    assert found, f"{mutant}: nobody noticed"
    with capsys.disabled():
        print(f"\n  {mutant}\n    {found[:150]}", end="")
