"""Compare reservations, payments, nights and view now, and make right what the rules allow.

python -m infra.operations.reconcile [--stage production]

The same function runs every hour by itself.
"""

import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from infra.cloud import Cloud
from infra.operations.command_line import parser, run
from infra.operations.functions import invoke
from infra.operations.tables_of_text import columns
from infra.progress import say

FUNCTION = "staybook-reservation-reconcile"


def reconcile(cloud: Cloud) -> tuple[int, Counter[str], Counter[str]]:
    """Runs it to the end: how many reservations were looked at, what was found, what of it is repaired."""
    looked_at, found, repaired = 0, Counter[str](), Counter[str]()
    cursor: str | None = None
    while True:
        said = invoke(cloud, FUNCTION, _event(cursor))
        looked_at += said["lookedAt"]
        found.update(said["found"])
        repaired.update(said["repaired"])
        cursor = said["cursor"]
        if cursor is None:
            return looked_at, found, repaired


def _event(cursor: str | None) -> dict[str, Any]:
    """As the schedule sends it, with the place to go on from."""
    return {
        "version": "0",
        "id": f"by-hand-{datetime.now(UTC):%Y%m%d%H%M%S}",
        "detail-type": "Scheduled Event",
        "source": "staybook.operations",
        "account": "",
        "time": datetime.now(UTC).isoformat(),
        "region": "",
        "resources": [],
        "detail": {"cursor": cursor} if cursor else {},
    }


def main() -> int:
    """Reconcile, and say what was found."""

    def command(cloud: Cloud) -> None:
        looked_at, found, repaired = reconcile(cloud)
        rows = [(drift, str(count), str(repaired[drift])) for drift, count in sorted(found.items())]
        say(f"{looked_at} reservations compared")
        say(columns(("DRIFT", "FOUND", "REPAIRED"), rows) if rows else "The services agree.")

    return run(parser(__doc__).parse_args(), command)


if __name__ == "__main__":
    sys.exit(main())
