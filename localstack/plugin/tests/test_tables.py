"""What a query looks at, and what transactions and tokens do, without a network in between."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from moto.dynamodb.exceptions import (
    MultipleTransactionsException,
    ResourceNotFoundException,
    TransactionCanceledException,
)
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table

from staybook_engine import tables, transactions
from staybook_engine.streams import KEPT_RECORDS, _decode, _encode
from staybook_engine.transactions import Tokens, transact_write_items


@pytest.fixture
def backend() -> DynamoDBBackend:
    backend = DynamoDBBackend("ap-northeast-2", "000000000000")
    backend.create_table(
        "room",
        schema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        attr=[{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "S"}],
        throughput=None,
        indexes=[],
        global_indexes=[],
        streams={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    return backend


@pytest.fixture
def no_full_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at every item of a table is an error."""

    def refuse(table: Table) -> list[Item]:
        raise AssertionError("the whole table was looked at")

    monkeypatch.setattr(Table, "all_items", refuse)
    monkeypatch.setattr(Table, "query", Table.query)  # the mend's change is taken back afterwards


def item(pk: str, sk: str = "it", **attributes: Any) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}, **attributes}


def found(backend: DynamoDBBackend, pk: str) -> list[str]:
    arguments = (DynamoType({"S": pk}), None, [], 10, None, True, None)
    items, _, _ = backend.get_table("room").query(*arguments)
    return [one.range_key.value for one in items]


@pytest.mark.usefixtures("no_full_scan")
def test_a_query_looks_only_at_the_items_under_its_key(backend: DynamoDBBackend) -> None:
    tables.mend_queries()
    for sk in ("b", "a"):
        backend.put_item("room", item("1", sk))
        backend.put_item("room", item("2", sk))
    assert found(backend, "1") == ["a", "b"]
    assert found(backend, "3") == []


@pytest.mark.usefixtures("no_full_scan")
def test_without_the_mend_a_query_looks_at_the_whole_table(backend: DynamoDBBackend) -> None:
    with pytest.raises(AssertionError, match="whole table"):
        found(backend, "1")


def put(pk: str, **request: Any) -> dict[str, Any]:
    return {"Put": {"TableName": "room", "Item": item(pk), **request}}


def test_a_transaction_is_applied_in_full(backend: DynamoDBBackend) -> None:
    transact_write_items(backend, [put("1"), put("2")])
    assert backend.get_item("room", item("1"))
    assert backend.get_item("room", item("2"))


def test_every_condition_is_judged_before_anything_is_written(backend: DynamoDBBackend) -> None:
    fresh = {"ConditionExpression": "attribute_not_exists(pk)"}
    backend.put_item("room", item("2"))
    with pytest.raises(TransactionCanceledException):
        transact_write_items(backend, [put("1", **fresh), put("2", **fresh)])
    assert backend.get_item("room", item("1")) is None


def test_two_actions_on_one_item_are_refused(backend: DynamoDBBackend) -> None:
    with pytest.raises(MultipleTransactionsException):
        transact_write_items(backend, [put("1"), {"Delete": {"TableName": "room", "Key": item("1")}}])


def test_a_table_that_is_not_there_is_not_found(backend: DynamoDBBackend) -> None:
    missing = {"Put": {"TableName": "attic", "Item": item("1")}}
    with pytest.raises(ResourceNotFoundException):
        transact_write_items(backend, [put("1"), missing])
    assert backend.get_item("room", item("1")) is None


def test_tokens_are_forgotten_after_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(transactions.time, "monotonic", lambda: now[0])
    tokens, scope = Tokens(), ("0", "ap-northeast-2", "token")
    tokens.remember(scope, [put("1")])
    assert tokens.is_replay(scope, [put("1")])
    now[0] += 601
    assert not tokens.is_replay(scope, [put("1")])


def test_a_position_in_a_stream_is_a_text_that_says_it_all() -> None:
    assert _decode(_encode("arn:aws:dynamodb:::table/room/stream/1", 42)) == (
        "arn:aws:dynamodb:::table/room/stream/1",
        42,
    )


def test_bytes_are_bytes_in_a_stream_however_deep(backend: DynamoDBBackend) -> None:
    content = base64.b64encode(b"\x00\xff").decode()
    backend.put_item("room", {**item("1"), "told": {"L": [{"B": content}, {"M": {"B": {"S": "none"}}}]}})
    shard = backend.get_table("room").stream_shard
    image = shard.items[-1].to_json()["dynamodb"]["NewImage"]
    assert image["told"] == {"L": [{"B": b"\x00\xff"}, {"M": {"B": {"S": "none"}}}]}


def test_a_stream_keeps_a_bounded_number_of_records(
    backend: DynamoDBBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("staybook_engine.streams.KEPT_RECORDS", 20)
    monkeypatch.setattr(StreamShard, "add", StreamShard.add)
    tables.mend_streams()
    for number in range(100):
        backend.put_item("room", item(str(number)))
    shard = backend.get_table("room").stream_shard
    numbers = [int(one.to_json()["dynamodb"]["SequenceNumber"]) for one in shard.items]
    assert 20 <= len(numbers) <= 22
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert shard.starting_sequence_number == numbers[0]
    assert KEPT_RECORDS > 1000
