"""The `Shelf` port on DynamoDB: whole tables, as a rebuild clears and compares them."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.viewpage.adapters.items import ROW
from chalicelib.viewpage.adapters.packed_rows import unpacked
from chalicelib.viewpage.domain.row import forgetting
from chalicelib.viewpage.ports import ItemKey
from kernel import aws
from kernel.cursors import cursor, key_of
from kernel.errors import Unavailable
from kernel.pages import Page

Item = dict[str, Any]
_CLEARED, _COMPARED = 500, 100  # items a call; of one batch DynamoDB writes 25 and reads 100
_WRITTEN = 25
_TRIES = 8


class DynamoShelf:
    """The port `Shelf`. Every read is of the items as they are now."""

    def clear(self, table: str, position: str | None) -> str | None:
        found = _scan(table, position, _CLEARED, ProjectionExpression="pk, sk")
        keys = [{"DeleteRequest": {"Key": _place(*_key(item))}} for item in found["Items"]]
        for start in range(0, len(keys), _WRITTEN):
            _batch("batch_write_item", "UnprocessedItems", {table: keys[start : start + _WRITTEN]})
        return cursor(found.get("LastEvaluatedKey"), table)

    def page(self, table: str, position: str | None, since: date) -> Page[tuple[ItemKey, str]]:
        found = _scan(table, position, _COMPARED)
        items = tuple((_key(item), _text(item, since)) for item in found["Items"])
        return Page(items, cursor(found.get("LastEvaluatedKey"), table))

    def these(self, table: str, keys: Iterable[ItemKey], since: date) -> Mapping[ItemKey, str]:
        wanted = [_place(room_id, kind) for room_id, kind in keys]
        if not wanted:
            return {}
        asked = {table: {"Keys": wanted, "ConsistentRead": True}}
        replies = _batch("batch_get_item", "UnprocessedKeys", asked)
        found = [item for reply in replies for item in reply["Responses"].get(table, [])]
        return {_key(item): _text(item, since) for item in found}


def _scan(table: str, position: str | None, limit: int, **more: Any) -> Item:
    start = key_of(position, table)
    place = {"ExclusiveStartKey": start} if start else {}
    with _answering():
        found: Item = _client().scan(TableName=table, Limit=limit, ConsistentRead=True, **place, **more)
        return found


def _batch(operation: str, left: str, asked: Item) -> list[Item]:
    """Asks until nothing is left undone; the replies. Raises Unavailable when the store keeps leaving something."""
    replies = []
    for _ in range(_TRIES):
        with _answering():
            reply = getattr(_client(), operation)(RequestItems=asked)
        replies.append(reply)
        asked = reply.get(left) or {}
        if not asked:
            return replies
    raise Unavailable("The store leaves undone what it is asked for.")


def _key(item: Item) -> ItemKey:
    return item["pk"]["S"], item["sk"]["S"]


def _place(room_id: str, kind: str) -> Item:
    return {"pk": {"S": room_id}, "sk": {"S": kind}}


def _text(item: Item, since: date) -> str:
    if item["sk"]["S"] != ROW:
        return msgspec.json.encode(item, order="deterministic").decode()
    said = {**item, "version": "however often", "content": _content(item, since)}
    return msgspec.json.encode(said, order="deterministic").decode()


def _content(item: Item, since: date) -> Any:
    """A row as it is from `since` on; what is no row, as it is."""
    content = item.get("content", {})
    try:
        row = unpacked(content.get("B", b""))
    except (ValueError, zlib.error):
        return content
    return replace(forgetting(row, since), version=0)


def _client() -> Any:
    return aws.client("dynamodb", read_timeout_seconds=5, attempts=3)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The store does not answer just now.") from error
