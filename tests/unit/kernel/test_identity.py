"""Who is asking."""

import pytest

from kernel.errors import Unauthenticated
from kernel.identity import Caller, caller, optional_caller


@pytest.mark.parametrize("groups", ["host,guest", "[host, guest]", ["host", "guest"]])
def test_roles_are_read_however_the_gateway_writes_lists(groups: object) -> None:
    context = {"authorizer": {"claims": {"sub": "mina", "cognito:groups": groups, "name": "Mina"}}}
    assert caller(context) == Caller("mina", frozenset({"host", "guest"}), "Mina")


def test_a_lambda_authorizers_context_is_read_too() -> None:
    assert optional_caller({"authorizer": {"sub": "mina", "principalId": "mina"}}) == Caller("mina")


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {"principalId": "anonymous"}}])
def test_nobody_is_nobody(context: dict[str, object]) -> None:
    assert optional_caller(context) is None
    with pytest.raises(Unauthenticated):
        caller(context)


def test_only_the_group_makes_an_admin() -> None:
    assert Caller("mina", frozenset({"admin"})).is_admin
    assert not Caller("admin", frozenset({"host"})).is_admin
