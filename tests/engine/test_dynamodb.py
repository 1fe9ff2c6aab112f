"""DynamoDB as the services rely on it: races have one winner, tokens count, streams tell what happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.engine.engines import Engine
from tests.engine.stacks import FAULTS, unique

ROUNDS = 150
WRITERS = 4
REFUSALS = ("ConditionalCheckFailedException", "TransactionCanceledException")


def item(pk: str, **attributes: Any) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "it"}, **attributes}


def put_if_new(table: str, pk: str, **attributes: Any) -> dict[str, Any]:
    put = {
        "TableName": table,
        "Item": item(pk, **attributes),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    return {"Put": put}


def count_up(table: str, pk: str) -> dict[str, Any]:
    update = {"UpdateExpression": "ADD hits :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    return {"Update": {"TableName": table, "Key": item(pk), **update}}


def records(engine: Engine, table: str) -> list[dict[str, Any]]:
    """Everything in the table's stream, oldest first."""
    streams = engine.client("dynamodbstreams")
    arn = engine.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = streams.get_shard_iterator(**start)["ShardIterator"]
    return list(streams.get_records(ShardIterator=iterator)["Records"])


def race(attempt: Callable[[int], None]) -> int:
    """Lets all writers try at the same moment; returns how many succeeded, the others having been refused."""
    start = threading.Barrier(WRITERS)

    def run(number: int) -> bool:
        start.wait()
        try:
            attempt(number)
        except ClientError as problem:
            if problem.response["Error"]["Code"] not in REFUSALS:
                raise
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as writers:
        return sum(writers.map(run, range(WRITERS)))


