"""Make the room view anew from the archive, beside the one that is read, and swap it in.

python -m infra.operations.rebuild_view [--anyway] [--stage production]
python -m infra.operations.rebuild_view --until 2026-12-24T00:00:00Z

With --until nothing is swapped: the table shows the rooms as they were at that instant, until the next rebuild.
--anyway swaps although the live view has items that neither the archive nor the outboxes tell of.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any

import msgspec

from infra.cloud import Cloud
from infra.operations import outboxes
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.functions import command
from infra.operations.queues import DEAD, UNDELIVERED, Queues
from infra.operations.replay import ARCHIVE, replay
from infra.progress import say, step

FUNCTION = "staybook-viewpage-rebuild"
RULE = QUEUE = "staybook-viewpage-events"
_FAILED = (QUEUE + DEAD, "staybook-viewpage" + UNDELIVERED)
_LATE = timedelta(days=1)  # a stream keeps what it tells for so long: nothing is announced later
_EMPTY_LOOKS = 30  # an empty queue says so for a while before it is believed: what it says is approximate
_DIGESTS = 1 << 256


@dataclass
class Comparison:
    """How the rebuilt view differs from the live one: counts, some keys, and the digests of both."""

    items: int = 0
    digests: dict[str, int] = field(default_factory=lambda: {"live": 0, "rebuilt": 0})
    counts: dict[str, int] = field(default_factory=lambda: {"missing": 0, "differing": 0, "surplus": 0})
    some: dict[str, list[list[str]]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        return self.digests["live"] == self.digests["rebuilt"]

    def add(self, found: dict[str, Any]) -> None:
        """What one step over the tables has found."""
        self.items += found["items"]
        for side in self.digests:
            self.digests[side] = (self.digests[side] + int(found[side], 16)) % _DIGESTS
        for kind in self.counts:
            self.counts[kind] += found[kind]["count"]
            self.some.setdefault(kind, []).extend(found[kind]["some"])

    def lines(self) -> Iterator[str]:
        for side, digest in self.digests.items():
            yield f"{side:8} {digest:064x}"
        for kind, count in self.counts.items():
            if count:
                yield f"{kind}: {count}, such as {', '.join(' '.join(key) for key in self.some[kind][:3])}"


@dataclass(frozen=True)
class Rebuild:
    """A rebuild that has begun: `table` is where. `until`: the instant that it shows; None for now."""

    cloud: Cloud
    rebuild_id: str
    table: str
    until: datetime | None

    def ask(self, name: str, **data: Any) -> dict[str, Any]:
        """One step of the service's own. Raises CannotDo, also when another rebuild has taken this one's place."""
        return command(self.cloud, FUNCTION, name, {"rebuildId": self.rebuild_id, **data})

    def through(self, name: str, **data: Any) -> Iterator[dict[str, Any]]:
        """What a step over a whole table finds, part by part."""
        return _through(self.cloud, name, {"rebuildId": self.rebuild_id, **data})

    def clear(self) -> None:
        for _ in self.through("clear"):
            pass

    def play(self) -> None:
        """Has the archive tell everything to the view's own rule. Raises CannotDo."""
        archive = self.cloud.client("events").describe_archive(ArchiveName=ARCHIVE)
        begin, now = archive["CreationTime"] - _LATE, datetime.now(UTC)  # archived times are cut to seconds
        end = min(now, self.until + _LATE) if self.until else now
        state = replay(self.cloud, begin, end, [RULE], self.rebuild_id)
        if state != "COMPLETED":
            raise CannotDo(f"The replay ended as {state}.")

    def hear_out(self, failed_before: int) -> None:
        """Waits until all that was played is folded. Raises CannotDo when something of it cannot be."""
        empty = 0
        while empty < _EMPTY_LOOKS:
            empty = 0 if waiting(self.cloud, QUEUE) else empty + 1
            time.sleep(self.cloud.poll_seconds)
        if (failed := failures(self.cloud) - failed_before) > 0:
            raise CannotDo(f"{failed} events were not folded: see `make dlq`, and begin again.")

    def fold_outboxes(self) -> None:
        """What the archive does not have yet, or no more: the last versions of every item."""
        by_room = sorted(outboxes.events(self.cloud), key=lambda event: str(event.data.get("roomId")))
        for told in batched(by_room, 100, strict=False):
            self.ask("fold", events=[msgspec.to_builtins(event) for event in told])

    def compare(self) -> Comparison:
        """With the live view, item by item."""
        comparison = Comparison()
        for side in ("live", "rebuilt"):
            for found in self.through("compare", side=side):
                comparison.add(found)
        return comparison


