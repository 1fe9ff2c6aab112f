"""Whatever goes wrong, no accepted change is lost: it is applied, or it waits among the dead letters; once those are
put back, it is applied.

Accepted is counted from the clients' answers, applied from the final tables. STAYBOOK_CHAOS_BOOKINGS says how many
bookings each fault meets.
"""

import json
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from infra.cloud import LOCAL, cloud_of
from infra.operations.outboxes import announce_again
from infra.operations.queues import Queues
from infra.operations.redrive import redrive
from infra.operations.replay import replay
from infra.operations.republish import republish
from kernel import outbox
from kernel.clock import instant, system_clock
from tests.chaos.clients import bookings
from tests.chaos.ledger import Accepted, Counts, counts, scanned
from tests.house import House
from tests.waiting import eventually

BOOKINGS = int(os.environ.get("STAYBOOK_CHAOS_BOOKINGS", "3"))
# Seconds. What failed twice at payment comes again after two minutes; what is throttled is told five times, 1.5 s each.
PATIENCE = 200 + 12 * BOOKINGS
RELAYS = ("staybook-reservation-relay", "staybook-payment-relay", "staybook-room-relay")
Rule = dict[str, Any]

PARTLY: list[Rule] = [
    {"kind": "partial", "operation": "PutEvents", "entries": [0, 2], "count": 12, "probability": 0.7},
    {"kind": "error", "operation": "PutEvents", "count": 4, "skip": 3},
    {"kind": "drop", "operation": "PutEvents", "count": 3, "skip": 6},
]
THROTTLED: list[Rule] = [
    {
        "kind": "throttle",
        "service": "dynamodb",
        "resource": f"staybook-{service}",
        "count": 15,
        "probability": 0.3,
    }
    for service in ("room", "reservation", "payment", "message", "viewpage")
]
KILLED: list[Rule] = [
    {"kind": "kill", "when": when, "caller": relay, "operation": "PutEvents", "count": 2}
    for relay in RELAYS
    for when in ("before", "after")
]


@contextmanager
def faults(house: House, rules: Sequence[Rule]) -> Iterator[None]:
    """The faults are in force until the block ends; each has struck by then."""
    for rule in rules:
        house.engine.post("/faults", json=rule).raise_for_status()
    try:
        yield
        hits = [rule["hits"] for rule in house.engine.get("/faults").json()["faults"]]
    finally:
        house.engine.delete("/faults").raise_for_status()
    assert sum(hits) > 0, "no fault has struck"
    print(f"  faults that struck: {sum(hits)}")


def conserved(house: House, accepted: list[Accepted], *, whole: bool) -> dict[str, Counts]:
    """The counts, once they add up; `whole`: with nothing among the dead letters."""

    def add_up() -> dict[str, Counts]:
        found = counts(house, accepted)
        for consumer, each in found.items():
            assert not each.open, f"{consumer}: {each}; open: {each.open}"
            assert not (whole and each.dead), f"{consumer}: {each}"
        return found

    found = eventually(add_up, within=PATIENCE, what="what was accepted")
    for consumer, each in found.items():
        print(f"  {consumer:9} {each}")
    return found


def redrive_all() -> None:
    cloud = cloud_of(LOCAL, None)
    for queue in Queues(cloud).of_failures():
        redrive(cloud, queue)


@pytest.mark.parametrize("rules", [PARTLY, THROTTLED, KILLED], ids=["partly", "throttled", "killed"])
def test_what_was_accepted_is_applied(house: House, rules: list[Rule]) -> None:
    with faults(house, rules):
        accepted = bookings(house, BOOKINGS)
        assert accepted
    conserved(house, accepted, whole=False)
    redrive_all()
    conserved(house, accepted, whole=True)


def test_a_consumer_that_cannot_write_leaves_dead_letters_that_can_be_put_back(house: House) -> None:
    away = {"kind": "throttle", "service": "dynamodb", "caller": "staybook-message-consumer"}
    with impatient(house, "staybook-message-events"), faults(house, [away]):
        poison(house, "staybook-message-events")
        accepted = bookings(house, BOOKINGS)
        found = conserved(house, accepted, whole=False)
    assert found["messages"].dead == len(accepted)
    redrive_all()
    conserved(house, accepted, whole=True)
    house.aws("sqs").purge_queue(QueueUrl=Queues(cloud_of(LOCAL, None)).url("staybook-message-events-dlq"))


@contextmanager
def impatient(house: House, queue: str) -> Iterator[None]:
    """The queue delivers again after a second instead of a minute."""
    sqs, url = house.aws("sqs"), Queues(cloud_of(LOCAL, None)).url(queue)
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def poison(house: House, queue: str) -> None:
    house.aws("sqs").send_message(QueueUrl=Queues(cloud_of(LOCAL, None)).url(queue), MessageBody="no event")


