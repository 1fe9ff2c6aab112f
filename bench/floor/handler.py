"""The floor: botocore and nothing else."""

import json
import os
from pathlib import Path
from typing import Any

from botocore import xform_name
from botocore.session import get_session

session = get_session()
if "CALLS" in os.environ:
    CALLS = json.loads(Path(os.environ["CALLS"]).read_text())
    CLIENTS = {service: session.create_client(service) for service in {call[0] for call in CALLS}}
    for service, _, asked in CALLS:
        if service == "lambda":
            asked["Payload"] = json.dumps(asked["Payload"]).encode()
    PLAYED = [(getattr(CLIENTS[service], xform_name(name)), asked) for service, name, asked in CALLS]
else:
    dynamodb: Any = session.create_client("dynamodb")


def put(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Puts one item, as a first function does."""
    item = {"pk": {"S": event["id"]}, "sk": {"S": "thing"}, "words": {"S": event["words"]}}
    dynamodb.put_item(TableName="things", Item=item, ConditionExpression="attribute_not_exists(pk)")
    return {"statusCode": 201, "headers": {"Content-Type": "application/json"}, "body": json.dumps(event)}


def play(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Makes the calls that another handler makes, with the same requests, and reads the answers."""
    for call, asked in PLAYED:
        reply = call(**asked)
        if "Payload" in reply:
            json.loads(reply["Payload"].read())
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
