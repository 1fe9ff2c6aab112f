"""What every table shares: safe time limits for PynamoDB, opaque cursors, and outcomes of conditional writes."""

import base64
import binascii
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from kernel import aws, settings
from kernel.chance import DICE
from kernel.errors import Invalid, Unavailable, Violation
from kernel.ids import new_id
from kernel.pynamo import Connection, Model, TableConnection, TransactWrite

_CONDITION_FAILED = "ConditionalCheckFailedException"
_IN_PROGRESS = "TransactionInProgressException"
_CONTENDED_ATTEMPTS = 5
_SEAL_BYTES = 16


class TableMeta:
    """Base of a model's Meta. PynamoDB's own defaults wait 15 and 30 seconds, longer than a function lives."""

    connect_timeout_seconds = 1
    read_timeout_seconds = 2
    max_retry_attempts = 2
    base_backoff_ms = 25


def client() -> Any:
    """The client that all tables share, with the time limits that PynamoDB is given."""
    return aws.client(
        "dynamodb",
        connect_timeout_seconds=TableMeta.connect_timeout_seconds,
        read_timeout_seconds=TableMeta.read_timeout_seconds,
        attempts=1 + TableMeta.max_retry_attempts,
    )


class TableItem(Model):
    """Base of a table's items. PynamoDB makes a client for each class of them, which costs a cold start 30 ms each and
    each its first request a connection of its own; here they have one.
    """

    @classmethod
    def _get_connection(cls) -> TableConnection:
        made = super()._get_connection()
        _on_the_shared_client(made.connection)
        return made


def _on_the_shared_client(connection: Connection) -> Connection:
    connection._client = client()  # noqa: SLF001 - it takes no client in any other way
    return connection


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


def transact(fill: Callable[[TransactWrite], None]) -> None:
    """Writes what `fill` puts into the transaction, all of it or nothing.

    While another write holds one of the items it is tried again, each time under a fresh token.
    Raises ConditionFailedError, or Unavailable when the store did not answer or the items stayed contended.
    """
    for attempt in range(_CONTENDED_ATTEMPTS):
        try:
            with (
                conditional(),
                TransactWrite(connection=_connection(), client_request_token=new_id()) as writes,
            ):
                fill(writes)
            return
        except Unavailable as error:
            if not _contended(error.__cause__):
                raise
            backoff = TableMeta.base_backoff_ms / 1000 * 2**attempt
            time.sleep(DICE.uniform(backoff / 2, backoff))
    raise Unavailable("Too many at this item just now.")


def _connection() -> Connection:
    return _on_the_shared_client(_made_connection())


@cache
def _made_connection() -> Connection:
    return Connection()


def _contended(error: BaseException | None) -> bool:
    if not isinstance(error, TransactWriteError):
        return False
    reasons = {reason.code for reason in error.cancellation_reasons if reason is not None}
    if "TransactionConflict" in reasons:
        return True
    # Only an answer has a code: PynamoDB's own `cause_response_code` fails over an answer that never came.
    cause = error.cause
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] == _IN_PROGRESS


def _condition_failed(error: PynamoDBException) -> bool:
    if isinstance(error, TransactWriteError):
        return any(
            reason is not None and reason.code == "ConditionalCheckFailed"
            for reason in error.cancellation_reasons
        )
    cause = error.cause
    return isinstance(cause, ClientError) and cause.response["Error"]["Code"] == _CONDITION_FAILED


def cursor(last_key: dict[str, Any] | None, of: str) -> str | None:
    """A sealed cursor for the key at which a page of the list `of` ended; None at the end."""
    if last_key is None:
        return None
    told = json.dumps(last_key).encode()
    return base64.urlsafe_b64encode(_seal(told, of) + told).decode().rstrip("=")


def key_of(cursor: str | None, of: str) -> dict[str, Any] | None:
    """The key inside a cursor of the list `of`. Raises Invalid for anything that was not sealed here for that list."""
    if cursor is None:
        return None
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    seal, told = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(told, of)):
        raise _not_ours()
    key: dict[str, Any] = json.loads(told)
    return key


def _seal(told: bytes, of: str) -> bytes:
    """Nobody outside knows the key, so nobody makes a cursor, changes one, or takes it to another list."""
    secret = settings.text("CURSOR_KEY").encode()
    return hmac.digest(secret, b"%d:%b:%b" % (len(of), of.encode(), told), "sha256")[:_SEAL_BYTES]


def _not_ours() -> Invalid:
    return Invalid("The cursor is not one of ours.", [Violation("?cursor", "take it from _links.next")])
