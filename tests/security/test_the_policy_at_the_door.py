"""Strangers and people who are not signed in meet the policy at the front door as they do inside."""

import httpx
import pytest

from infra.openapi.operations import Operation, operations
from tests.authorisation.asked import body_of, path_of, query_of
from tests.authorisation.policy import POLICY
from tests.house import House, Person
from tests.security.scenery import Scenery

OPERATIONS = [operation for operation in operations() if operation.identifier != "hearStripe"]


def asked(person: Person, made: Scenery, operation: Operation) -> httpx.Response:
    ids = {**made.ids[""], **made.ids.get(operation.identifier, {})}
    path = operation.resource.format(**path_of(operation, ids))
    query = "&".join(f"{name}={value}" for name, value in query_of(operation, ids).items())
    address = f"{path}?{query}" if query else path
    body = made.bodies.get(operation.identifier, body_of(operation, ids))
    return person.insist(operation.method, address, body)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.identifier)
def test_nobody_gets_in_where_they_do_not_belong(house: House, made: Scenery, operation: Operation) -> None:
    row = POLICY[operation.identifier]
    assert asked(house.anybody(), made, operation).status_code == row.anonymous
    stranger = house.person(f"stranger-{operation.identifier}")  # in whose name nothing stands yet
    assert asked(stranger, made, operation).status_code == row.stranger


@pytest.mark.parametrize(
    "name", ["readReservation", "readPayment", "readMessage", "listBlocks", "readRefund"]
)
def test_an_admin_is_known_by_the_groups_of_the_token(house: House, made: Scenery, name: str) -> None:
    (operation,) = [each for each in OPERATIONS if each.identifier == name]
    assert asked(house.person("boss", "admin"), made, operation).status_code == POLICY[name].admin
