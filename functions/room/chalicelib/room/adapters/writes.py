"""Conditional writes that are spelled out: one update, or a transaction of several."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.room.adapters.items import TABLE
from kernel.chance import DICE
from kernel.dynamo import client
from kernel.errors import ChangedMeanwhile, Unavailable
from kernel.ids import new_id

Item = dict[str, Any]
_CONTENDED_ATTEMPTS = 6
_BACKOFF_SECONDS = 0.02


@dataclass
class Update:
    """An update expression as it grows; names and values are numbered as they come."""

    key: Item
    sets: list[str] = field(default_factory=list)
    removes: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    values: Item = field(default_factory=dict)

    def value(self, value: Item) -> str:
        for name, known in self.values.items():
            if known == value:
                return name
        name = f":v{len(self.values)}"
        self.values[name] = value
        return name

    def request(self) -> Item:
        parts = [f"SET {', '.join(self.sets)}"] if self.sets else []
        parts += [f"REMOVE {', '.join(self.removes)}"] if self.removes else []
        request = {"TableName": TABLE, "Key": self.key, "UpdateExpression": " ".join(parts)}
        request["ConditionExpression"] = " AND ".join(self.conditions)
        return request | ({"ExpressionAttributeValues": self.values} if self.values else {})


def write(updates: Sequence[Update], puts: Sequence[Item] = ()) -> None:
    """One conditional write, or one transaction of several. While another transaction holds one of the items it is
    tried again, each time under a fresh token. Raises ChangedMeanwhile or Unavailable.
    """
    for attempt in range(_CONTENDED_ATTEMPTS):
        try:
            with answering():
                return _send(updates, puts)
        except Unavailable as error:
            if not _contended(error.__cause__):
                raise
            time.sleep(_BACKOFF_SECONDS * 2**attempt * DICE.uniform(0.5, 1))
    raise Unavailable("Too many at this calendar just now.")


@contextmanager
def answering() -> Iterator[None]:
    """Around calls of the store: its refusals in our words. A conflict of transactions is no refusal: ask again."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if isinstance(error, ClientError) and _refused(error):
            raise ChangedMeanwhile from error
        raise Unavailable("The calendar does not answer just now.") from error


def _send(updates: Sequence[Update], puts: Sequence[Item]) -> None:
    if len(updates) == 1 and not puts:
        client().update_item(**updates[0].request())
        return
    items = [{"Update": update.request()} for update in updates] + [{"Put": put} for put in puts]
    client().transact_write_items(TransactItems=items, ClientRequestToken=new_id())


def _reasons(error: ClientError) -> set[str | None]:
    """Why the store refused: its code, and those of a transaction's parts."""
    parts = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    return {error.response["Error"]["Code"], *parts}


def _refused(error: ClientError) -> bool:
    return bool(_reasons(error) & {"ConditionalCheckFailed", "ConditionalCheckFailedException"})


def _contended(error: BaseException | None) -> bool:
    contended = {"TransactionConflict", "TransactionConflictException", "TransactionInProgressException"}
    return isinstance(error, ClientError) and bool(_reasons(error) & contended)
