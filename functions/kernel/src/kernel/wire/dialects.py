"""How services are asked and how they answer: JSON under the name of an operation, or Lambda's invocation."""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, TypedDict
from urllib.parse import quote

import msgspec
from botocore.exceptions import ClientError, HTTPClientError

from kernel.ids import new_id
from kernel.wire.exchange import Answer

Arguments = Mapping[str, Any]


class Asked(NamedTuple):
    """What is sent of a call."""

    path: str
    headers: dict[str, str]
    body: bytes


class Dialect(Protocol):
    """`service` is its name in addresses and signatures."""

    service: str

    def ask(self, operation: str, arguments: Arguments) -> Asked:
        """The call as it is sent."""

    def read(self, answer: Answer) -> dict[str, Any]:
        """What a good answer says."""


class Value(TypedDict, total=False):
    """A value of an item: the one place where JSON has no word for what is meant, which is bytes."""

    S: str
    N: str
    B: bytes
    SS: list[str]
    NS: list[str]
    BS: list[bytes]
    M: dict[str, "Value"]
    L: list["Value"]
    NULL: bool
    BOOL: bool


Item = dict[str, Value]


class _Found(TypedDict, total=False):
    Item: Item


class _Keys(TypedDict, total=False):
    Keys: list[Item]
    AttributesToGet: list[str]
    ConsistentRead: bool
    ProjectionExpression: str
    ExpressionAttributeNames: dict[str, str]


class _Reason(TypedDict, total=False):
    Code: str
    Message: str | None
    Item: Item


_ITEMS: dict[str, Any] = {
    "Item": Item,
    "Attributes": Item,
    "LastEvaluatedKey": Item,
    "Items": list[Item],
    "Responses": dict[str, list[Item]] | list[_Found],
    "UnprocessedKeys": dict[str, _Keys],
    "UnprocessedItems": dict[str, list[dict[str, dict[str, Item]]]],
    "CancellationReasons": list[_Reason],
}
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ANYTHING = msgspec.json.Decoder()
_READ = {name: msgspec.json.Decoder(kind) for name, kind in _ITEMS.items()}


class Json:
    """DynamoDB and SSM: the operation is a header, its arguments are the body."""

    def __init__(self, service: str, target: str, version: str) -> None:
        self.service, self._target = service, target
        self._type = f"application/x-amz-json-{version}"

    def ask(self, operation: str, arguments: Arguments) -> Asked:
        if operation == "TransactWriteItems":  # sent again, it is the same transaction
            arguments = {"ClientRequestToken": new_id(), **arguments}
        headers = {"content-type": self._type, "x-amz-target": f"{self._target}.{operation}"}
        return Asked("/", headers, msgspec.json.encode(arguments))

    def read(self, answer: Answer) -> dict[str, Any]:
        return members(answer.body)


class Invocations:
    """Lambda, of which only `Invoke` is asked; the reply's `Payload` is read like a file, as botocore's is."""

    service = "lambda"

    def ask(self, operation: str, arguments: Arguments) -> Asked:
        assert operation == "Invoke"
        assert arguments.keys() == {"FunctionName", "Payload"}
        name = quote(arguments["FunctionName"], safe="")
        return Asked(f"/2015-03-31/functions/{name}/invocations", {}, arguments["Payload"])

    def read(self, answer: Answer) -> dict[str, Any]:
        error = answer.headers.get("x-amz-function-error")
        said = {"FunctionError": error} if error else {}
        return {"StatusCode": answer.status, **said, "Payload": io.BytesIO(answer.body)}


def members(body: bytes) -> dict[str, Any]:
    """What JSON says, with bytes where an item has bytes. Raises HTTPClientError when it is none."""
    try:
        parts = _MEMBERS.decode(body or b"{}")
        return {name: _READ.get(name, _ANYTHING).decode(part) for name, part in parts.items()}
    except msgspec.DecodeError as error:
        raise HTTPClientError(error=error) from error


def refusal(answer: Answer, operation: str) -> ClientError:
    """What the service says against it, as botocore's clients raise it."""
    try:
        told = members(answer.body)
    except HTTPClientError:
        told = {"message": answer.body.decode(errors="replace")}  # of something between us and the service
    named = told.pop("__type", None), answer.headers.get("x-amzn-errortype"), answer.status
    code = str(next(filter(None, named))).partition(":")[0].rpartition("#")[2]
    message = told.pop("message", None) or told.pop("Message", None) or ""
    metadata = {
        "RequestId": answer.headers.get("x-amzn-requestid", ""),
        "HTTPStatusCode": answer.status,
        "HTTPHeaders": {name.lower(): value for name, value in answer.headers.items()},
    }
    response: Any = {**told, "Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(response, operation)
