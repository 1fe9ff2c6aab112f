"""What clients were promised, set against what the tables hold in the end and what waits in the queues of failures."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.cloud import LOCAL, Cloud, cloud_of
from infra.operations.queues import Queues
from infra.operations.stream_notes import noted_records
from tests.house import House

Item = dict[str, Any]
_PRODUCER_LOST = ("staybook-reservation-stream-failures", "staybook-reservation-events-dlq")
CONSUMERS = {
    "messages": ("staybook-message-events-dlq", "staybook-message-rule-failures", *_PRODUCER_LOST),
    "stays": ("staybook-room-events-dlq", "staybook-room-rule-failures", *_PRODUCER_LOST),
    "payments": ("staybook-payment-events-dlq", "staybook-payment-rule-failures", *_PRODUCER_LOST),
    "view": ("staybook-viewpage-stream-failures", *_PRODUCER_LOST),
}
"""What follows from a booking, and the queues in which the news of it may lie instead."""


@dataclass(frozen=True)
class Accepted:
    """A booking as its client knows it: answered 201, and 200 to its cancellation if it was cancelled."""

    reservation_id: str
    payment_id: str
    room_id: str
    cancelled: bool


@dataclass(frozen=True)
class Counts:
    """Of one consumer: bookings accepted, of which applied, of which waiting among failures."""

    accepted: int
    applied: int
    dead: int
    open: list[str]

    def __str__(self) -> str:
        return f"accepted {self.accepted} = applied {self.applied} + in dead letters {self.dead}"


def counts(house: House, accepted: list[Accepted]) -> dict[str, Counts]:
    """The counts of each consumer; `open` are the bookings that are neither."""
    present, waiting = _Present(house), _waiting()
    found = {}
    for consumer, queues in CONSUMERS.items():
        applied = {one.reservation_id for one in accepted if present.shows(consumer, one)}
        lost = "".join(waiting.get(queue, "") for queue in queues)
        missing = [one.reservation_id for one in accepted if one.reservation_id not in applied]
        dead = [each for each in missing if each in lost]
        found[consumer] = Counts(len(accepted), len(applied), len(dead), sorted(set(missing) - set(dead)))
    return found


class _Present:
    """The final tables, read once."""

    def __init__(self, house: House) -> None:
        stays = (item for item in scanned(house, "staybook-room") if item["sk"]["S"].startswith("stay#"))
        self._stays: dict[str, Item] = {item["sk"]["S"].split("#")[-1]: item for item in stays}
        messages = (item for item in scanned(house, "staybook-message") if item["sk"]["S"] == "message")
        self._messages = Counter((item["rsvId"]["S"], item["kind"]["S"]) for item in messages)
        parts = (item for item in scanned(house, house.live_view()) if "kind" in item)
        told = (item for item in parts if item["kind"]["S"] == "reservation")
        self._parts: dict[str, Item] = {item["rsvId"]["S"]: json.loads(item["facts"]["S"]) for item in told}
        payments = (item for item in scanned(house, "staybook-payment") if item["sk"]["S"] == "payment")
        self._payments = {item["pk"]["S"]: item["status"]["S"] for item in payments}

    def shows(self, consumer: str, one: Accepted) -> bool:
        """Whether this consumer has done for the booking all that follows from it, and nothing twice."""
        match consumer:
            case "messages":
                told = [self._messages[one.reservation_id, kind] for kind in ("booked", "cancelled")]
                return told == [2, 2 if one.cancelled else 0]
            case "stays":
                stay = self._stays.get(one.reservation_id)
                return stay is not None and stay["stands"]["BOOL"] is not one.cancelled
            case "payments":
                return self._payments.get(one.payment_id) == ("refunded" if one.cancelled else "paid")
            case _:
                part = self._parts.get(one.reservation_id)
                return part is not None and part["status"] == ("cancelled" if one.cancelled else "reserved")


def scanned(house: House, table: str) -> Iterator[Item]:
    """Every item of a table, as it is now."""
    pages = house.aws("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def _waiting() -> dict[str, str]:
    """What lies in each queue of failures, as text."""
    cloud = cloud_of(LOCAL, None)
    queues = Queues(cloud)
    found = {}
    for name in queues.of_failures():
        with queues.peeked(name, 1000) as letters:
            found[name] = "".join(_text(cloud, letter.body, letter.content) for letter in letters)
    return found


def _text(cloud: Cloud, body: str, content: Item) -> str:
    if "DDBStreamBatchInfo" not in content:
        return body
    return json.dumps(noted_records(cloud, content), default=str)
