"""What every table shares: safe time limits for PynamoDB, and outcomes of reads and writes in the house's words."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PynamoDBException, TransactWriteError
from pynamodb.expressions.condition import Condition

from kernel import aws
from kernel.chance import DICE
from kernel.errors import ChangedMeanwhile, Unavailable
from kernel.ids import new_id
from kernel.pynamo import Connection, Model, TableConnection, TransactWrite

_FAILURES = (PynamoDBException, ClientError, BotoCoreError)
_CONDITION_FAILED = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}
_CONTENDED = {"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"}
_BACKOFFS = (0.025, 0.05, 0.1, 0.2, 0.4)  # seconds, at most


class TableMeta:
    """Base of a model's Meta. PynamoDB's own defaults wait 15 and 30 seconds, longer than a function lives."""

    connect_timeout_seconds = 1
    read_timeout_seconds = 2
    max_retry_attempts = 2


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


class _Contended(Unavailable):
    """Another write holds one of the items: nothing was written, nothing was judged."""


@contextmanager
def conditional() -> Iterator[None]:
    """Around a write with a condition. Raises ChangedMeanwhile when it does not hold, or Unavailable when the store did
    not answer.
    """
    try:
        yield
    except _FAILURES as error:
        codes = _codes(error)
        if codes & _CONDITION_FAILED:
            raise ChangedMeanwhile from error
        if codes & _CONTENDED:
            raise _Contended("Too many at this item just now.") from error
        raise Unavailable("The store does not answer just now.") from error


@contextmanager
def reading() -> Iterator[None]:
    """Around reads and unconditional writes. Raises Unavailable when the store did not answer."""
    try:
        yield
    except _FAILURES as error:
        raise Unavailable("The store does not answer just now.") from error


def transact(fill: Callable[[TransactWrite], None]) -> None:
    """Writes what `fill` puts into the transaction, all of it or nothing. Raises as `until_uncontended` does."""

    def write(token: str) -> None:
        with TransactWrite(connection=_connection(), client_request_token=token) as writes:
            fill(writes)

    until_uncontended(write)


def until_uncontended(write: Callable[[str], object]) -> None:
    """Does `write`, which has a condition or is a transaction. While another write holds one of the items it is done
    again, each time with a fresh token to tell a transaction by.

    Raises ChangedMeanwhile, or Unavailable when the store did not answer or the items stayed contended.
    """
    for seconds in _BACKOFFS:
        with suppress(_Contended), conditional():
            write(new_id())
            return
        time.sleep(seconds * DICE.uniform(0.5, 1))
    with conditional():
        write(new_id())


class Versioned(Protocol):
    """What counts its changes."""

    @property
    def version(self) -> int: ...


def still(version: NumberAttribute, before: Versioned | None) -> Condition:
    """That the kept version is the one of `before`; None: that there is none."""
    return version.does_not_exist() if before is None else version == before.version


def _connection() -> Connection:
    return _on_the_shared_client(_made_connection())


@cache
def _made_connection() -> Connection:
    return Connection()


def _codes(error: Exception) -> set[str | None]:
    """What the store says against it: its code, and those of a transaction's parts. Nothing when it did not answer."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if not isinstance(cause, ClientError):
        return set()
    parts = {part.get("Code") for part in cause.response.get("CancellationReasons", [])}
    if isinstance(error, TransactWriteError):  # PynamoDB has taken them out of there
        parts = {part.code for part in error.cancellation_reasons if part is not None}
    return {cause.response["Error"]["Code"], *parts}
