"""Every operation, asked by five people, is answered as the policy says: who is refused changes nothing, lists show the
caller's own, and a booking shows only to whom it concerns. Without any one of the checks that is not so.
"""

import pytest

from tests.authorisation.policy import PEOPLE, POLICY
from tests.integration.authorisation.breaches import MATRIX, OPERATIONS, breaches
from tests.integration.authorisation.mutants import MUTANTS, Mutant
from tests.integration.authorisation.scene import Scene


def test_the_policy_speaks_of_every_operation_and_of_no_other() -> None:
    assert set(POLICY) == set(OPERATIONS)


@pytest.mark.parametrize(("name", "person"), MATRIX)
def test_everybody_is_answered_as_the_policy_says(scene: Scene, name: str, person: str) -> None:
    assert breaches(scene, name, person) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.place.removeprefix("chalicelib."))
def test_a_check_that_is_deleted_is_missed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, mutant: Mutant
) -> None:
    mutant.plant(monkeypatch)
    found = {person: breaches(scene, mutant.shows, person) for person in PEOPLE}
    assert any(found.values()), f"{mutant.place} without {mutant.check}: nobody noticed"
