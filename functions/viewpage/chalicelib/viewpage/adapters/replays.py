"""The door of what the archive plays again: into the table that is being rebuilt, and nowhere else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from chalicelib.viewpage.adapters.batches import fold_batch
from chalicelib.viewpage.domain.generations import Rebuild
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.hearing import parts_of
from chalicelib.viewpage.usecases.projection import FoldRoom
from kernel.events import CloudEvent
from kernel.logs import logger


class _Replayed(msgspec.Struct, frozen=True, rename={"replay_name": "replay-name"}):
    """What EventBridge puts on the queue; the replay is named after the rebuild that it is for."""

    detail: CloudEvent
    replay_name: str = ""


def fold_replayed(
    records: Iterable[Mapping[str, Any]], rebuild: Rebuild | None, into: Callable[[Rebuild], FoldRoom]
) -> dict[str, Any]:
    """Folds what is played for this rebuild; reports the messages that failed, for the queue to deliver again. What was
    played for another one, or for none, is let go.
    """
    if rebuild is None:
        return {"batchItemFailures": []}
    batch = list(records)
    failed = fold_batch([_told(record, rebuild) for record in batch], into(rebuild))
    return {"batchItemFailures": [{"itemIdentifier": batch[place]["messageId"]} for place in sorted(failed)]}


def _told(record: Mapping[str, Any], rebuild: Rebuild) -> Sequence[Part]:
    """Nothing of an event that is not as it was agreed: the live view has none of it either, it was set aside then."""
    try:
        played = msgspec.json.decode(record["body"], type=_Replayed)
        told = parts_of([played.detail])
    except msgspec.DecodeError:
        logger().exception("archived event not read", extra={"message_id": record["messageId"]})
        return ()
    return told if played.replay_name == rebuild.rebuild_id else ()
