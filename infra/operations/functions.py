"""Functions of ours, asked directly."""

import json
from typing import Any

from botocore.config import Config

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo
from kernel.ids import new_id

_PATIENT = Config(read_timeout=910, retries={"total_max_attempts": 1})


def invoke(cloud: Cloud, function: str, event: Any) -> dict[str, Any]:
    """What the function answers to the event; it may take its whole time. Raises CannotDo when it fails."""
    functions: Any = cloud.session.client("lambda", endpoint_url=cloud.endpoint, config=_PATIENT)
    reply = functions.invoke(FunctionName=function, Qualifier="live", Payload=json.dumps(event).encode())
    said: dict[str, Any] = json.loads(reply["Payload"].read())
    if "FunctionError" in reply:
        raise CannotDo(f"{function} failed: {json.dumps(said)[:300]}")
    return said


def command(cloud: Cloud, function: str, name: str, data: dict[str, Any]) -> dict[str, Any]:
    """What the function's direct door answers to a command. Raises CannotDo when it refuses or fails."""
    said = invoke(cloud, function, {"command": name, "correlationId": new_id(), "data": data})
    if "refused" in said:
        raise CannotDo(f"{function} refused {name}: {said['refused']['detail']}")
    result: dict[str, Any] = said["result"]
    return result