def test_of_writers_racing_for_one_item_exactly_one_wins(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    for number in range(ROUNDS):
        put = put_if_new(table, f"night-{number}")["Put"]
        assert race(lambda guest, put=put: client.put_item(**put)) == 1  # type: ignore[misc] # bound at once


def test_of_transactions_racing_for_one_item_exactly_one_wins_and_the_others_leave_nothing(
    engine: Engine,
) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    for number in range(ROUNDS // 2):
        night = put_if_new(table, f"night-{number}")

        def book(guest: int, night: dict[str, Any] = night) -> None:
            client.transact_write_items(TransactItems=[count_up(table, "sold"), night])

        assert race(book) == 1
    sold = client.get_item(TableName=table, Key=item("sold"))["Item"]
    assert sold["hits"] == {"N": str(ROUNDS // 2)}


def test_concurrent_counts_add_up(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(lambda _: client.update_item(**count_up(table, "visits")["Update"]), range(100)))
    assert client.get_item(TableName=table, Key=item("visits"))["Item"]["hits"] == {"N": "100"}


def test_a_repeated_token_carries_the_transaction_out_once(engine: Engine) -> None:
    table, client, token = engine.table(), engine.client("dynamodb"), unique("token")
    for _ in range(3):
        client.transact_write_items(TransactItems=[count_up(table, "a")], ClientRequestToken=token)
    assert client.get_item(TableName=table, Key=item("a"))["Item"]["hits"] == {"N": "1"}


def test_a_token_of_another_transaction_is_refused(engine: Engine) -> None:
    table, client, token = engine.table(), engine.client("dynamodb"), unique("token")
    client.transact_write_items(TransactItems=[count_up(table, "a")], ClientRequestToken=token)
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        client.transact_write_items(TransactItems=[count_up(table, "b")], ClientRequestToken=token)


def test_a_refused_transaction_may_be_tried_again_with_its_token(engine: Engine) -> None:
    table, client, token = engine.table(), engine.client("dynamodb"), unique("token")
    client.put_item(TableName=table, Item=item("a"))
    with pytest.raises(ClientError, match="TransactionCanceled"):
        client.transact_write_items(TransactItems=[put_if_new(table, "a")], ClientRequestToken=token)
    client.delete_item(TableName=table, Key=item("a"))
    client.transact_write_items(TransactItems=[put_if_new(table, "a")], ClientRequestToken=token)
    assert "Item" in client.get_item(TableName=table, Key=item("a"))


def test_a_canceled_transaction_gives_its_reasons_in_order_with_the_item_if_asked(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    client.put_item(TableName=table, Item=item("taken", by={"S": "mina"}))
    second = put_if_new(table, "taken")
    second["Put"]["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    with pytest.raises(client.exceptions.TransactionCanceledException) as refused:
        client.transact_write_items(TransactItems=[put_if_new(table, "free"), second])
    reasons = refused.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"]["by"] == {"S": "mina"}


def test_a_transaction_that_fails_late_leaves_nothing_in_table_or_stream(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    client.put_item(TableName=table, Item=item("text", hits={"S": "not a number"}))
    before = records(engine, table)
    with pytest.raises(ClientError):
        client.transact_write_items(TransactItems=[put_if_new(table, "new"), count_up(table, "text")])
    assert "Item" not in client.get_item(TableName=table, Key=item("new"))
    client.put_item(TableName=table, Item=item("after"))
    assert [one["dynamodb"]["Keys"]["pk"]["S"] for one in records(engine, table)] == ["text", "after"]
    assert len(before) == 1


def test_readers_of_a_stream_survive_a_canceled_transaction(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    streams = engine.client("dynamodbstreams")
    arn = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")[
        "ShardIterator"
    ]
    client.put_item(TableName=table, Item=item("a"))
    with pytest.raises(ClientError):
        client.transact_write_items(TransactItems=[put_if_new(table, "b"), put_if_new(table, "a")])
    client.put_item(TableName=table, Item=item("c"))
    read = streams.get_records(ShardIterator=iterator)["Records"]
    assert [one["dynamodb"]["Keys"]["pk"]["S"] for one in read] == ["a", "c"]


def seconds_for(action: Callable[[], object]) -> float:
    """The shortest of a few runs: what it costs when nothing comes between."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return min(times)


def a_transaction_costs_the_same_however_large_its_table(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")

    def count() -> None:
        client.transact_write_items(TransactItems=[count_up(table, "a")])

    small = seconds_for(count)
    for start in range(0, 1500, 25):
        puts = [
            {"PutRequest": {"Item": item(f"{start + number}", text={"S": "x" * 50})}} for number in range(25)
        ]
        client.batch_write_item(RequestItems={table: puts})
    assert seconds_for(count) < 5 * small


def a_failed_update_leaves_the_item_as_it_was(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    client.put_item(TableName=table, Item=item("a", state={"S": "open"}, hits={"S": "none"}))
    with pytest.raises(ClientError):
        client.update_item(
            TableName=table,
            Key=item("a"),
            UpdateExpression="SET #state = :closed ADD hits :one",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":closed": {"S": "closed"}, ":one": {"N": "1"}},
        )
    assert client.get_item(TableName=table, Key=item("a"))["Item"]["state"] == {"S": "open"}
    assert len(records(engine, table)) == 1


def an_update_that_makes_an_item_is_one_insert(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    client.update_item(**count_up(table, "a")["Update"])
    written = records(engine, table)
    assert [one["eventName"] for one in written] == ["INSERT"]
    assert written[0]["dynamodb"]["NewImage"] == item("a", hits={"N": "1"})
    assert "OldImage" not in written[0]["dynamodb"]


def a_write_that_changes_nothing_leaves_no_record(engine: Engine) -> None:
    table, client = engine.table(), engine.client("dynamodb")
    for _ in range(2):
        client.put_item(TableName=table, Item=item("a", state={"S": "open"}))
    assert [one["awsRegion"] for one in records(engine, table)] == ["ap-northeast-2"]


MENDED = {
    "dynamodb-transactions": [a_transaction_costs_the_same_however_large_its_table],
    "dynamodb-updates": [
        a_failed_update_leaves_the_item_as_it_was,
        an_update_that_makes_an_item_is_one_insert,
    ],
    "dynamodb-streams": [a_write_that_changes_nothing_leaves_no_record],
}
SCENARIOS = [scenario for scenarios in MENDED.values() for scenario in scenarios]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_holds_with_the_mends(engine: Engine, scenario: Callable[[Engine], None]) -> None:
    scenario(engine)


@pytest.mark.parametrize("mend", MENDED)
def test_fails_without_the_mend(plain: Engine, mend: str) -> None:
    for scenario in MENDED[mend]:
        with pytest.raises((*FAULTS, KeyError)):
            scenario(plain)


def test_a_position_in_a_stream_outlives_what_follows_and_may_be_read_twice(engine: Engine) -> None:
    table, client, streams = engine.table(), engine.client("dynamodb"), engine.client("dynamodbstreams")
    arn = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")[
        "ShardIterator"
    ]
    for number in range(30):
        client.put_item(TableName=table, Item=item(f"{number:02}"))
    first = streams.get_records(ShardIterator=iterator, Limit=10)
    assert streams.get_records(ShardIterator=iterator, Limit=10)["Records"] == first["Records"]
    rest = streams.get_records(ShardIterator=first["NextShardIterator"])["Records"]
    numbers = [int(one["dynamodb"]["Keys"]["pk"]["S"]) for one in first["Records"] + rest]
    assert numbers == list(range(30))


def test_a_stream_that_is_gone_is_not_found(engine: Engine) -> None:
    table, client, streams = engine.table(), engine.client("dynamodb"), engine.client("dynamodbstreams")
    arn = client.describe_table(TableName=table)["Table"]["LatestStreamArn"]
    client.delete_table(TableName=table)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        streams.get_shard_iterator(
            StreamArn=arn, ShardId="shardId-00000000000000000000-0", ShardIteratorType="LATEST"
        )


def test_queries_page_through_one_partition_and_its_index_in_both_directions(engine: Engine) -> None:
    index = {
        "IndexName": "by-host",
        "KeySchema": [
            {"AttributeName": "host", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "ALL"},
    }
    client, name = engine.client("dynamodb"), unique("table")
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in ("pk", "sk", "host")],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[index],
    )
    for number in range(10):
        host = {"host": {"S": "mina"}} if number % 2 else {}
        client.put_item(TableName=name, Item={"pk": {"S": "room"}, "sk": {"S": f"{number:02}"}, **host})
        client.put_item(TableName=name, Item={"pk": {"S": "other"}, "sk": {"S": f"{number:02}"}})
    room = {"KeyConditionExpression": "pk = :key", "ExpressionAttributeValues": {":key": {"S": "room"}}}
    mina = {"KeyConditionExpression": "host = :key", "ExpressionAttributeValues": {":key": {"S": "mina"}}}

    def numbers(**query: Any) -> list[int]:
        pages = client.get_paginator("query").paginate(TableName=name, Limit=3, **query)
        return [int(one["sk"]["S"]) for page in pages for one in page["Items"]]

    assert numbers(**room) == list(range(10))
    assert numbers(**room, ScanIndexForward=False) == list(reversed(range(10)))
    assert numbers(**mina, IndexName="by-host") == [1, 3, 5, 7, 9]
    assert numbers(**mina, IndexName="by-host", ScanIndexForward=False) == [9, 7, 5, 3, 1]
    assert (
        numbers(KeyConditionExpression="pk = :key", ExpressionAttributeValues={":key": {"S": "none"}}) == []
    )