def begin(cloud: Cloud, until: datetime | None = None) -> Rebuild:
    """Begins a rebuild, and returns when its table may be cleared. One that was under way is given up."""
    instant = until.astimezone(UTC).isoformat() if until else None
    begun = command(cloud, FUNCTION, "begin", {"until": instant})
    clear_at = datetime.fromisoformat(begun["clearAt"])
    time.sleep(max(0.0, (clear_at - datetime.now(UTC)).total_seconds()))
    return Rebuild(cloud, begun["rebuildId"], begun["table"], until)


def fill(rebuild: Rebuild) -> None:
    """Makes the view anew in the rebuild's table. Raises CannotDo."""
    failed_before = failures(rebuild.cloud)
    with step(f"clear {rebuild.table}"):
        rebuild.clear()
    with step("replay the archive"):
        rebuild.play()
        rebuild.hear_out(failed_before)
    with step("fold the outboxes"):
        rebuild.fold_outboxes()


def rebuild_now(cloud: Cloud, anyway: bool = False) -> Comparison:  # noqa: FBT001 - the operator's word
    """Rebuilds the view and swaps it in; how it differed from the live one. Raises CannotDo."""
    rebuild = begin(cloud)
    fill(rebuild)
    with step("compare"):
        comparison = rebuild.compare()
    if comparison.counts["missing"] and not anyway:
        lines = "\n".join(comparison.lines())
        raise CannotDo(
            f"{lines}\nNothing is swapped: neither archive nor outboxes tell of what is missing. "
            "Begin again with ANYWAY=1 if it should not be there."
        )
    rebuild.ask("swap")
    return comparison


def rebuild_past(cloud: Cloud, until: datetime) -> tuple[str, str]:
    """Makes the view as it was at an instant, in a table to be looked at: its name and digest. Raises CannotDo."""
    rebuild = begin(cloud, until)
    fill(rebuild)
    made = digest(cloud, rebuild.rebuild_id)
    rebuild.ask("leave")
    return rebuild.table, made


def digest(cloud: Cloud, rebuild_id: str = "") -> str:
    """The digest of the rebuilt table; of the live one when no rebuild is named."""
    found = _through(cloud, "digest", {"rebuildId": rebuild_id})
    return f"{sum(int(each['digest'], 16) for each in found) % _DIGESTS:064x}"


def waiting(cloud: Cloud, queue: str) -> int:
    """How many messages a queue holds, those that somebody is at included."""
    names = ("", "NotVisible", "Delayed")
    found = cloud.client("sqs").get_queue_attributes(
        QueueUrl=Queues(cloud).url(queue),
        AttributeNames=[f"ApproximateNumberOfMessages{name}" for name in names],
    )["Attributes"]
    return sum(map(int, found.values()))


def failures(cloud: Cloud) -> int:
    """How many events could not be brought to the view's function, or not be folded by it."""
    return sum(waiting(cloud, queue) for queue in _FAILED)


def _through(cloud: Cloud, name: str, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    position: str | None = None
    while True:
        found = command(cloud, FUNCTION, name, {**data, "position": position})
        yield found
        position = found["position"]
        if position is None:
            return


def main() -> int:
    """Rebuild, and say what came of it."""
    reader = parser(__doc__)
    reader.add_argument("--until", type=datetime.fromisoformat, help="an instant in the past, RFC 3339")
    reader.add_argument("--anyway", action="store_true", help="swap although something is missing")
    arguments = reader.parse_args()
    if arguments.until and arguments.until.tzinfo is None:
        reader.error("an instant says its offset: 2026-12-24T00:00:00Z")

    def make(cloud: Cloud) -> None:
        if arguments.until:
            table, made = rebuild_past(cloud, arguments.until)
            say(f"The rooms as of {arguments.until} are in {table}\n{made}")
            return
        comparison = rebuild_now(cloud, arguments.anyway)
        for line in comparison.lines():
            say(line)
        say(f"{comparison.items} items; {'the same' if comparison.same else 'made right'}; swapped in")

    return run(arguments, make)


if __name__ == "__main__":
    sys.exit(main())
