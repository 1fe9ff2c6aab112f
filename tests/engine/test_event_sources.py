"""How soon a change reaches the last function of the chain: table, stream, function, queue, function."""

from __future__ import annotations

import time

import pytest

from tests.engine.engines import Engine
from tests.engine.stacks import ACCOUNT, FAULTS, REGION, unique, wait_until

RELAY = """
import boto3, json, os
queue = boto3.client("sqs")
def handler(event, context):
    for record in event["Records"]:
        queue.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(record["dynamodb"]["Keys"]))
"""
CONSUMER = """
import boto3, json, os
table = boto3.client("dynamodb")
def handler(event, context):
    for record in event["Records"]:
        table.put_item(TableName=os.environ["SEEN"], Item=json.loads(record["body"]))
"""


def chain(engine: Engine) -> tuple[str, str]:
    """Builds the chain; returns the table to write to and the one in which each key arrives."""
    source, seen, queue = engine.table(), engine.table(), unique("queue")
    url = engine.client("sqs").create_queue(QueueName=queue)["QueueUrl"]
    stream = engine.client("dynamodb").describe_table(TableName=source)["Table"]["LatestStreamArn"]
    relay = engine.function(RELAY, Environment={"Variables": {"QUEUE_URL": url}})
    consumer = engine.function(CONSUMER, Environment={"Variables": {"SEEN": seen}})
    functions = engine.client("lambda")
    functions.create_event_source_mapping(
        FunctionName=relay, EventSourceArn=stream, StartingPosition="TRIM_HORIZON"
    )
    functions.create_event_source_mapping(
        FunctionName=consumer, EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"
    )
    return source, seen


def seconds_to_arrive(engine: Engine, source: str, seen: str, key: str) -> float:
    item, client = {"pk": {"S": key}, "sk": {"S": "it"}}, engine.client("dynamodb")
    started = time.monotonic()
    client.put_item(TableName=source, Item=item)
    wait_until(lambda: "Item" in client.get_item(TableName=seen, Key=item), f"{key} arrives")
    return time.monotonic() - started


def changes_arrive_at_once(engine: Engine) -> None:
    source, seen = chain(engine)
    seconds_to_arrive(engine, source, seen, "first")  # starts the functions
    assert sum(seconds_to_arrive(engine, source, seen, str(number)) for number in range(4)) < 1.6


def test_changes_arrive_at_once(engine: Engine) -> None:
    changes_arrive_at_once(engine)


@pytest.mark.unmended
def test_changes_arrive_late_without_long_polling(plain: Engine) -> None:
    with pytest.raises(FAULTS):
        changes_arrive_at_once(plain)


def invocations(engine: Engine, name: str) -> bool:
    metrics = engine.client("cloudwatch").list_metrics(
        Namespace="AWS/Lambda", MetricName="Invocations", Dimensions=[{"Name": "FunctionName", "Value": name}]
    )
    return bool(metrics["Metrics"])


def test_a_call_makes_no_metric_of_its_own_with_the_mend_only(engine: Engine, plain: Engine) -> None:
    code = "def handler(event, context):\n    return 1"
    counted, uncounted = plain.function(code), engine.function(code)
    plain.invoke(counted)
    engine.invoke(uncounted)
    wait_until(lambda: invocations(plain, counted), "the call is counted")
    assert not invocations(engine, uncounted)
