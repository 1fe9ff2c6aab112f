"""What moto's tables need to be a DynamoDB that one can judge concurrency, streams and speed on."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table

from staybook_engine.mends import mend
from staybook_engine.streams import add_record
from staybook_engine.transactions import put_back, transact_write_items

CHANGED = Condition()  # held by every DynamoDB operation: moto has no control of concurrency at all


class Candidates:
    """A table that seems to hold only some of its items: moto's query looks at every one that it is shown."""

    def __init__(self, table: Table, items: list[Item]) -> None:
        self._table = table
        self._items = items

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def all_items(self) -> list[Item]:
        """The items that may answer the query, in any order."""
        return self._items


@mend(
    "dynamodb-transactions",
    answers="moto copies whole tables for each transaction: one a second at 2,400 items",
)
def mend_transactions() -> None:
    """Replaces moto's transaction by one that touches only its own items."""
    DynamoDBBackend.transact_write_items = transact_write_items


@mend("dynamodb-queries", answers="moto's queries sort and search the whole table whatever the key")
def mend_queries() -> None:
    """Lets a query see only the items under its hash key."""
    original = Table.query

    parameters = inspect.signature(original)

    def query(*args: Any, **kwargs: Any) -> Any:
        """Takes and returns what moto's own does."""
        call = parameters.bind(*args, **kwargs)
        table, told = call.arguments["self"], call.arguments
        call.arguments["self"] = Candidates(
            table, list(_candidates(table, told["hash_key"], told.get("index_name")))
        )
        return original(*call.args, **call.kwargs)

    Table.query = query


def _candidates(table: Table, hash_key: DynamoType, index_name: str | None) -> Iterator[Item]:
    index = next((one for one in table.all_indexes() if one.name == index_name), None)
    if index is not None:
        attribute = index.schema_key_attrs[0]
        # A missing attribute must not be compared: moto's values know no None.
        yield from (
            item for item in _items(table) if attribute in item.attrs and item.attrs[attribute] == hash_key
        )
    elif hash_key in table.items:
        bucket = table.items[hash_key]
        yield from bucket.values() if table.has_range_key else [bucket]


def _items(table: Table) -> Iterator[Item]:
    for bucket in table.items.values():
        yield from bucket.values() if table.has_range_key else [bucket]


@mend(
    "dynamodb-updates",
    answers="a failed update leaves moto's item half changed, and a first one is two INSERTs",
)
def mend_updates() -> None:
    """Makes an update all or nothing, with one record in the stream."""
    original: Callable[..., Item] = DynamoDBBackend.update_item

    def update_item(
        backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Item:
        """Takes and returns what moto's own does."""
        table = backend.get_table(table_name)
        before = copy.deepcopy(backend.get_item(table_name, key))
        try:
            with _without_stream(table):
                item = original(backend, table_name, key, *args, **kwargs)
        except BaseException:
            put_back(backend, table, key, before)
            raise
        if table.stream_shard:
            table.stream_shard.add(before, item)
        return item

    DynamoDBBackend.update_item = update_item


@contextmanager
def _without_stream(table: Table) -> Iterator[None]:
    shard, table.stream_shard = table.stream_shard, None
    try:
        yield
    finally:
        table.stream_shard = shard


@mend(
    "dynamodb-streams",
    answers="moto's streams name a wrong region and keep records of writes that change nothing",
)
def mend_streams() -> None:
    """Writes the records ourselves, and wakes who waits for them."""

    def add(shard: StreamShard, old: Item | None, new: Item | None) -> None:
        """Appends one change."""
        add_record(shard, old, new)
        with CHANGED:
            CHANGED.notify_all()

    StreamShard.add = add
