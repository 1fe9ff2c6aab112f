"""Handlers that hand on what comes and note that it came, by botocore and nothing else."""

import json
from typing import Any

from botocore.session import get_session

session = get_session()
dynamodb: Any = session.create_client("dynamodb")
events: Any = session.create_client("events")


def relay(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """From the stream to the bus, at most ten at a time as nobody puts more."""
    entries = [
        {
            "Source": "pipeline",
            "DetailType": "Put",
            "Detail": json.dumps({"key": key}),
            "EventBusName": "pipeline",
        }
        for key in _keys(event)
    ]
    events.put_events(Entries=entries)
    return {"batchItemFailures": []}


def read(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """From the stream."""
    for key in _keys(event):
        _note(key, "reader")
    return {"batchItemFailures": []}


def consume(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """From the queue."""
    for record in event["Records"]:
        _note(json.loads(record["body"])["detail"]["key"], "consumer")
    return {"batchItemFailures": []}


def _keys(event: dict[str, Any]) -> list[str]:
    return [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]


def _note(key: str, where: str) -> None:
    dynamodb.put_item(TableName="pipeline-arrivals", Item={"pk": {"S": f"{key} {where}"}})
