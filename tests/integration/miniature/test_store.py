"""The store that races are played on answers as moto's does, of which the engine's is made: every call of a round,
played again there, one after another.
"""

import re
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.miniature.fixtures import seams_for_tests
from tests.miniature.house import Miniature
from tests.miniature.seams import SERVICES
from tests.race.round import Round
from tests.tables import REGION, create_tables

Request = Mapping[str, Any]
SHOWN = ("Item", "Items", "Attributes", "LastEvaluatedKey")


def found(reply: Request) -> Any:
    """What a caller sees of an answer."""
    return {name: reply[name] for name in SHOWN if reply.get(name)}


def refused(error: ClientError) -> Any:
    """What a caller sees of a refusal."""
    reasons = [reason["Code"] for reason in error.response.get("CancellationReasons", [])]
    return error.response["Error"]["Code"], reasons


def asked(client: Any, operation: str, request: Request) -> Any:
    method = getattr(client, re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower())
    try:
        return found(method(**request))
    except ClientError as error:
        return refused(error)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Request, Any]]:
    """Every call of a round with accidents, in order, and what came of it."""
    made: list[tuple[str, Request, Any]] = []
    answer = Miniature.aws

    def recorded(self: Miniature, service: str, operation: str, request: Any) -> Any:
        try:
            reply = answer(self, service, operation, request)
        except ClientError as error:
            made.append((operation, request, refused(error)))
            raise
        if service == "dynamodb":
            made.append((operation, request, found(reply)))
        return reply

    monkeypatch.setattr(Miniature, "aws", recorded)
    with seams_for_tests() as seams:
        assert Round(seams, 0).play() == []
    return made


def test_every_call_is_answered_the_same(calls: list[tuple[str, Request, Any]], store: None) -> None:
    for service in SERVICES:
        create_tables(service)
    client = boto3.client("dynamodb", region_name=REGION)
    for number, (operation, request, expected) in enumerate(calls):
        assert asked(client, operation, request) == expected, f"call {number}: {operation} {request}"
    assert len(calls) > 300
