"""The streams' door: records of three tables become parts, a room at a time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.viewpage.adapters.batches import fold_batch
from chalicelib.viewpage.domain.parts import Part
from chalicelib.viewpage.hearing import parts_of
from chalicelib.viewpage.usecases.projection import FoldRoom
from kernel import stream
from kernel.aside import Aside, set_aside
from kernel.logs import logger


def project(records: Iterable[dict[str, Any]], fold_room: FoldRoom, aside: Aside) -> dict[str, Any]:
    """Folds what the records newly say, once a room. Reports the first record that failed, if any.

    The stream then comes again from that record on. What lies behind it was folded all the same, and folding twice is
    folding once. A record that is not as it was agreed is set aside whole.
    """
    batch = list(records)
    told = [_told(record, aside) for record in batch]
    failed = {place for place, parts in enumerate(told) if parts is None}
    failed |= fold_batch([parts or () for parts in told], fold_room)
    return {"batchItemFailures": [_entry(batch[min(failed)])] if failed else []}


def _told(record: dict[str, Any], aside: Aside) -> Sequence[Part] | None:
    """What the record tells; None when it must come again."""
    try:
        return parts_of(stream.change(record).events)
    except Exception as error:  # noqa: BLE001 - the outermost door: logged, and set aside
        logger().exception("stream record not read", extra={"record": record.get("eventID")})
        return () if set_aside(aside, record, type(error).__name__, str(error)) else None


def _entry(record: Mapping[str, Any]) -> dict[str, str]:
    return {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
