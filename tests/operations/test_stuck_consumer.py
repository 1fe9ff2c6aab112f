"""A consumer that is stuck is noticed by the alarm on the age of its queue's oldest message, as it is deployed on AWS.

Only its patience is shorter here: half a minute instead of five. CloudWatch looks once a minute, so this takes a few.
"""

import json
from pathlib import Path
from typing import Any

from infra.cloud import LOCAL, cloud_of
from infra.deployment.code_bucket import CodeBucket
from infra.deployment.stacks import Stacks
from infra.layout import WATCH_TEMPLATE
from kernel.ids import new_id
from tests.house import House
from tests.queues import Queue, stopped
from tests.waiting import eventually

ALARM = "staybook-message-events-old"
_MINUTES = 300  # seconds: measured in one minute, judged in the next


def test_it_goes_off_while_nobody_reads_and_ends_when_somebody_does(house: House, tmp_path: Path) -> None:
    deploy_watch(tmp_path)
    host, guest = house.person(f"host-{new_id()}", "host"), house.person(f"guest-{new_id()}")
    queue = Queue(house, "staybook-message-events")
    with stopped(queue, "staybook-message-consumer"):
        room = host.lists_room()
        assert guest.books(room["roomId"], new_id()).status_code == 201
        eventually(queue.waiting, what="a message that nobody reads")
        eventually(lambda: state(house) == "ALARM", within=_MINUTES, what="the alarm")
    eventually(lambda: queue.waiting() == 0, within=60, what="an empty queue")
    eventually(lambda: state(house) == "OK", within=_MINUTES, what="the end of the alarm")


def state(house: House) -> str:
    [alarm] = house.aws("cloudwatch").describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
    return str(alarm["StateValue"])


def deploy_watch(work: Path) -> None:
    """The whole stack that watches, that one alarm less patient; without its dashboard, as the engine knows none."""
    template: dict[str, Any] = json.loads(WATCH_TEMPLATE.read_text())
    resources = template["Resources"] = {
        name: resource
        for name, resource in template["Resources"].items()
        if resource["Type"] != "AWS::CloudWatch::Dashboard"
    }
    [alarm] = [
        resource["Properties"]
        for resource in resources.values()
        if resource.get("Properties", {}).get("AlarmName") == ALARM
    ]
    alarm["Threshold"] = 30
    file = work / "watch.json"
    file.write_text(json.dumps(template))
    cloud = cloud_of(LOCAL, None)
    stacks = Stacks(cloud.cloudformation, cloud.poll_seconds)
    stacks.deploy("staybook-watch", CodeBucket.ensured(cloud).put(file), {})
