"""Tell the story of a booking across the services, in its order and with times.

python -m infra.operations.story 01JFZ... [--stage production]      the id of a reservation or of a payment

What was announced comes from the items' outboxes, what the functions did from their logs, found by the booking's
correlation ids: one for the request that booked, one for the request that cancelled.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.cloud import Cloud
from infra.operations.command_line import CannotDo, parser, run
from infra.operations.log_lines import Line, LogLines
from infra.operations.outboxes import readable
from infra.operations.tables_of_text import columns
from kernel.clock import moment
from kernel.events import CloudEvent

_SLACK = timedelta(minutes=1)  # a story begins a little before its first event


@dataclass(frozen=True)
class Moment:
    """Something that happened: where, what, and because of which event or request."""

    at: datetime
    where: str
    what: str
    because: str
    story: str


def story(cloud: Cloud, identity: str) -> list[Moment]:
    """What happened to a booking, in order. `identity` is its reservation's or its payment's id. Raises CannotDo."""
    events = _events(cloud, identity)
    if not events:
        raise CannotDo(f"No reservation or payment has the id {identity}.")
    began = min(moment(event.time) for event in events) - _SLACK
    stories = {event.correlationid for event in events} - {"none"}
    lines = [line for one in stories for line in LogLines(cloud).everywhere(one, began)]
    moments = [*map(_announced, events), *map(_logged, lines)]
    return sorted(moments, key=lambda each: each.at)


def _events(cloud: Cloud, identity: str) -> list[CloudEvent]:
    """What the booking's reservation, payment and nights announced."""
    own = _of_item(cloud, "staybook-reservation", identity, "reservation")
    if not own:
        paid = _of_item(cloud, "staybook-payment", identity, "payment")
        return _events(cloud, paid[0].data["rsvId"]) if paid else []
    payments = {str(event.data["payId"]) for event in own if event.data.get("payId")}
    paid = [event for each in payments for event in _of_item(cloud, "staybook-payment", each, "payment")]
    nights = _of_nights(cloud, str(own[0].data["roomId"]), identity)
    return list({event.id: event for event in [*own, *paid, *nights]}.values())


def _of_item(cloud: Cloud, table: str, key: str, kind: str) -> list[CloudEvent]:
    found = cloud.client("dynamodb").get_item(TableName=table, Key={"pk": {"S": key}, "sk": {"S": kind}})
    return list(readable(found.get("Item", {})))


def _of_nights(cloud: Cloud, room_id: str, reservation_id: str) -> Iterator[CloudEvent]:
    pages = (
        cloud.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName="staybook-room",
            KeyConditionExpression="pk = :room AND begins_with(sk, :nights)",
            ExpressionAttributeValues={":room": {"S": room_id}, ":nights": {"S": "nights#"}},
        )
    )
    for page in pages:
        for item in page["Items"]:
            yield from (event for event in readable(item) if event.data.get("rsvId") == reservation_id)


def _announced(event: CloudEvent) -> Moment:
    causation = event.causationid if isinstance(event.causationid, str) else "the request"
    service = event.source.removeprefix("staybook.")
    return Moment(moment(event.time), service, f"{event.type}  {event.id}", causation, event.correlationid)


def _logged(line: Line) -> Moment:
    because, of_story = (
        str(line.said.get("causation_id") or "the request"),
        str(line.said.get("correlation_id")),
    )
    return Moment(line.at, line.function.removeprefix("staybook-"), f". {line.text}", because, of_story)


def shown(moments: Iterable[Moment]) -> str:
    """The story as a table; a line of a log begins with a dot."""
    told = list(moments)
    began = told[0].at
    rows = [
        (
            each.at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
            f"+{(each.at - began).total_seconds():.3f} s",
            each.where,
            each.because,
            each.story,
            each.what,
        )
        for each in told
    ]
    return columns(("TIME (UTC)", "AFTER", "WHERE", "BECAUSE OF", "STORY", "WHAT"), rows)


def main() -> int:
    """Print the story of the booking that the command line names."""
    reader = parser(__doc__)
    reader.add_argument("id", help="of a reservation or a payment")
    arguments = reader.parse_args()
    return run(arguments, lambda cloud: print(shown(story(cloud, arguments.id))))


if __name__ == "__main__":
    sys.exit(main())
