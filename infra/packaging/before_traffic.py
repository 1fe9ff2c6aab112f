"""What CodeDeploy has run before a version gets its first request: is it up? Packaged as the text of a function.

It says no for a version that is not up where the live one is: a release that mends what is down must get through.
"""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import boto3

PROBE = {
    "probe": "health",
    "Records": [],
    "id": "probe",
    "version": "0",
    "account": "",
    "region": "",
    "resources": [],
    "source": "staybook",
    "detail-type": "Health",
    "detail": {},
    "time": "",
}
ATTEMPTS, PAUSE_SECONDS = 3, 2


def handler(
    event: dict[str, str],
    _context: Any,
    client: Callable[[Any], Any] = boto3.client,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, list[str]]:
    """Tells CodeDeploy whether the newest version of each function of FUNCTIONS is up."""
    functions = client("lambda")
    ailing = [name for name in os.environ["FUNCTIONS"].split(",") if ails(functions, name, sleep)]
    print(json.dumps({"message": "asked before traffic", "ailing": ailing}))
    client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status="Failed" if ailing else "Succeeded",
    )
    return {"ailing": ailing}


def ails(functions: Any, name: str, sleep: Callable[[float], None]) -> bool:
    """Whether the newest version is not up while the live one is."""
    newest = newest_version(functions, name)
    for attempt in range(ATTEMPTS):
        if is_up(functions, name, newest):
            return False
        sleep(PAUSE_SECONDS * attempt)
    return is_up(functions, name, "live")


def newest_version(functions: Any, name: str) -> str:
    """The number of the version that was published last."""
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    numbers = [version["Version"] for page in pages for version in page["Versions"]]
    return str(max(int(number) for number in numbers if number != "$LATEST"))


def is_up(functions: Any, name: str, qualifier: str) -> bool:
    """Whether that version answers the probe, and well."""
    reply = functions.invoke(FunctionName=f"{name}:{qualifier}", Payload=json.dumps(PROBE).encode())
    told = json.loads(reply["Payload"].read())
    print(json.dumps({"function": name, "version": qualifier, "told": told}))
    return "FunctionError" not in reply and bool(told.get("status") == "up")
