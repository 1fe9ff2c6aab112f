"""Announce again what lies in the items' outboxes: what a stream has lost (it keeps a day) comes back from there.

python -m infra.operations.republish [--since 2026-12-24T00:00:00Z] [--stage production]

Every event goes out as it did, under its own id; whoever has heard it knows it by its version. An outbox holds the
last 16 versions of its item: an item that changed more often than that since has the rest in the archive alone.
"""

import sys

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.outboxes import NotTaken, announce_again, events
from infra.progress import say


def republish(cloud: Cloud, since: str = "") -> int:
    """Announces again all that happened from `since` on (RFC 3339 in UTC; '' for all); how many events that were.

    Raises NotTaken.
    """
    told = events(cloud, since)
    announce_again(cloud, told)
    return len(told)


def main() -> int:
    """Announce again, and say how much that was."""
    reader = parser(__doc__)
    reader.add_argument(
        "--since", default="", help="from this instant on; all that the outboxes hold if left out"
    )
    arguments = reader.parse_args()

    def command(cloud: Cloud) -> None:
        try:
            say(f"{republish(cloud, arguments.since)} events announced again")
        except NotTaken as problem:
            raise CannotDo(str(problem)) from problem

    return run(arguments, command)


if __name__ == "__main__":
    sys.exit(main())
