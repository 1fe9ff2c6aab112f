"""What Lambda hands to a consumer or a stream handler: events on a queue, records of a stream."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kernel.events import CloudEvent


def told(
    event_type: str,
    subject: str,
    sequence: int,
    data: Mapping[str, Any],
    *,
    source: str = "staybook.reservation",
    time: str = "2026-12-24T03:00:00.000Z",
) -> CloudEvent:
    """An event as its service announces it."""
    return CloudEvent(
        id=f"{subject}:{sequence}:1",
        source=source,
        type=event_type,
        subject=subject,
        time=time,
        sequence=sequence,
        correlationid="story",
        data=dict(data),
    )


def queued(*events: CloudEvent) -> dict[str, Any]:
    """A batch from a queue behind a rule; messages are called m0, m1, ..."""
    return {"Records": [_message(f"m{place}", event) for place, event in enumerate(events)]}


def _message(message_id: str, event: CloudEvent) -> dict[str, Any]:
    body = msgspec.json.encode({"detail-type": event.type, "source": event.source, "detail": event})
    return {"messageId": message_id, "body": body.decode(), "eventSource": "aws:sqs"}


def record(
    sequence_number: str, events: Sequence[CloudEvent], *, before: int | None = None
) -> dict[str, Any]:
    """A stream record whose new image carries these events; `before` is the old image's version (None: an insert)."""
    newest = max((event.sequence for event in events), default=before or 0)
    outbox = [{"S": msgspec.json.encode(event).decode()} for event in events]
    images = {"NewImage": {"version": {"N": str(newest)}, "outbox": {"L": outbox}}}
    if before is not None:
        images["OldImage"] = {"version": {"N": str(before)}}
    return {
        "eventID": f"event-{sequence_number}",
        "eventName": "INSERT" if before is None else "MODIFY",
        "eventSource": "aws:dynamodb",
        "dynamodb": {"SequenceNumber": sequence_number, "StreamViewType": "NEW_AND_OLD_IMAGES", **images},
    }
