"""What a call of AWS's API needs: each action, and the resource that it touches."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.permissions.packaged import ACCOUNT, REGION, Use

Request = Mapping[str, Any]
_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def needed(service: str, operation: str, request: Request) -> Iterator[Use]:
    """What the caller of an operation must be allowed. A KeyError: nobody has said yet what this one needs."""
    if service == "dynamodb":
        yield from _of_tables(operation, request)
    else:
        yield from _OTHERS[service, operation](request)


def _of_tables(operation: str, request: Request) -> Iterator[Use]:
    if operation == "TransactWriteItems":
        for part in request["TransactItems"]:
            ((kind, inner),) = part.items()
            yield Use(f"dynamodb:{_PARTS[kind]}", _table(inner["TableName"]))
    elif "RequestItems" in request:
        for name in request["RequestItems"]:
            yield Use(f"dynamodb:{operation}", _table(name))
    else:
        index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
        yield Use(f"dynamodb:{operation}", _table(request["TableName"]) + index)


def _table(name: str) -> str:
    return _arn("dynamodb", f"table/{name}")


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def _bus(request: Request) -> Iterator[Use]:
    for name in {entry["EventBusName"] for entry in request["Entries"]}:
        yield Use("events:PutEvents", _arn("events", f"event-bus/{name}"))


def _queue(request: Request) -> Iterator[Use]:
    yield Use("sqs:SendMessage", _arn("sqs", request["QueueUrl"].rsplit("/", 1)[-1]))


def _function(request: Request) -> Iterator[Use]:
    yield Use("lambda:InvokeFunction", request["FunctionName"])


def _parameter(request: Request) -> Iterator[Use]:
    yield Use("ssm:GetParameter", _arn("ssm", f"parameter{request['Name']}"))


def _parameters(request: Request) -> Iterator[Use]:
    for name in request["Names"]:
        yield Use("ssm:GetParameters", _arn("ssm", f"parameter{name}"))


def _mail(request: Request) -> Iterator[Use]:
    domain = request["Source"].rsplit("@", 1)[-1]
    yield Use("ses:SendEmail", _arn("ses", f"identity/{domain}"))


def _read_object(request: Request) -> Iterator[Use]:
    yield _object("s3:GetObject", request["Bucket"], request["Key"])
    # Who may not list a bucket is told that an absent object is forbidden.
    yield Use("s3:ListBucket", f"arn:aws:s3:::{request['Bucket']}")


def _list_objects(request: Request) -> Iterator[Use]:
    yield Use("s3:ListBucket", f"arn:aws:s3:::{request['Bucket']}")


def _delete_objects(request: Request) -> Iterator[Use]:
    for each in request["Delete"]["Objects"]:
        yield _object("s3:DeleteObject", request["Bucket"], each["Key"])


def _copy_object(request: Request) -> Iterator[Use]:
    source = request["CopySource"]
    yield _object("s3:GetObject", source["Bucket"], source["Key"])
    yield _object("s3:PutObject", request["Bucket"], request["Key"])


def _write_object(action: str) -> Callable[[Request], Iterator[Use]]:
    def needs(request: Request) -> Iterator[Use]:
        yield _object(action, request["Bucket"], request["Key"])

    return needs


def _object(action: str, bucket: str, key: str) -> Use:
    return Use(action, f"arn:aws:s3:::{bucket}/{key}")


_OTHERS: dict[tuple[str, str], Callable[[Request], Iterator[Use]]] = {
    ("events", "PutEvents"): _bus,
    ("sqs", "SendMessage"): _queue,
    ("sqs", "SendMessageBatch"): _queue,
    ("lambda", "Invoke"): _function,
    ("ssm", "GetParameter"): _parameter,
    ("ssm", "GetParameters"): _parameters,
    ("ses", "SendEmail"): _mail,
    ("s3", "GetObject"): _read_object,
    ("s3", "CopyObject"): _copy_object,
    ("s3", "PutObject"): _write_object("s3:PutObject"),
    ("s3", "ListObjectsV2"): _list_objects,
    ("s3", "DeleteObjects"): _delete_objects,
    ("s3", "DeleteObject"): _write_object("s3:DeleteObject"),
}
