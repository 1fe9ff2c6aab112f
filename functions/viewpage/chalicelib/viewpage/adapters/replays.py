"""The door of what the archive plays again: into the table that is being rebuilt, and nowhere else."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from chalicelib.viewpage.adapters.by_room import Fold, fold_by_room
from chalicelib.viewpage.domain.generations import Rebuild
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.told import part_of
from kernel.events import CloudEvent
from kernel.logs import logger


class _Replayed(msgspec.Struct, frozen=True, rename={"replay_name": "replay-name"}):
    """What EventBridge puts on the queue; the replay is named after the rebuild that it is for."""

    detail: CloudEvent
    replay_name: str = ""


def rebuild_of(
    records: Iterable[Mapping[str, Any]], rebuild: Rebuild | None, fold_into: Callable[[Rebuild], Fold]
) -> dict[str, Any]:
    """Folds what is played for this rebuild; reports the messages that failed, for the queue to deliver again. What was
    played for another one, or for none, is let go.
    """
    if rebuild is None:
        return {"batchItemFailures": []}
    batch = list(records)
    told = [(place, part) for place, record in enumerate(batch) for part in _parts(record, rebuild)]
    failed = fold_by_room(told, fold_into(rebuild))
    return {"batchItemFailures": [{"itemIdentifier": batch[place]["messageId"]} for place in sorted(failed)]}


def _parts(record: Mapping[str, Any], rebuild: Rebuild) -> Iterable[Part]:
    """Nothing of an event that is not as it was agreed: the live view has none of it either, it was set aside then."""
    try:
        played = msgspec.json.decode(record["body"], type=_Replayed)
        part = part_of(played.detail)
    except msgspec.DecodeError:
        logger().exception("archived event not read", extra={"message_id": record["messageId"]})
        return
    if part and played.replay_name == rebuild.rebuild_id:
        yield part
