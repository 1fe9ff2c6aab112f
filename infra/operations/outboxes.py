"""The outboxes of all items: what every aggregate has announced lately, from the tables themselves."""

from collections.abc import Iterator
from typing import Any

import msgspec

from infra.cloud import Cloud
from infra.layout import SERVICES
from infra.template_files import read_template
from kernel import outbox
from kernel.events import CloudEvent
from kernel.relay import MOST_BYTES, MOST_ENTRIES, EventBridge, size_of

BUS = "staybook"
Item = dict[str, Any]


class NotTaken(Exception):
    """The bus did not take an event; the message names it. Announcing again from there on does no harm."""


def announcing_tables() -> list[str]:
    """The tables with streams: those whose items have outboxes."""
    return [
        resource["Properties"]["TableName"]
        for service in SERVICES.values()
        for resource in read_template(service.merge_template)["Resources"].values()
        if resource.get("Type") == "AWS::DynamoDB::Table" and "StreamSpecification" in resource["Properties"]
    ]


def items(cloud: Cloud, *tables: str) -> Iterator[Item]:
    """Every item that has announced something, in DynamoDB's notation; of all tables if none is named."""
    pages = cloud.client("dynamodb").get_paginator("scan")
    for table in tables or announcing_tables():
        for page in pages.paginate(TableName=table, FilterExpression="attribute_exists(outbox)"):
            yield from page["Items"]


def events(cloud: Cloud, since: str = "") -> list[CloudEvent]:
    """Every event in an outbox from the instant `since` on (RFC 3339 in UTC), by the time that it says."""
    found = [event for item in items(cloud) for event in readable(item) if event.time >= since]
    return sorted(found, key=lambda event: (event.time, event.subject, event.sequence, event.id))


def readable(item: Item) -> Iterator[CloudEvent]:
    """The events in an item's outbox, without entries that are none."""
    for each in item.get("outbox", {}).get("L", []):
        try:
            (entry,) = outbox.entries({"outbox": {"L": [each]}})
            yield from outbox.read(entry)
        except (msgspec.DecodeError, KeyError):
            continue  # spoilt: the relay has set its record aside and said so


def announce_again(cloud: Cloud, told: list[CloudEvent]) -> None:
    """Puts events on the bus as they were announced, in their order. Raises NotTaken."""
    bus = EventBridge(cloud.client("events"), BUS)
    for call in _calls(told):
        if (taken := bus.put(call)) < len(call):
            raise NotTaken(f"The bus did not take {call[taken].id}.")


def _calls(told: list[CloudEvent]) -> Iterator[list[CloudEvent]]:
    call: list[CloudEvent] = []
    for event in told:
        if call and (len(call) == MOST_ENTRIES or sum(map(size_of, [*call, event])) > MOST_BYTES):
            yield call
            call = []
        call.append(event)
    if call:
        yield call
