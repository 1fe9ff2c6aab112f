"""The streams' door: records of three tables become parts, a room at a time."""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.viewpage.adapters.by_room import Fold, Told, fold_by_room
from chalicelib.viewpage.told import part_of
from kernel import stream
from kernel.aside import Aside, set_aside
from kernel.logs import logger


def project(records: Iterable[dict[str, Any]], fold: Fold, aside: Aside) -> dict[str, Any]:
    """Folds what the records newly say, once a room. Reports the first record that failed, if any.

    The stream then comes again from that record on. What lies behind it was folded all the same, and folding twice is
    folding once. A record that is not as it was agreed is set aside whole.
    """
    batch = list(records)
    told: list[Told] = []
    failed = {place for place, record in enumerate(batch) if not _read(place, record, told, aside)}
    failed |= fold_by_room(told, fold)
    return {"batchItemFailures": [_entry(batch[min(failed)])] if failed else []}


def _read(place: int, record: dict[str, Any], told: list[Told], aside: Aside) -> bool:
    """Adds what the record tells. False when the record must come again."""
    try:
        parts = [part for event in stream.change(record).events if (part := part_of(event)) is not None]
    except Exception as error:  # noqa: BLE001 - the outermost door: logged, and set aside
        logger().exception("stream record not read", extra={"record": record.get("eventID")})
        return set_aside(aside, record, type(error).__name__, str(error))
    told += [(place, part) for part in parts]
    return True


def _entry(record: Mapping[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
