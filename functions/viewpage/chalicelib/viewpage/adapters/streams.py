"""The streams' door: records of three tables become parts, a room at a time."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.told import part_of
from kernel import stream
from kernel.aside import Aside, set_aside
from kernel.logs import logger

Fold = Callable[[str, Sequence[Part]], None]
_Told = tuple[int, Part]  # a part, and the place in the batch of the record that told it


def project(records: Iterable[dict[str, Any]], fold: Fold, aside: Aside) -> dict[str, Any]:
    """Folds what the records newly say, once a room. Reports the first record that failed, if any.

    The stream then comes again from that record on. What lies behind it was folded all the same, and folding twice is
    folding once. A record that is not as it was agreed is set aside whole.
    """
    batch = list(records)
    rooms: dict[str, list[_Told]] = defaultdict(list)
    failed = {place for place, record in enumerate(batch) if not _read(place, record, rooms, aside)}
    for room_id, told in rooms.items():
        if not _folded(room_id, told, fold):
            failed.update(place for place, _ in told)
    return {"batchItemFailures": [_entry(batch[min(failed)])] if failed else []}


def _read(place: int, record: dict[str, Any], rooms: dict[str, list[_Told]], aside: Aside) -> bool:
    """Puts what the record tells under its room. False when the record must come again."""
    try:
        parts = [part for event in stream.change(record).events if (part := part_of(event)) is not None]
    except Exception as error:  # noqa: BLE001 - the outermost door: logged, and set aside
        logger().exception("stream record not read", extra={"record": record.get("eventID")})
        return set_aside(aside, record, type(error).__name__, str(error))
    for part in parts:
        rooms[part.room_id].append((place, part))
    return True


def _folded(room_id: str, told: Sequence[_Told], fold: Fold) -> bool:
    try:
        fold(room_id, [part for _, part in told])
    except Exception:  # noqa: BLE001 - the outermost door: logged, and left to the stream's redelivery
        logger().exception("room not folded", extra={"room_id": room_id})
        return False
    return True


def _entry(record: Mapping[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
