"""TransactWriteItems on moto's tables: every condition first, then every write, all or nothing.

moto copies each table that a transaction touches, with its stream, and swaps the copy in when it fails: at 2,400
items that is about one transaction a second.
"""

from __future__ import annotations

import copy
import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localstack.aws.api.dynamodb import IdempotentParameterMismatchException
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import (
    MockValidationException,
    MultipleTransactionsException,
    TooManyTransactionsException,
    TransactionCanceledException,
    TransactWriteSingleOpException,
)
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

type Reason = tuple[str, str, dict[str, Any] | None] | tuple[None, None, None]

MOST_ACTIONS = 100
TOKEN_SECONDS = 600.0  # how long DynamoDB remembers a token
FINE: Reason = (None, None, None)


@dataclass(frozen=True)
class Action:
    """One action of a transaction: `kind` is Put, Update, Delete or ConditionCheck."""

    kind: str
    request: Mapping[str, Any]
    table: Table
    key: Mapping[str, Any]


@dataclass(frozen=True)
class Undo:
    """What one item and its table's stream were before an action."""

    table: Table
    key: Mapping[str, Any]
    item: Item | None
    records: int

    def __call__(self, backend: DynamoDBBackend) -> None:
        """Puts both back, without leaving a trace in the stream."""
        put_back(backend, self.table, self.key, self.item)
        if self.table.stream_shard:
            del self.table.stream_shard.items[self.records :]


def transact_write_items(backend: DynamoDBBackend, transact_items: Sequence[Mapping[str, Any]]) -> None:
    """Carries a transaction out; `transact_items` is the request's list.

    Raises TransactionCanceledException with a reason for each action, or a validation error; nothing is written then.
    """
    actions = _actions(backend, transact_items)
    reasons = [_check(backend, action) for action in actions]
    if any(code for code, _, _ in reasons):
        raise TransactionCanceledException(reasons)
    undo: list[Undo] = []
    try:
        for action in actions:
            undo.append(_remember(backend, action))
            _apply(backend, action)
    except MockValidationException as problem:
        _undo_all(backend, undo)
        failed = ("ValidationError", str(problem.message), None)
        raise TransactionCanceledException(
            [failed if number == len(undo) - 1 else FINE for number in range(len(actions))]
        ) from problem
    except BaseException:
        _undo_all(backend, undo)
        raise


def put_back(backend: DynamoDBBackend, table: Table, key: Mapping[str, Any], item: Item | None) -> None:
    """Makes `item` the one under `key`, past conditions and streams; None removes it."""
    hash_key, range_key = backend.get_keys_value(table, dict(key))
    place = table.items if range_key is None else table.items[hash_key]
    name = hash_key if range_key is None else range_key
    if item is None:
        place.pop(name, None)
    else:
        place[name] = item


def _actions(backend: DynamoDBBackend, transact_items: Sequence[Mapping[str, Any]]) -> list[Action]:
    if len(transact_items) > MOST_ACTIONS:
        raise TooManyTransactionsException
    actions = [_action(backend, entry) for entry in transact_items]
    targets = {
        (action.table.name, json.dumps(action.key, sort_keys=True, default=repr)) for action in actions
    }
    if len(targets) < len(actions):
        raise MultipleTransactionsException
    return actions


def _action(backend: DynamoDBBackend, entry: Mapping[str, Any]) -> Action:
    if len(entry) != 1:
        raise TransactWriteSingleOpException
    [(kind, request)] = entry.items()
    table = backend.get_table(request["TableName"])
    attributes = request["Item"] if kind == "Put" else request["Key"]
    missing = [name for name in table.table_key_attrs if name not in attributes]
    if missing:
        raise MockValidationException(
            f"One or more parameter values were invalid: Missing the key {missing[0]}"
        )
    return Action(kind, request, table, {name: attributes[name] for name in table.table_key_attrs})


def _check(backend: DynamoDBBackend, action: Action) -> Reason:
    request = action.request
    if request.get("ConditionExpression") is None:
        return FINE
    current = backend.get_item(action.table.name, dict(action.key))
    condition = get_filter_expression(
        request["ConditionExpression"],
        request.get("ExpressionAttributeNames"),
        request.get("ExpressionAttributeValues"),
    )
    if condition.expr(current):
        return FINE
    shown = current if request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" else None
    attributes = shown.to_json()["Attributes"] if shown else None
    return ("ConditionalCheckFailed", "The conditional request failed", attributes)


def _remember(backend: DynamoDBBackend, action: Action) -> Undo:
    item = copy.deepcopy(backend.get_item(action.table.name, dict(action.key)))
    shard = action.table.stream_shard
    return Undo(action.table, action.key, item, len(shard.items) if shard else 0)


def _apply(backend: DynamoDBBackend, action: Action) -> None:
    name, request = action.table.name, action.request
    match action.kind:
        case "Put":
            backend.put_item(name, request["Item"])
        case "Delete":
            backend.delete_item(name, dict(action.key))
        case "Update":
            backend.update_item(
                name,
                dict(action.key),
                update_expression=request["UpdateExpression"],
                expression_attribute_names=request.get("ExpressionAttributeNames") or {},
                expression_attribute_values=request.get("ExpressionAttributeValues") or {},
            )


def _undo_all(backend: DynamoDBBackend, undo: list[Undo]) -> None:
    for one in reversed(undo):
        one(backend)


class Tokens:
    """The client request tokens of the last ten minutes; moto ignores them."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, ...], tuple[float, bytes]] = OrderedDict()

    def is_replay(self, scope: tuple[str, ...], request: Any) -> bool:
        """Whether the transaction `request` was carried out under this token before.

        `scope` is account, region and token. Raises IdempotentParameterMismatchException when it was another one.
        """
        self._forget()
        if scope not in self._seen:
            return False
        if self._seen[scope][1] != _digest(request):
            raise IdempotentParameterMismatchException(
                "The token was used for a transaction with other parameters."
            )
        return True

    def remember(self, scope: tuple[str, ...], request: Any) -> None:
        """Notes that the transaction was carried out."""
        self._seen[scope] = (time.monotonic() + TOKEN_SECONDS, _digest(request))

    def _forget(self) -> None:
        now = time.monotonic()
        while self._seen and next(iter(self._seen.values()))[0] < now:
            self._seen.popitem(last=False)


def _digest(request: Any) -> bytes:
    return hashlib.sha256(json.dumps(request, sort_keys=True, default=repr).encode()).digest()
