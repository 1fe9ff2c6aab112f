"""The catalogue of problems speaks of all there are, and the gateway answers with no others."""

import pytest

from infra.gateway.gateway_responses import REFUSALS, Refusal
from infra.openapi.operations import operations
from infra.openapi.problems import Kind, kinds

KINDS = kinds(operations())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_problem_has_one_status_and_an_example_that_is_one(kind: Kind) -> None:
    assert len({error.status for error in kind.errors}) == 1
    example = kind.example
    assert example["type"] == f"/problems/{kind.name}"
    assert example["status"] == kind.errors[0].status
    assert all(example[member] for member in ("title", "detail", "instance", "correlationId"))


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.response_type)
def test_the_gateway_says_what_a_service_would_say(refusal: Refusal) -> None:
    (kind,) = [kind for kind in KINDS if kind.name == refusal.problem]
    said = kind.errors[0]
    assert (refusal.status, refusal.title) == (said.status, said.title)


def test_a_conflict_of_each_kind_has_a_name_of_its_own() -> None:
    assert "conflict" not in {kind.name for kind in KINDS}
