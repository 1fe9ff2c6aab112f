"""What each host earned, month by month: a service that knows the published contract and nothing else of the house.

A payment is one item: the money kept of it, and the sequence of the event that said so. What is older than that, or
the same once more, changes nothing; so events may come twice, in any order, and again from the archive.
"""

import json
import os
from functools import cache
from typing import Any

import boto3


def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """The queue's door: reports what could not be noted, for the queue to deliver again."""
    failed = []
    for record in event["Records"]:
        try:
            note(json.loads(record["body"])["detail"])
        except Exception as error:  # noqa: BLE001 - the outermost door: said, and left to redelivery and dead letters
            print(json.dumps({"level": "ERROR", "message": "not noted", "reason": repr(error)}))
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def note(event: dict[str, Any]) -> None:
    """Keeps what the event says of its payment, unless something later is known."""
    data = event["data"]
    kept = money_kept(event["type"], data)
    try:
        _table().put_item(
            Item={
                "hostId": data["hostId"],
                "payId": event["subject"],
                "month": event["time"][:7],
                "amount": kept["amount"],
                "currency": kept["currency"],
                "sequence": event["sequence"],
            },
            ConditionExpression="attribute_not_exists(payId) OR #sequence < :sequence",
            ExpressionAttributeNames={"#sequence": "sequence"},
            ExpressionAttributeValues={":sequence": event["sequence"]},
        )
    except _table().meta.client.exceptions.ConditionalCheckFailedException:
        return  # the same or something later is known


def money_kept(event_type: str, data: dict[str, Any]) -> dict[str, Any]:
    """{"amount", "currency"}: the whole price of what was paid, the fee of what was undone."""
    if event_type == "PaymentApproved":
        return dict(data["price"])
    return dict(data.get("fee") or {**data["price"], "amount": 0})


@cache
def _table() -> Any:
    return boto3.resource("dynamodb").Table(os.environ["EARNINGS_TABLE"])
