"""The fault switchboard: each kind does what it says, as often as it says, to the calls that it names."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.engine.engines import Engine
from tests.engine.stacks import wait_until

WRITER = """
import boto3, os
from botocore.config import Config
client = boto3.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
def handler(event, context):
    client.put_item(TableName=event["table"], Item={"pk": {"S": event["key"]}, "sk": {"S": "it"}})
    return os.getpid()
"""


def put(engine: Engine, table: str, key: str) -> None:
    engine.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": key}, "sk": {"S": "it"}})


def stored(engine: Engine, table: str, key: str) -> bool:
    found = engine.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": key}, "sk": {"S": "it"}})
    return "Item" in found


@pytest.mark.parametrize(
    ("kind", "code"), [("throttle", "ProvisionedThroughputExceeded"), ("error", "InternalServerError")]
)
def test_a_call_fails_as_often_as_told_and_has_no_effect(faulty: Engine, kind: str, code: str) -> None:
    table = faulty.table()
    faulty.inject(service="dynamodb", operation="PutItem", resource=table, kind=kind, count=2)
    for _ in range(2):
        with pytest.raises(ClientError, match=code):
            put(faulty, table, "a")
    assert not stored(faulty, table, "a")
    put(faulty, table, "a")
    assert stored(faulty, table, "a")


def test_the_reply_is_lost_though_the_call_took_effect(faulty: Engine) -> None:
    table = faulty.table()
    faulty.inject(service="dynamodb", operation="PutItem", resource=table, kind="drop", count=1)
    with pytest.raises(ClientError, match="InternalServerError"):
        put(faulty, table, "a")
    assert stored(faulty, table, "a")


def test_only_the_calls_named_are_struck(faulty: Engine) -> None:
    table, other = faulty.table(), faulty.table()
    faulty.inject(service="dynamodb", operation="PutItem", resource=table, kind="error")
    put(faulty, other, "a")
    assert not stored(faulty, table, "a")


def test_a_transaction_is_named_by_each_of_its_tables(faulty: Engine) -> None:
    table, other = faulty.table(), faulty.table()
    faulty.inject(
        service="dynamodb", operation="TransactWriteItems", resource=other, kind="throttle", count=1
    )
    writes = [
        {"Put": {"TableName": name, "Item": {"pk": {"S": "a"}, "sk": {"S": "it"}}}} for name in (table, other)
    ]
    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        faulty.client("dynamodb").transact_write_items(TransactItems=writes)
    assert not stored(faulty, table, "a")


def test_a_function_is_named_whatever_address_it_is_called_by(faulty: Engine) -> None:
    name, client = faulty.function("def handler(event, context):\n    return 1"), faulty.client("lambda")
    arn = client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    faulty.inject(service="lambda", operation="Invoke", resource=name, kind="throttle", count=2)
    for address in (name, f"{arn}:$LATEST"):
        with pytest.raises(ClientError, match="TooManyRequestsException"):
            faulty.invoke(address)


def test_a_delayed_call_takes_longer_and_works(faulty: Engine) -> None:
    table = faulty.table()
    faulty.inject(service="dynamodb", resource=table, kind="delay", seconds=0.7, count=1)
    started = time.monotonic()
    put(faulty, table, "a")
    assert time.monotonic() - started >= 0.7
    assert stored(faulty, table, "a")


def test_some_calls_may_go_through_first(faulty: Engine) -> None:
    table = faulty.table()
    faulty.inject(service="dynamodb", operation="PutItem", resource=table, kind="error", skip=2, count=1)
    put(faulty, table, "a")
    put(faulty, table, "b")
    with pytest.raises(ClientError):
        put(faulty, table, "c")
    put(faulty, table, "c")


def test_put_events_fails_for_the_entries_named(faulty: Engine) -> None:
    faulty.inject(service="events", operation="PutEvents", kind="partial", entries=[0, 2], count=1)
    entries = [{"Source": "test", "DetailType": str(number), "Detail": "{}"} for number in range(4)]
    events = faulty.client("events")
    answer = events.put_events(Entries=entries)
    assert answer["FailedEntryCount"] == 2
    assert ["EventId" in one for one in answer["Entries"]] == [False, True, False, True]
    assert events.put_events(Entries=entries)["FailedEntryCount"] == 0


@pytest.mark.parametrize(("when", "happened"), [("before", False), ("after", True)])
def test_a_process_dies_right_at_one_of_its_calls(faulty: Engine, when: str, happened: object) -> None:
    table, name = faulty.table(), faulty.function(WRITER)
    faulty.inject(caller=name, service="dynamodb", operation="PutItem", kind="kill", when=when, count=1)
    reply = faulty.invoke(name, {"table": table, "key": "a"})
    assert reply.payload["errorType"] == "Runtime.ExitError"
    assert stored(faulty, table, "a") is happened
    assert faulty.invoke(name, {"table": table, "key": "b"}).error is None


def test_the_processes_of_a_function_can_be_killed_at_once(faulty: Engine) -> None:
    table, name = faulty.table(), faulty.function(WRITER)
    pid = faulty.invoke(name, {"table": table, "key": "a"}).payload
    assert faulty.inject(kind="kill", resource=name) == {"killed": [pid]}
    wait_until(lambda: faulty.processes(name) == [], "the process is gone")


def test_the_rules_are_listed_with_their_hits_until_they_are_cleared(faulty: Engine) -> None:
    address, table = f"{faulty.aws}/_staybook/faults", faulty.table()
    faulty.inject(service="dynamodb", operation="PutItem", resource=table, kind="error", count=1)
    with pytest.raises(ClientError):
        put(faulty, table, "a")
    [rule] = httpx.get(address).json()["faults"]
    assert (rule["kind"], rule["hits"]) == ("error", 1)
    assert httpx.delete(address).json() == {"faults": []}


@pytest.mark.parametrize(
    "rule", [[], {"kind": "melt"}, {"kind": "error", "tabel": "x"}, {"kind": "kill", "when": "?"}]
)
def test_a_rule_that_makes_no_sense_is_refused(faulty: Engine, rule: Any) -> None:
    answer = httpx.post(f"{faulty.aws}/_staybook/faults", json=rule)
    assert answer.status_code == 400
    assert answer.json()["message"]
