"""DynamoDB in memory, one operation at a time: what the engine's store does, without a network in between.

Every write is kept in order with the item before and after it: that is the tables' stream, and what checkers read.
`tests/integration/miniature` plays its calls again on moto and compares the answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.exceptions import ClientError

from infra.layout import SERVICES, TEMPLATES
from infra.template_files import read_template
from kernel.clock import Clock
from tests.miniature.conditions import condition
from tests.miniature.operands import Item, Scope
from tests.miniature.updates import InvalidPath, update

Request = Mapping[str, Any]
Reply = dict[str, Any]
Key = tuple[str, ...]

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
_FAILED = "ConditionalCheckFailed"


@dataclass(frozen=True)
class Write:
    """One item changed: `number` counts the store's writes, `at` is when, in seconds since 1970."""

    number: int
    at: float
    table: str
    key: Key
    old: Item | None
    new: Item | None


@dataclass
class Table:
    """Items under their keys; `indexes` maps an index to its key attributes, "" is the table itself. `keys_only` are
    the indexes that show nothing else.
    """

    indexes: dict[str, tuple[str, ...]]
    keys_only: frozenset[str]
    items: dict[Key, Item] = field(default_factory=dict)

    def key(self, attributes: Mapping[str, Any]) -> Key:
        return tuple(attributes[name]["S"] for name in self.indexes[""])

    def sorted(self, index: str) -> list[Item]:
        """The items of an index that have its keys, by hash and range key, then by the table's own."""
        names = self.indexes[index]
        found = [item for item in self.items.values() if all(name in item for name in names)]
        return sorted(found, key=lambda item: self.place(item, index))

    def shown(self, item: Item, index: str) -> Item:
        """What an index shows of an item."""
        names = (*self.indexes[index], *self.indexes[""])
        return {name: item[name] for name in names} if index in self.keys_only else item

    def place(self, item: Mapping[str, Any], index: str) -> Key:
        return tuple(item[name]["S"] for name in (*self.indexes[index], *self.indexes[""]))


