"""Show what waits in the queues of failures: what it is, why it is there, and since when.

python -m infra.operations.dead_letters [--stage production]
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from infra.cloud import Cloud
from infra.operations.command_line import parser, run
from infra.operations.log_lines import LogLines
from infra.operations.queues import DEAD, Letter, Queues
from infra.operations.tables_of_text import columns

_MOST = 100  # of one queue


@dataclass(frozen=True)
class Failure:
    """A dead letter, explained."""

    queue: str
    since: datetime
    what: str
    why: str


def failures(cloud: Cloud) -> list[Failure]:
    """What waits in every queue of failures, at most a hundred of each, the oldest first."""
    queues, lines = Queues(cloud), LogLines(cloud)
    found = []
    for name in queues.of_failures():
        with queues.peeked(name, _MOST) as letters:
            found += [
                Failure(name, letter.sent, what(letter), why(name, letter, queues, lines))
                for letter in letters
            ]
    return sorted(found, key=lambda failure: (failure.queue, failure.since))


def what(letter: Letter) -> str:
    """The event, or the stream record, that the letter is about."""
    content = letter.content
    if detail := content.get("detail"):
        return f"{detail.get('type', content.get('detail-type'))} {detail.get('id', '')}".strip()
    if record := content.get("record"):
        keys = record.get("dynamodb", {}).get("Keys", {})
        return "record " + " ".join(next(iter(value.values())) for value in keys.values())
    if batch := content.get("DDBStreamBatchInfo"):
        return f"{batch['batchSize']} records from {batch['startSequenceNumber']}"
    return letter.body[:60]


def why(queue: str, letter: Letter, queues: Queues, lines: LogLines) -> str:
    """The reason that came with the letter; for one that a consumer gave up, the error that it logged last."""
    said = [letter.attributes.get(name) for name in ("ERROR_CODE", "ERROR_MESSAGE")]
    if any(said):
        return ": ".join(part for part in said if part)
    if condition := letter.content.get("requestContext", {}).get("condition"):
        return str(condition)
    if queue.endswith(DEAD) and (function := queues.reader(queue.removesuffix(DEAD))):
        errors = lines.errors_about(function, letter.message_id, letter.sent)
        return errors[-1] if errors else f"given up by {function}"
    return "nothing is said"


def shown(found: Iterable[Failure]) -> str:
    """A table of the failures."""
    rows = [
        (each.queue, each.since.strftime("%Y-%m-%d %H:%M:%S"), each.what, each.why[:120]) for each in found
    ]
    return columns(("QUEUE", "SINCE (UTC)", "WHAT", "WHY"), rows) if rows else "No dead letters."


def main() -> int:
    """Print them."""
    arguments = parser(__doc__).parse_args()
    return run(arguments, lambda cloud: print(shown(failures(cloud))))


if __name__ == "__main__":
    sys.exit(main())
