"""Put back what failed, from one queue of failures.

python -m infra.operations.redrive staybook-room-events-dlq [--stage production]

Each message is sent on before it is deleted here, so that an interruption at any moment loses nothing: it sends one
message twice, which consumers take once. What fails again comes back by itself, as a new message.

- `...-dlq`: back into the queue that its consumer reads
- `...-rule-failures`: into the queue that the rule could not reach
- `...-stream-failures`: to the stream's reader again, as the record that was set aside if that can be read now, else as
  the item is now, with its whole outbox
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.queues import DEAD, UNDELIVERED, UNREAD, Letter, Queues
from infra.operations.stream_notes import noted_records
from infra.progress import say
from kernel import stream

Record = dict[str, Any]


class FailedAgain(Exception):
    """A reader could not deal with a record this time either; the message is what it said."""


@dataclass
class Outcome:
    """How many messages went where."""

    put_back: int = 0
    left: int = 0
    reasons: list[str] = field(default_factory=list)


def redrive(cloud: Cloud, queue: str) -> Outcome:
    """Puts back every message that was in the queue when it began. Raises CannotDo for a queue of another kind."""
    queues, began, outcome = Queues(cloud), datetime.now(UTC), Outcome()
    way = _way(cloud, queue)
    held: dict[str, Letter] = {}
    try:
        while letters := queues.receive(queue):
            for letter in letters:
                if letter.message_id in held or letter.sent > began or not _sent_on(letter, way, outcome):
                    held[letter.message_id] = letter  # out of our way until the end
                    continue
                queues.delete(queue, letter)
                outcome.put_back += 1
    finally:
        for letter in held.values():
            queues.put_back(queue, letter)
    return outcome


def _sent_on(letter: Letter, way: Callable[[Letter], None], outcome: Outcome) -> bool:
    try:
        way(letter)
    except FailedAgain as problem:
        outcome.left += 1
        outcome.reasons.append(str(problem))
        return False
    return True


def _way(cloud: Cloud, queue: str) -> Callable[[Letter], None]:
    queues = Queues(cloud)
    if queue.endswith(DEAD):
        return lambda letter: queues.send(queue.removesuffix(DEAD), letter.body)
    if queue.endswith(UNDELIVERED):
        return lambda letter: queues.send(_target(letter), letter.body)
    if queue.endswith(UNREAD):
        service = queue.removeprefix("staybook-").removesuffix(UNREAD)
        return lambda letter: _read_again(cloud, service, letter)
    raise CannotDo(f"{queue} is no queue of failures: `make dlq` shows those that hold something.")


def _target(letter: Letter) -> str:
    return letter.attributes["TARGET_ARN"].rsplit(":", 1)[-1]


def _read_again(cloud: Cloud, service: str, letter: Letter) -> None:
    """Gives the stream's reader the records once more. Raises FailedAgain."""
    content = letter.content
    kept = [content["record"]] if "record" in content else noted_records(cloud, content)
    records = [_mended(cloud, record) for record in kept]
    reader = f"staybook-{service}-{'projector' if service == 'viewpage' else 'relay'}"
    reply = cloud.client("lambda").invoke(
        FunctionName=reader, Qualifier="live", Payload=msgspec.json.encode({"Records": records})
    )
    answer = json.loads(reply["Payload"].read())
    if "FunctionError" in reply or answer["batchItemFailures"]:
        raise FailedAgain(f"{reader}: {json.dumps(answer)[:200]}")


def _mended(cloud: Cloud, record: Record) -> Record:
    """The record if it can be read, else the item's present state in its place. Raises FailedAgain when that cannot be
    read either: the item must be mended first.
    """
    if _says_something(record):
        return record
    table = record["eventSourceARN"].split("/")[1]
    keys = record["dynamodb"]["Keys"]
    found = cloud.client("dynamodb").get_item(TableName=table, Key=keys, ConsistentRead=True)
    content = {"Keys": keys, "SequenceNumber": record["dynamodb"]["SequenceNumber"]}
    present = {**record, "dynamodb": {**content, "NewImage": found.get("Item", {})}}
    if not _says_something(present):
        raise FailedAgain(f"{table} {json.dumps(keys)}: its outbox cannot be read; mend the item first")
    return present


def _says_something(record: Record) -> bool:
    """Whether it can be read, and is whole: one kept by its key alone announces nothing."""
    try:
        return bool(stream.change(record).events)
    except (msgspec.DecodeError, KeyError):
        return False


def main() -> int:
    """Put back what the command line names, and say how much that was."""
    reader = parser(__doc__)
    reader.add_argument("queue", help="as `make dlq` names it")
    arguments = reader.parse_args()

    def command(cloud: Cloud) -> None:
        outcome = redrive(cloud, arguments.queue)
        say(f"{arguments.queue}: {outcome.put_back} put back, {outcome.left} left")
        for reason in outcome.reasons:
            say(f"  {reason}")

    return run(arguments, command)


if __name__ == "__main__":
    sys.exit(main())
