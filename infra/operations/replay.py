"""Play events from the archive again, to all rules or to some.

python -m infra.operations.replay 2026-12-24T00:00:00Z 2026-12-25T00:00:00Z [--rule staybook-room-events] ...

A replay changes nothing that is already right: its events have the ids and versions that they had.
"""

import sys
import time
from collections.abc import Sequence
from datetime import datetime

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo, parser, run
from infra.progress import say, step
from kernel.ids import new_id

ARCHIVE = BUS = "staybook"
_RUNNING = ("STARTING", "RUNNING")


def replay(cloud: Cloud, begin: datetime, end: datetime, rules: Sequence[str] = (), name: str = "") -> str:
    """Replays what was archived in the time, and waits for the end of it: its state, COMPLETED when all went well.
    Each event says that it is of the replay of this name, which is to be new.
    """
    bus = cloud.client("events")
    archive = bus.describe_archive(ArchiveName=ARCHIVE)
    name = name or f"staybook-{new_id()}"
    arns = [bus.describe_rule(Name=rule, EventBusName=BUS)["Arn"] for rule in rules]
    bus.start_replay(
        ReplayName=name,
        EventSourceArn=archive["ArchiveArn"],
        EventStartTime=begin,
        EventEndTime=end,
        Destination={"Arn": archive["EventSourceArn"], **({"FilterArns": arns} if arns else {})},
    )
    while (state := str(bus.describe_replay(ReplayName=name)["State"])) in _RUNNING:
        time.sleep(cloud.poll_seconds)
    return state


def main() -> int:
    """Replay what the command line names."""
    reader = parser(__doc__)
    reader.add_argument("begin", type=datetime.fromisoformat, help="the first instant, RFC 3339")
    reader.add_argument("end", type=datetime.fromisoformat, help="the instant at which to stop")
    reader.add_argument("--rule", action="append", default=[], help="only to this rule")
    arguments = reader.parse_args()

    def command(cloud: Cloud) -> None:
        with step("replay"):
            state = replay(cloud, arguments.begin, arguments.end, arguments.rule)
        if state != "COMPLETED":
            raise CannotDo(f"The replay ended as {state}.")
        say("replayed")

    return run(arguments, command)


if __name__ == "__main__":
    sys.exit(main())
