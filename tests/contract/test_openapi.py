"""The API's document is what the code says, and says of every operation all that a client has to know."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from infra.openapi.files import texts
from infra.openapi.operations import Operation, operations
from kernel.errors import Unauthenticated
from tests.contract.test_contract import references
from tests.doors import knock
from tests.promised import document

Document = dict[str, Any]
OPERATIONS = operations()
PUBLIC = {
    "check",
    "healthMessage",
    "healthPayment",
    "healthReservation",
    "healthRoom",
    "healthViewpage",
    "hearStripe",  # its signature says whose word it is
    "listPhotos",
    "listReviews",
    "listRooms",
    "quote",
    "readPhoto",
    "readRates",
    "readReview",
    "readRoom",
    "showAsset",
    "showConfig",
    "showDocument",
    "showPage",
    "showReference",
}
"""What anybody may ask without signing in. A new route is not here, and so has to have an authorizer."""


def of(operation: Operation) -> Document:
    said: Document = document()["paths"][operation.path][operation.method.lower()]
    return said


@pytest.mark.parametrize("path", texts(), ids=lambda path: path.name)
def test_the_files_are_what_the_code_says(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == texts()[path], "run `make contracts`"


def test_every_reference_leads_somewhere_and_every_schema_is_one() -> None:
    for reference in references(document()):
        found: Any = document()
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    for each in document()["components"]["schemas"].values():
        Draft202012Validator.check_schema(each)


def test_no_two_operations_have_one_name() -> None:
    names = [operation.identifier for operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_no_route_is_open_by_omission() -> None:
    assert {operation.identifier for operation in OPERATIONS if operation.sign_in is None} == PUBLIC


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.identifier)
def test_an_operation_says_who_may_ask_and_what_may_come_back(operation: Operation) -> None:
    said = of(operation)
    assert (
        said["security"]
        == {
            None: [],
            "SignedIn": [{"bearer": []}],
            "OptionalSignIn": [{}, {"bearer": []}],
        }[operation.sign_in]
    )
    assert ("401" in said["responses"]) == (operation.sign_in is not None)
    assert {"429", "500", "503"} <= said["responses"].keys()
    in_the_path = [each["name"] for each in said.get("parameters", ()) if each["in"] == "path"]
    assert in_the_path == re.findall(r"\{(\w+)\}", operation.path)
    assert ("requestBody" in said) == (operation.promise.takes is not None)


def test_a_link_leads_from_what_is_made_to_what_can_be_done_with_it() -> None:
    links = document()["paths"]["/reservations"]["post"]["responses"]["201"]["links"]
    assert links["cancelReservation"]["parameters"] == {"path.rsvId": "$response.body#/rsvId"}
    assert links["readPayment"]["parameters"] == {"path.payId": "$response.body#/payId"}
    assert "deleteRoom" not in links


def test_every_problem_type_of_a_status_is_named() -> None:
    (responses,) = [of(each)["responses"] for each in OPERATIONS if each.identifier == "makeReservation"]
    (_, narrowed) = responses["409"]["content"]["application/problem+json"]["schema"]["allOf"]
    assert "/problems/price-changed" in narrowed["properties"]["type"]["enum"]
    shared = responses["401"]["$ref"].rsplit("/", 1)[-1]
    assert shared == Unauthenticated.__name__


def test_programs_get_the_document_and_people_a_page_that_runs_nothing() -> None:
    served = knock("viewpage", "GET", "/openapi.json", headers={"Accept": "text/plain"})
    assert served.body == document()
    page = knock("viewpage", "GET", "/docs")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert [name for name in re.findall(r'(?:src|href)="([^"#]+)"', page.text) if "//" in name] == []
    assert all(f'id="{operation.identifier}"' in page.text for operation in OPERATIONS)
