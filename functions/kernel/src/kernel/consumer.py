"""The consumer: what lies in a queue, each handled alone, so that one that fails holds up none of the others."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from kernel import budget
from kernel.events import Cause, CloudEvent
from kernel.logs import begin_story, logger

Handler = Callable[[CloudEvent], None]


class _Delivery(msgspec.Struct, frozen=True):
    """What EventBridge puts on a queue: the announced event is its detail."""

    detail: CloudEvent


def consume(records: Iterable[Mapping[str, Any]], handlers: Mapping[str, Handler]) -> dict[str, Any]:
    """Handles each record's event by its type; reports those that failed, for the queue to deliver again.

    An event of a type nobody handles fails too: a rule that brings it here is a mistake to be seen.
    """

    def handle(body: str) -> None:
        event = msgspec.json.decode(body, type=_Delivery).detail
        begin_story(Cause(event.correlationid, event.id))
        handlers[event.type](event)
        logger().info("heard", extra={"event": event.type, "subject": event.subject})

    return work(records, handle)


def work(records: Iterable[Mapping[str, Any]], handle: Callable[[str], None]) -> dict[str, Any]:
    """Handles each record's body; reports those that failed, for the queue to deliver again.

    No record is begun that would outlive the invocation, judged by the longest one so far: cut off in the middle, those
    that are done would be delivered again too, until all of them lie among the dead letters.
    """
    failed, longest = [], 0.0
    for record in records:
        began = time.monotonic()
        if longest > budget.remaining() or not _handled(record, handle):
            failed.append({"itemIdentifier": record["messageId"]})
        longest = max(longest, time.monotonic() - began)
    return {"batchItemFailures": failed}


def _handled(record: Mapping[str, Any], handle: Callable[[str], None]) -> bool:
    try:
        handle(record["body"])
    except Exception:  # noqa: BLE001 - the outermost door: logged, and left to the queue's redelivery and dead letters
        logger().exception("record not handled", extra={"message_id": record["messageId"]})
        return False
    return True
