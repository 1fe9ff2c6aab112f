"""Ours and botocore's clients say the same and understand the same; only who reads the answer differs."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials as TheirCredentials
from botocore.exceptions import ClientError
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as some

from kernel.wire.credentials import Credentials
from kernel.wire.signature import signed
from tests.tables import REGION
from tests.unit.kernel.wire.service import Act, Heard, refuses, says, service

Connect = Callable[..., Any]
NOW = datetime(2026, 12, 1, 9, 0, 7, tzinfo=UTC)
KEY = {"pk": {"S": "R"}, "sk": {"B": b"\x00\xff"}}
ITEM: dict[str, Any] = {
    **KEY,
    "desc": {"S": "산장 \N{SNOWFLAKE} \"'\\"},
    "price": {"N": "200000"},
    "B": {"M": {"B": {"B": b"blob"}, "L": {"L": [{"B": b""}, {"NULL": True}, {"BOOL": False}]}}},
    "sets": {"BS": [b"1", b"2"]},
    "more": {"SS": ["a", "b"]},
    "most": {"NS": ["1", "2"]},
}
SAID = {
    "pk": {"S": "R"},
    "sk": {"B": "AP8="},
    "B": {"M": {"B": {"B": "YmxvYg=="}, "L": {"L": [{"B": ""}, {"NULL": True}, {"BOOL": False}]}}},
    "sets": {"BS": ["MQ==", "Mg=="]},
}
KEYS = {"Keys": [{"sk": {"B": "AP8="}}], "ConsistentRead": True, "ProjectionExpression": "#a"}
CALLS: list[tuple[str, str, Mapping[str, Any], Any]] = [
    ("dynamodb", "put_item", {"TableName": "things", "Item": ITEM}, {}),
    (
        "dynamodb",
        "update_item",
        {"TableName": "things", "Key": KEY, "ExpressionAttributeValues": {":b": {"B": b"b"}}},
        {"Attributes": SAID, "ConsumedCapacity": {"TableName": "things", "CapacityUnits": 1.5}},
    ),
    ("dynamodb", "get_item", {"TableName": "things", "Key": KEY}, {"Item": SAID}),
    ("dynamodb", "get_item", {"TableName": "things", "Key": KEY, "ConsistentRead": True}, {}),
    (
        "dynamodb",
        "query",
        {"TableName": "things", "KeyConditionExpression": "pk = :r", "Limit": 3},
        {"Items": [SAID, SAID], "Count": 2, "ScannedCount": 2, "LastEvaluatedKey": {"sk": {"B": "AP8="}}},
    ),
    (
        "dynamodb",
        "batch_get_item",
        {"RequestItems": {"things": {"Keys": [KEY]}}},
        {"Responses": {"things": [SAID]}, "UnprocessedKeys": {"things": KEYS}},
    ),
    (
        "dynamodb",
        "batch_write_item",
        {"RequestItems": {"things": [{"PutRequest": {"Item": ITEM}}, {"DeleteRequest": {"Key": KEY}}]}},
        {
            "UnprocessedItems": {
                "things": [{"PutRequest": {"Item": SAID}}, {"DeleteRequest": {"Key": {"sk": {"B": "AP8="}}}}]
            }
        },
    ),
    (
        "dynamodb",
        "transact_write_items",
        {"TransactItems": [{"Put": {"TableName": "things", "Item": ITEM}}], "ClientRequestToken": "T"},
        {},
    ),
    (
        "dynamodb",
        "transact_get_items",
        {"TransactItems": [{"Get": {"TableName": "things", "Key": KEY}}]},
        {"Responses": [{"Item": SAID}, {}]},
    ),
    (
        "ssm",
        "get_parameters",
        {"Names": ["/a", "/b"]},
        {"Parameters": [{"Name": "/a", "Value": "5"}], "InvalidParameters": ["/b"]},
    ),
    ("ssm", "get_parameter", {"Name": "/a", "WithDecryption": True}, {"Parameter": {"Value": "5"}}),
]
REASONS = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "no", "Item": SAID}]
REFUSALS: list[tuple[str, str, Mapping[str, Any], Act]] = [
    ("dynamodb", "put_item", {"TableName": "t", "Item": ITEM}, refuses("ConditionalCheckFailedException")),
    (
        "dynamodb",
        "put_item",
        {"TableName": "t", "Item": ITEM},
        refuses("ConditionalCheckFailedException", Item=SAID),
    ),
    (
        "dynamodb",
        "transact_write_items",
        {"TransactItems": [], "ClientRequestToken": "T"},
        refuses("TransactionCanceledException", CancellationReasons=REASONS),
    ),
    ("dynamodb", "get_item", {"TableName": "t", "Key": KEY}, says(b"<html/>", 403)),
    ("dynamodb", "get_item", {"TableName": "t", "Key": KEY}, says(b"", 404)),
    ("ssm", "get_parameter", {"Name": "/a"}, refuses("ParameterNotFound")),
    (
        "lambda",
        "invoke",
        {"FunctionName": "f", "Payload": b"{}"},
        says(
            {"Message": "none there", "Type": "User"},
            404,
            x_amzn_errortype="ResourceNotFoundException:http://internal.amazon.com/coral/",
        ),
    ),
]


SDK = get_session()


@pytest.fixture
def theirs(connect: Connect) -> Connect:
    """botocore's client of the same service."""

    def made(of: str, port: int) -> Any:
        config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
        endpoint = f"http://127.0.0.1:{port}"
        return SDK.create_client(of, config=config, endpoint_url=endpoint, region_name=REGION)

    return made


