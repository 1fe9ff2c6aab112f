"""What every table shares: safe time limits for PynamoDB, opaque cursors, and outcomes of conditional writes."""

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from kernel.errors import Invalid, Unavailable, Violation

_CONDITION_FAILED = "ConditionalCheckFailedException"


class TableMeta:
    """Base of a model's Meta. PynamoDB's own defaults wait 15 and 30 seconds, longer than a function lives."""

    connect_timeout_seconds = 1
    read_timeout_seconds = 2
    max_retry_attempts = 2
    base_backoff_ms = 25


class ConditionFailedError(Exception):
    """A conditional write found another state than it asks for: nothing was written."""


@contextmanager
def conditional() -> Iterator[None]:
    """Around a write with a condition. Raises ConditionFailedError, or Unavailable when the store did not answer."""
    try:
        yield
    except PynamoDBException as error:
        if _condition_failed(error):
            raise ConditionFailedError from error
        raise Unavailable("The store does not answer just now.") from error


@contextmanager
def reading() -> Iterator[None]:
    """Around reads and unconditional writes. Raises Unavailable when the store did not answer."""
    try:
        yield
    except PynamoDBException as error:
        raise Unavailable("The store does not answer just now.") from error


def _condition_failed(error: PynamoDBException) -> bool:
    if isinstance(error, TransactWriteError):
        return any(reason is not None and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons)
    cause = error.cause
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] == _CONDITION_FAILED


def cursor(last_key: dict[str, Any] | None) -> str | None:
    """An opaque cursor for the key at which a page ended; None at the end."""
    if last_key is None:
        return None
    return base64.urlsafe_b64encode(json.dumps(last_key).encode()).decode().rstrip("=")


def key_of(cursor: str | None) -> dict[str, Any] | None:
    """The key inside a cursor of ours. Raises Invalid for anything else."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    if not isinstance(key, dict) or not all(isinstance(value, dict) for value in key.values()):
        raise _not_ours()
    return key


def _not_ours() -> Invalid:
    return Invalid("The cursor is not one of ours.", [Violation("?cursor", "take it from _links.next")])
