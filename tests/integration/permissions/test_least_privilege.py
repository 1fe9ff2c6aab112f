"""Each function's packaged role allows what the function does, and nothing beside it.

Every other test that plays in the house of one process holds the first half too: `tests/miniature` refuses what the
roles do not allow.
"""

import pytest

from infra.layout import SERVICES
from tests.permissions.packaged import ACCOUNT, REGION, Function, functions
from tests.permissions.walk import Walk

EVERY = [function for service in SERVICES for function in functions(service).values()]
PHOTOS = f"arn:aws:s3:::staybook-photos-{ACCOUNT}-{REGION}"
# As docs/security.md says and why; beside them only the names of log streams, which Lambda makes.
MADE_UP_LATER = {f"{PHOTOS}/incoming/*", f"{PHOTOS}/rooms/*"}


@pytest.mark.parametrize("function", EVERY, ids=lambda each: f"{each.service}-{each.door}")
def test_what_lambda_does_for_a_function_is_allowed(function: Function) -> None:
    assert [use for use in function.by_lambda if not function.permits(use)] == []


@pytest.mark.parametrize("function", EVERY, ids=lambda each: f"{each.service}-{each.door}")
def test_nothing_is_allowed_that_is_not_used(walk: Walk, function: Function) -> None:
    used = walk.house.watch.uses.get(function, set()) | function.by_lambda
    idle = [grant for grant in function.grants if not any(grant.permits(use) for use in used)]
    assert idle == []


def test_only_what_has_no_name_yet_is_allowed_by_a_pattern() -> None:
    grants = [grant for function in EVERY for grant in function.grants]
    assert {grant.action for grant in grants if "*" in grant.action} == set()
    assert {grant.resource for grant in grants if "*" in grant.resource} == MADE_UP_LATER


def test_no_two_functions_share_a_role() -> None:
    roles = [(function.service, function.role) for function in EVERY]
    assert len(set(roles)) == len(roles)
