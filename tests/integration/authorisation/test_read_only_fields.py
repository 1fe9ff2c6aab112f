"""What only the server says of a thing, no body can set: generated from the schemas of the document."""

from typing import Any

import msgspec
import pytest

from infra.openapi.operations import Operation, operations
from infra.openapi.schemas import fields
from kernel.promises import Many, Shown
from tests.authorisation.asked import body_of
from tests.authorisation.policy import PEOPLE, POLICY
from tests.integration.authorisation.scene import Scene

WRITES = [operation for operation in operations() if operation.promise.takes]


def takes(operation: Operation) -> dict[str, Any]:
    assert operation.promise.takes is not None
    return dict(fields(operation.promise.takes))


def every_field_shown() -> set[str]:
    """The names of all fields of everything that the API shows."""
    given = [operation.promise.gives for operation in operations()]
    kinds = [each.each if isinstance(each, Many) else each for each in given]
    shown = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Shown)]
    return {field.encode_name for kind in shown for field in msgspec.structs.fields(kind)}


def ignored(operation: Operation) -> set[str]:
    """What the body may hold and nobody reads, so that what was read can be sent back."""
    return {name for name, schema in takes(operation).items() if schema in ({}, {"default": None})}


def who_may(operation: Operation) -> str:
    row = POLICY[operation.identifier]
    return next(person for person in PEOPLE if getattr(row, person) < 300)


def test_there_is_something_to_refuse() -> None:
    assert {"hostId", "status", "reviewCnt", "createdAt", "payId", "guestId", "readAt"} <= every_field_shown()
    assert ignored(next(each for each in WRITES if each.identifier == "replaceRoom")) >= {"hostId", "status"}


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.identifier)
def test_a_field_that_is_only_shown_is_refused_and_nothing_changes(
    scene: Scene, operation: Operation
) -> None:
    good, person = (
        body_of(operation, {**scene.ids, **scene.own.get(operation.identifier, {})}),
        who_may(operation),
    )
    for name in sorted(every_field_shown() - takes(operation).keys()):
        with scene.undone(operation):
            before = scene.state()
            answer = scene.answer(operation, person, body={**good, name: "x"})
            assert answer.status == 422, (name, answer.text)
            assert answer.body["errors"] == [{"pointer": f"/{name}", "detail": "unknown or read-only field"}]
            assert scene.state() == before, name


@pytest.mark.parametrize(
    "operation", [each for each in WRITES if ignored(each)], ids=lambda operation: operation.identifier
)
def test_what_is_sent_back_as_it_was_shown_is_read_and_ignored(scene: Scene, operation: Operation) -> None:
    good, person = body_of(operation, scene.ids), who_may(operation)
    with scene.undone(operation):
        honest = scene.answer(operation, person)
    with scene.undone(operation):
        answer = scene.answer(operation, person, body={**good, **dict.fromkeys(ignored(operation), "x")})
        assert answer.status == 200, answer.text
    assert answer.body == honest.body