def test_a_poison_record_is_kept_whole_and_holds_up_nothing(house: House) -> None:
    tables, key = house.aws("dynamodb"), {"pk": {"S": "poison"}, "sk": {"S": "reservation"}}
    spoilt = {**key, "version": {"N": "1"}, "outbox": {"L": [{"S": "no event"}]}}
    tables.put_item(TableName="staybook-reservation", Item=spoilt)
    accepted = bookings(house, BOOKINGS)
    conserved(house, accepted, whole=True)
    queues = Queues(cloud_of(LOCAL, None))
    for queue in ("staybook-reservation-stream-failures", "staybook-viewpage-stream-failures"):
        with queues.peeked(queue, 10) as letters:
            (letter,) = letters
        assert letter.content["record"]["dynamodb"]["NewImage"] == spoilt
        assert redrive(cloud_of(LOCAL, None), queue).left == 1  # not while the item is as it is
    model = next(entry for entry in house.announced_by("staybook-reservation", accepted[0].reservation_id))
    tables.put_item(TableName="staybook-reservation", Item={**spoilt, "outbox": outbox.stored([model])})
    for queue in ("staybook-reservation-stream-failures", "staybook-viewpage-stream-failures"):
        assert redrive(cloud_of(LOCAL, None), queue).put_back == 1
    tables.delete_item(TableName="staybook-reservation", Key=key)
    conserved(house, accepted, whole=True)


def test_records_that_a_reader_gave_up_are_found_again_by_lambdas_note(house: House) -> None:
    """Lambda says only where in the stream they stood."""
    relay = "staybook-reservation-relay"
    dying = {"kind": "kill", "when": "before", "caller": relay, "operation": "PutEvents"}
    with giving_up_at_once(house, relay):
        with faults(house, [dying]):
            accepted = bookings(house, BOOKINGS)
            found = conserved(house, accepted, whole=False)
        assert found["messages"].dead == len(accepted)
        redrive_all()
        conserved(house, accepted, whole=True)


@contextmanager
def giving_up_at_once(house: House, function: str) -> Iterator[None]:
    """The stream's reader is not tried again with what it failed at."""
    client = house.aws("lambda")
    (mapping,) = client.list_event_source_mappings(FunctionName=f"{function}:live")["EventSourceMappings"]

    def change(**settings: Any) -> None:
        client.update_event_source_mapping(UUID=mapping["UUID"], **settings)
        eventually(lambda: mapping_of(mapping["UUID"])["State"] == "Enabled", what="the changed mapping")

    def mapping_of(identity: str) -> dict[str, Any]:
        found: dict[str, Any] = client.get_event_source_mapping(UUID=identity)
        return found

    change(MaximumRetryAttempts=0)
    try:
        yield
    finally:
        change(MaximumRetryAttempts=mapping["MaximumRetryAttempts"])


def test_everything_told_twice_and_in_any_order_changes_nothing(house: House) -> None:
    began = system_clock()
    accepted = bookings(house, BOOKINGS)
    conserved(house, accepted, whole=True)
    before = state(house, accepted)
    cloud = cloud_of(LOCAL, None)
    twice = [event for event in house.announced() if event.time >= instant(began)] * 2
    random.Random(4).shuffle(twice)
    announce_again(cloud, twice)
    assert republish(cloud, instant(began)) * 2 == len(twice)
    assert replay(cloud, began, system_clock()) == "COMPLETED"
    eventually(lambda: idle(house), within=PATIENCE, what="every queue empty")
    conserved(house, accepted, whole=True)
    assert state(house, accepted) == before


def state(house: House, accepted: list[Accepted]) -> dict[str, str]:
    """Every item that names one of the bookings, or its room or payment, as text, by table and key. When settlement
    looks at them next is no part of it: that comes by itself.
    """
    own = {name for one in accepted for name in (one.reservation_id, one.payment_id, one.room_id)}
    found = {}
    for table in (
        "staybook-room",
        "staybook-reservation",
        "staybook-payment",
        "staybook-message",
        house.live_view(),
    ):
        for item in scanned(house, table):
            kept = {name: item[name] for name in item.keys() - {"dueAt", "dueShard"}}
            text = json.dumps(kept, sort_keys=True, default=bytes.hex)
            if any(name in text for name in own):
                found[f"{table} {item['pk']['S']} {item['sk']['S']}"] = text
    return found


def idle(house: House) -> bool:
    """Whether no consumer's queue holds anything, seen or hidden."""
    sqs = house.aws("sqs")
    for url in sqs.list_queues(QueueNamePrefix="staybook-")["QueueUrls"]:
        if url.endswith("-events"):
            found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            visible = int(found["ApproximateNumberOfMessages"])
            if visible or int(found["ApproximateNumberOfMessagesNotVisible"]):
                return False
    return True
