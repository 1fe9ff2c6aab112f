"""The consumer: events from a queue, each handled alone, so that one that fails holds up none of the others."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

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
    failed = []
    for record in records:
        try:
            _handle(record, handlers)
        except Exception:  # noqa: BLE001 - the outermost door: logged, and left to the queue's redelivery and dead letters
            logger().exception("event not handled", extra={"message_id": record["messageId"]})
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _handle(record: Mapping[str, Any], handlers: Mapping[str, Handler]) -> None:
    event = msgspec.json.decode(record["body"], type=_Delivery).detail
    begin_story(Cause(event.correlationid, event.id))
    handlers[event.type](event)
    logger().info("heard", extra={"event": event.type, "subject": event.subject})
