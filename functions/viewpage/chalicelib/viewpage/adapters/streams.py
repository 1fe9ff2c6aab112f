"""The streams' door: records of three tables become parts, a room at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.told import part_of
from kernel import stream
from kernel.logs import logger

Fold = Callable[[str, Sequence[Part]], None]
_Told = tuple[int, Part]  # a part, and the place in the batch of the record that told it


def project(records: Iterable[Mapping[str, Any]], fold: Fold) -> dict[str, Any]:
    """Folds what the records newly say, once a room. Reports the first record that failed, if any.

    The stream then comes again from that record on. What lies behind it was folded all the same: a record that
    cannot be read holds up nobody, and folding twice is folding once.
    """
    batch = list(records)
    rooms: dict[str, list[_Told]] = defaultdict(list)
    failed = {place for place, record in enumerate(batch) if not _read(place, record, rooms)}
    for room_id, told in rooms.items():
        if not _folded(room_id, told, fold):
            failed.update(place for place, _ in told)
    return {"batchItemFailures": [_entry(batch[min(failed)])] if failed else []}


def _read(place: int, record: Mapping[str, Any], rooms: dict[str, list[_Told]]) -> bool:
    """Puts what the record tells under its room. False when the record is not as it was agreed."""
    try:
        for event in stream.change(dict(record)).events:
            if (part := part_of(event)) is not None:
                rooms[part.room_id].append((place, part))
    except Exception:  # noqa: BLE001 - the outermost door: logged, and left to the stream's redelivery
        logger().exception("stream record not read", extra={"record": record.get("eventID")})
        return False
    return True


def _folded(room_id: str, told: Sequence[_Told], fold: Fold) -> bool:
    try:
        fold(room_id, [part for _, part in told])
    except Exception:  # noqa: BLE001 - the outermost door, as above
        logger().exception("room not folded", extra={"room_id": room_id})
        return False
    return True


def _entry(record: Mapping[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