def sent(heard: Heard) -> tuple[Any, ...]:
    said = {name: heard.headers.get(name) for name in ("host", "content-type", "x-amz-target")}
    return heard.line, said, heard.body and json.loads(heard.body)


def without_metadata(reply: Any) -> Any:
    return {name: value for name, value in reply.items() if name != "ResponseMetadata"}


@pytest.mark.parametrize(("of", "operation", "arguments", "answer"), CALLS)
def test_a_call_is_said_and_its_answer_read_alike(
    of: str, operation: str, arguments: Mapping[str, Any], answer: Any, connect: Connect, theirs: Connect
) -> None:
    with service(says(answer)) as asked:
        ours = getattr(connect(asked, of), operation)(**arguments)
        their = getattr(theirs(of, asked.port), operation)(**arguments)
    assert sent(asked.heard[0]) == sent(asked.heard[1])
    assert ours == without_metadata(their)


@pytest.mark.parametrize(("of", "operation", "arguments", "answer"), REFUSALS)
def test_a_refusal_is_read_alike(
    of: str, operation: str, arguments: Mapping[str, Any], answer: Act, connect: Connect, theirs: Connect
) -> None:
    found = []
    with service(answer) as asked:
        for client in (connect(asked, of, attempts=1), theirs(of, asked.port)):
            with pytest.raises(ClientError) as refused:
                getattr(client, operation)(**arguments)
            found.append(refused.value)
    ours, their = found
    told = {"Error", "CancellationReasons", "Item"}
    assert {name: ours.response.get(name) for name in told} == {
        name: their.response.get(name) for name in told
    }
    for name in ("HTTPStatusCode", "HTTPHeaders"):
        assert ours.response["ResponseMetadata"].get(name) == their.response["ResponseMetadata"].get(name)
    assert ours.operation_name == their.operation_name


@pytest.mark.parametrize("crashed", [{}, {"x_amz_function_error": "Unhandled"}])
def test_a_function_is_invoked_alike(crashed: dict[str, Any], connect: Connect, theirs: Connect) -> None:
    name = f"arn:aws:lambda:{REGION}:123456789012:function:staybook-room-calendar:live"
    with service(says({"result": "지"}, **crashed)) as asked:
        replies = [
            client.invoke(FunctionName=name, Payload=b'{"command": "claim"}')
            for client in (connect(asked, "lambda"), theirs("lambda", asked.port))
        ]
    assert sent(asked.heard[0]) == sent(asked.heard[1])
    ours, their = [{**without_metadata(each), "Payload": each["Payload"].read()} for each in replies]
    assert ours == their


headers = some.dictionaries(
    some.sampled_from(["content-type", "x-amz-target", "x-amz-other"]),
    some.text(some.characters(min_codepoint=32, max_codepoint=126)),
)
texts = some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1)


# A step of "." or ".." is taken out by theirs before it signs; no path of ours has one.
paths = some.text(max_size=40).filter(lambda text: text not in {".", ".."})


@given(
    path=paths.map(lambda text: "/" + quote(text, safe="")),
    body=some.binary(max_size=60),
    said=headers,
    token=some.none() | texts,
    secret=texts,
    name=some.sampled_from(["dynamodb", "lambda", "ssm"]),
)
def test_a_request_is_signed_alike(
    path: str, body: bytes, said: dict[str, str], token: str | None, secret: str, name: str
) -> None:
    host = f"{name}.{REGION}.amazonaws.com"
    ours = signed(
        ("POST", path, body), {**said, "host": host}, Credentials("AKID", secret, token), (REGION, name), NOW
    )
    request = AWSRequest("POST", f"https://{host}{path}", headers=said, data=body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.auth, "get_current_datetime", lambda: NOW)
        SigV4Auth(TheirCredentials("AKID", secret, token), name, REGION).add_auth(request)
    assert ours["authorization"] == request.headers["Authorization"]
