"""EventBridge's archives, replays and dead letters; event source mappings of DynamoDB streams."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.engine.stacks import (
    ACCOUNT,
    FAULTS,
    REGION,
    ROLE,
    RunningEngine,
    Stacks,
    function,
    stacks_on,
    unique,
    wait_until,
)
from tests.engine.unmended import engine_without

# Writes what it is called with into a queue, message by message; fails at a record whose id begins with "poison".
RELAY = """
import json, os
import boto3

QUEUE = boto3.client("sqs")


def handler(event, context):
    for record in event["Records"]:
        item = record["dynamodb"]["NewImage"]["pk"]["S"]
        if item.startswith("poison"):
            {failure}
        QUEUE.send_message(QueueUrl=os.environ["QUEUE"], MessageBody=item)
    return {{"batchItemFailures": []}}
"""
RAISE = 'raise ValueError("poison")'
REPORT = 'return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}'


def messages(stacks: Stacks, url: str, count: int, seconds: float = 30) -> list[dict[str, Any]]:
    """The next `count` messages of a queue, which must come."""
    sqs, found = stacks.client("sqs"), []

    def enough() -> bool:
        reply = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        for message in reply.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(message)
        return len(found) >= count

    wait_until(enough, f"{count} messages", seconds)
    return found


def bodies(stacks: Stacks, url: str, count: int) -> list[str]:
    return [message["Body"] for message in messages(stacks, url, count)]


def bus_with_queue(
    pattern: dict[str, Any], archive: dict[str, Any] | None = None, **target: Any
) -> dict[str, Any]:
    """A bus, a rule and the queue that it leads to, an archive, and the queue of dead letters."""
    name = unique("bus")
    rule = {
        "Name": name,
        "EventBusName": {"Ref": "Bus"},
        "EventPattern": pattern,
        "Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}, **target}],
    }
    archived = {"ArchiveName": name, "SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, **(archive or {})}
    return {
        "Resources": {
            "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}},
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Dead": {"Type": "AWS::SQS::Queue"},
            "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
            "Archive": {"Type": "AWS::Events::Archive", "Properties": archived},
        },
        "Outputs": {
            "Bus": {"Value": {"Ref": "Bus"}},
            "BusArn": {"Value": {"Fn::GetAtt": ["Bus", "Arn"]}},
            "Queue": {"Value": {"Ref": "Queue"}},
            "Dead": {"Value": {"Ref": "Dead"}},
            "Archive": {"Value": f"arn:aws:events:{REGION}:{ACCOUNT}:archive/{name}"},
            "Rule": {"Value": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}/{name}"},
        },
    }


def emit(stacks: Stacks, bus: str, *details: Any, kind: str = "Happened") -> None:
    entries = [
        {"EventBusName": bus, "Source": "test", "DetailType": kind, "Detail": json.dumps({"number": detail})}
        for detail in details
    ]
    assert stacks.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0


def numbers(found: list[str]) -> list[Any]:
    return [json.loads(body)["detail"]["number"] for body in found]


def replay(stacks: Stacks, outputs: dict[str, str], **destination: Any) -> None:
    now, name = datetime.now(UTC), unique("replay")
    events = stacks.client("events")
    events.start_replay(
        ReplayName=name,
        EventSourceArn=outputs["Archive"],
        EventStartTime=now - timedelta(hours=1),
        EventEndTime=now + timedelta(hours=1),
        Destination={"Arn": outputs["BusArn"], **destination},
    )
    wait_until(lambda: events.describe_replay(ReplayName=name)["State"] == "COMPLETED", "the replay's end")


def an_archive_replays_what_happened_in_order(stacks: Stacks) -> None:
    outputs = stacks.deploy(unique("replay"), bus_with_queue({"source": ["test"]}))
    emit(stacks, outputs["Bus"], 1, 2, 3)
    bodies(stacks, outputs["Queue"], 3)
    replay(stacks, outputs)
    replayed = bodies(stacks, outputs["Queue"], 3)
    assert sorted(numbers(replayed)) == [1, 2, 3]
    assert all("replay-name" in json.loads(body) for body in replayed)


def a_replay_reaches_only_the_rules_that_it_names(stacks: Stacks) -> None:
    template = bus_with_queue({"source": ["test"]})
    rule = template["Resources"]["Rule"]["Properties"]
    target = {"Id": "other", "Arn": {"Fn::GetAtt": ["Other", "Arn"]}}
    template["Resources"] |= {
        "Other": {"Type": "AWS::SQS::Queue"},
        "OtherRule": {
            "Type": "AWS::Events::Rule",
            "Properties": {**rule, "Name": f"{rule['Name']}-other", "Targets": [target]},
        },
    }
    template["Outputs"]["Other"] = {"Value": {"Ref": "Other"}}
    outputs = stacks.deploy(unique("chosen"), template)
    emit(stacks, outputs["Bus"], 1)
    bodies(stacks, outputs["Queue"], 1)
    bodies(stacks, outputs["Other"], 1)
    replay(stacks, outputs, FilterArns=[outputs["Rule"]])
    bodies(stacks, outputs["Queue"], 1)
    emit(stacks, outputs["Bus"], 2)
    assert numbers(bodies(stacks, outputs["Other"], 1)) == [2]


def an_archive_follows_its_changed_pattern(stacks: Stacks) -> None:
    stack = unique("pattern")
    template = bus_with_queue({"source": ["test"]}, {"EventPattern": {"detail-type": ["Kept"]}})
    outputs = stacks.deploy(stack, template)
    template["Resources"]["Archive"]["Properties"]["EventPattern"] = {"detail-type": ["AlsoKept"]}
    stacks.deploy(stack, template)
    emit(stacks, outputs["Bus"], 1, kind="Kept")
    emit(stacks, outputs["Bus"], 2, kind="AlsoKept")
    bodies(stacks, outputs["Queue"], 2)
    replay(stacks, outputs)
    assert numbers(bodies(stacks, outputs["Queue"], 1)) == [2]


def an_undeliverable_event_becomes_a_dead_letter(stacks: Stacks) -> None:
    dead = {"DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}}}
    missing = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{unique('missing')}"
    template = bus_with_queue({"source": ["test"]}, None, **dead)
    template["Resources"]["Rule"]["Properties"]["Targets"][0]["Arn"] = missing
    outputs = stacks.deploy(unique("dead"), template)
    emit(stacks, outputs["Bus"], 7)
    letter = messages(stacks, outputs["Dead"], 1)[0]
    assert numbers([letter["Body"]]) == [7]
    found = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert (found["RULE_ARN"], found["TARGET_ARN"]) == (outputs["Rule"], missing)
    assert found["ERROR_CODE"] == "NO_RESOURCE"


def a_disabled_rule_delivers_nothing(stacks: Stacks) -> None:
    stack, template = unique("disabled"), bus_with_queue({"source": ["test"]})
    outputs = stacks.deploy(stack, template)
    events = stacks.client("events")
    events.disable_rule(Name=outputs["Bus"], EventBusName=outputs["Bus"])
    emit(stacks, outputs["Bus"], 1)
    replayable = stacks.client("sqs").receive_message(QueueUrl=outputs["Queue"], WaitTimeSeconds=1)
    assert "Messages" not in replayable
    events.enable_rule(Name=outputs["Bus"], EventBusName=outputs["Bus"])
    emit(stacks, outputs["Bus"], 2)
    assert numbers(bodies(stacks, outputs["Queue"], 1)) == [2]


def stream(failure: str = RAISE, **mapping: Any) -> dict[str, Any]:
    """A table whose stream leads through a function into a queue, with a queue for what failed."""
    name = unique("stream")
    table = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
    }
    settings = {
        "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]},
        "FunctionName": {"Ref": "Relay"},
        "StartingPosition": "TRIM_HORIZON",
        "MaximumRetryAttempts": 1,
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Failed", "Arn"]}}},
        **mapping,
    }
    return {
        "Resources": {
            "Role": ROLE,
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Failed": {"Type": "AWS::SQS::Queue"},
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": table},
            "Relay": function(
                name,
                RELAY.format(failure=failure),
                Environment={"Variables": {"QUEUE": {"Ref": "Queue"}}},
            ),
            "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": settings},
        },
        "Outputs": {
            "Table": {"Value": name},
            "Queue": {"Value": {"Ref": "Queue"}},
            "Failed": {"Value": {"Ref": "Failed"}},
            "Mapping": {"Value": {"Ref": "Mapping"}},
            "Function": {"Value": name},
        },
    }


def write(stacks: Stacks, table: str, *keys: str) -> None:
    dynamodb = stacks.client("dynamodb")
    for key in keys:
        dynamodb.put_item(TableName=table, Item={"pk": {"S": key}})


def write_at_once(stacks: Stacks, outputs: dict[str, str], *keys: str) -> None:
    """Writes while the mapping sleeps, so that the records come as one batch."""
    client = stacks.client("lambda")

    def state(wanted: str) -> bool:
        return bool(client.get_event_source_mapping(UUID=outputs["Mapping"])["State"] == wanted)

    client.update_event_source_mapping(UUID=outputs["Mapping"], Enabled=False)
    wait_until(lambda: state("Disabled"), "the mapping sleeps")
    write(stacks, outputs["Table"], *keys)
    client.update_event_source_mapping(UUID=outputs["Mapping"], Enabled=True)


def the_records_around_a_poisoned_one_arrive(stacks: Stacks) -> None:
    outputs = stacks.deploy(unique("bisect"), stream(BisectBatchOnFunctionError=True))
    write_at_once(stacks, outputs, "a", "b", "poison", "c", "d")
    letter = json.loads(bodies(stacks, outputs["Failed"], 1)[0])
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
    arrived: set[str] = set()  # those around it may come more than once, as the batch is halved
    while not {"a", "b", "c", "d"} <= arrived:
        arrived |= set(bodies(stacks, outputs["Queue"], 1))


def reported_failures_are_retried_from_the_failed_record_on(stacks: Stacks) -> None:
    settings = {"FunctionResponseTypes": ["ReportBatchItemFailures"], "BisectBatchOnFunctionError": True}
    outputs = stacks.deploy(unique("report"), stream(REPORT, **settings))
    write_at_once(stacks, outputs, "a", "b", "poison", "c", "d")
    letter = json.loads(bodies(stacks, outputs["Failed"], 1)[0])
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
    assert bodies(stacks, outputs["Queue"], 4) == ["a", "b", "c", "d"]


def a_throttled_function_gets_its_records_later(stacks: Stacks) -> None:
    outputs = stacks.deploy(unique("throttled"), stream(MaximumRetryAttempts=0))
    client = stacks.client("lambda")
    client.put_function_concurrency(FunctionName=outputs["Function"], ReservedConcurrentExecutions=0)
    write(stacks, outputs["Table"], "a")
    failed = stacks.client("sqs").receive_message(QueueUrl=outputs["Failed"], WaitTimeSeconds=2)
    assert "Messages" not in failed
    client.delete_function_concurrency(FunctionName=outputs["Function"])
    assert bodies(stacks, outputs["Queue"], 1) == ["a"]


def an_updated_mapping_goes_on_where_it_was(stacks: Stacks) -> None:
    stack, template = unique("position"), stream()
    outputs = stacks.deploy(stack, template)
    write(stacks, outputs["Table"], "a", "b")
    assert bodies(stacks, outputs["Queue"], 2) == ["a", "b"]
    template["Resources"]["Mapping"]["Properties"]["BatchSize"] = 10
    stacks.deploy(stack, template)
    write(stacks, outputs["Table"], "c")
    assert bodies(stacks, outputs["Queue"], 1) == ["c"]
    described = stacks.client("lambda").get_event_source_mapping(UUID=outputs["Mapping"])
    assert described["BatchSize"] == 10


SCENARIOS: dict[str, Callable[[Stacks], None]] = {
    "archive-times": an_archive_replays_what_happened_in_order,
    "replay-destination": a_replay_reaches_only_the_rules_that_it_names,
    "archive-update": an_archive_follows_its_changed_pattern,
    "target-dead-letters": an_undeliverable_event_becomes_a_dead_letter,
    "disabled-rules": a_disabled_rule_delivers_nothing,
    "stream-settings": the_records_around_a_poisoned_one_arrive,
    "stream-delivery": a_throttled_function_gets_its_records_later,
    "stream-position": an_updated_mapping_goes_on_where_it_was,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """An engine without the mends that are shown here."""
    with engine_without(SCENARIOS, tmp_path_factory.mktemp("plain")) as one:
        yield one


@pytest.mark.parametrize("mend", SCENARIOS)
def test_holds_with_the_mend(engine: RunningEngine, mend: str) -> None:
    with stacks_on(engine) as stacks:
        SCENARIOS[mend](stacks)


@pytest.mark.parametrize("mend", SCENARIOS)
def test_fails_without_the_mend(plain: RunningEngine, mend: str) -> None:
    """A fault that is a race does not show every time."""
    assert any(_fails(plain, mend) for _ in range(3))


def _fails(plain: RunningEngine, mend: str) -> bool:
    try:
        with stacks_on(plain) as stacks:
            SCENARIOS[mend](stacks)
    except FAULTS:
        return True
    return False


def test_reported_failures_are_retried_from_the_failed_record_on(engine: RunningEngine) -> None:
    with stacks_on(engine) as stacks:
        reported_failures_are_retried_from_the_failed_record_on(stacks)