class Store:
    """The tables that the templates declare, empty at first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.tables = {name: Table(*declared) for name, declared in _declared().items()}
        self.writes: list[Write] = []
        self.streams: dict[str, list[Write]] = {}
        self._tokens: set[str] = set()

    def call(self, operation: str, request: Request) -> Reply:
        """Answers one operation of the API. Raises botocore's ClientError, as a client would."""
        return _OPERATIONS[operation](self, request)

    def items(self, table: str) -> list[Item]:
        """Every item of a table."""
        return list(self.tables[table].items.values())

    def get(self, request: Request) -> Reply:
        table = self.tables[request["TableName"]]
        found = table.items.get(table.key(request["Key"]))
        return {"Item": found} if found else {}

    def put(self, request: Request) -> Reply:
        return self._write("PutItem", request, lambda _: dict(request["Item"]), request["Item"])

    def update(self, request: Request) -> Reply:
        changed = update(request["UpdateExpression"])
        return self._write(
            "UpdateItem",
            request,
            lambda item: changed(_scope(request, item or dict(request["Key"]))),
            request["Key"],
        )

    def delete(self, request: Request) -> Reply:
        return self._write("DeleteItem", request, lambda _: None, request["Key"])

    def transact(self, request: Request) -> Reply:
        """All or nothing, once for each token."""
        token = request.get("ClientRequestToken")
        if token in self._tokens:
            return {}
        actions = [next(iter(entry.items())) for entry in request["TransactItems"]]
        reasons = [{"Code": "None" if self._met(inner) else _FAILED} for _, inner in actions]
        if any(reason["Code"] == _FAILED for reason in reasons):
            raise refusal("TransactionCanceledException", "TransactWriteItems", CancellationReasons=reasons)
        for kind, inner in actions:
            if kind != "ConditionCheck":
                self.call(f"{kind}Item", inner)
        if token:
            self._tokens.add(token)
        return {}

    def query(self, request: Request) -> Reply:
        return self._page(request, request["KeyConditionExpression"])

    def scan(self, request: Request) -> Reply:
        return self._page(request, None)

    def batch_get(self, request: Request) -> Reply:
        found = {
            name: [self.get({"TableName": name, "Key": key}) for key in asked["Keys"]]
            for name, asked in request["RequestItems"].items()
        }
        shown = {name: [each["Item"] for each in items if each] for name, items in found.items()}
        return {"Responses": shown, "UnprocessedKeys": {}}

    def batch_write(self, request: Request) -> Reply:
        for name, entries in request["RequestItems"].items():
            for entry in entries:
                ((kind, inner),) = entry.items()
                self.call(_BATCHED[kind], {"TableName": name, **inner})
        return {"UnprocessedItems": {}}

    def _page(self, request: Request, keys: str | None) -> Reply:
        table, index = self.tables[request["TableName"]], request.get("IndexName", "")
        found = table.sorted(index)
        if keys:
            found = [item for item in found if condition(keys)(_scope(request, item))]
        if not request.get("ScanIndexForward", True):
            found.reverse()
        if start := request.get("ExclusiveStartKey"):
            at, forward = table.place(start, index), request.get("ScanIndexForward", True)
            found = [
                item
                for item in found
                if (table.place(item, index) > at if forward else table.place(item, index) < at)
            ]
        limit = request.get("Limit") or len(found)
        shown, reply = found[:limit], {}
        if len(found) > limit:
            names = (*table.indexes[index], *table.indexes[""])
            reply["LastEvaluatedKey"] = {name: shown[-1][name] for name in names}
        if wanted := request.get("FilterExpression"):
            shown = [item for item in shown if condition(wanted)(_scope(request, item))]
        shown = [table.shown(item, index) for item in shown]
        return reply | {"Items": shown, "Count": len(shown), "ScannedCount": len(shown)}

    def _write(
        self, operation: str, request: Request, make: Callable[[Item | None], Item | None], keyed: Request
    ) -> Reply:
        table = self.tables[request["TableName"]]
        key = table.key(keyed)
        old = table.items.get(key)
        if not self._met(request):
            raise refusal("ConditionalCheckFailedException", operation)
        try:
            new = make(old)
        except InvalidPath as error:
            raise refusal("ValidationException", operation) from error
        if new is None:
            table.items.pop(key, None)
        else:
            table.items[key] = new
        if new != old:
            at = self._clock().timestamp()
            self._keep(Write(len(self.writes) + 1, at, request["TableName"], key, old, new))
        wanted = {"ALL_NEW": new, "ALL_OLD": old}.get(request.get("ReturnValues", "NONE"))
        return {"Attributes": wanted} if wanted else {}

    def _keep(self, write: Write) -> None:
        self.writes.append(write)
        self.streams.setdefault(write.table, []).append(write)

    def _met(self, request: Request) -> bool:
        text = request.get("ConditionExpression")
        if text is None:
            return True
        table = self.tables[request["TableName"]]
        found = table.items.get(table.key(request.get("Item") or request["Key"]), {})
        return condition(text)(_scope(request, found))


_OPERATIONS: dict[str, Callable[[Store, Request], Reply]] = {
    "GetItem": Store.get,
    "PutItem": Store.put,
    "UpdateItem": Store.update,
    "DeleteItem": Store.delete,
    "TransactWriteItems": Store.transact,
    "Query": Store.query,
    "Scan": Store.scan,
    "BatchGetItem": Store.batch_get,
    "BatchWriteItem": Store.batch_write,
}
_BATCHED = {"PutRequest": "PutItem", "DeleteRequest": "DeleteItem"}


def refusal(code: str, operation: str, **more: Any) -> ClientError:
    """The error with which DynamoDB refuses an operation."""
    response: Any = {"Error": {"Code": code, "Message": code}, **more}
    return ClientError(response, operation)


def _scope(request: Request, item: Mapping[str, Any]) -> Scope:
    names = request.get("ExpressionAttributeNames") or {}
    return Scope(item, names, request.get("ExpressionAttributeValues") or {})


@cache
def _declared() -> dict[str, tuple[dict[str, tuple[str, ...]], frozenset[str]]]:
    """The indexes of every table of every template, and which of them show keys only."""
    found = {}
    for service in SERVICES:
        for resource in read_template(TEMPLATES / f"{service}.yaml")["Resources"].values():
            if resource.get("Type") == "AWS::DynamoDB::Table":
                properties = resource["Properties"]
                indexes = properties.get("GlobalSecondaryIndexes", ())
                keys = {"": _keys(properties)} | {each["IndexName"]: _keys(each) for each in indexes}
                bare = [each for each in indexes if each["Projection"]["ProjectionType"] == "KEYS_ONLY"]
                found[properties["TableName"]] = keys, frozenset(each["IndexName"] for each in bare)
    return found


def _keys(declared: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(key["AttributeName"] for key in declared["KeySchema"])
