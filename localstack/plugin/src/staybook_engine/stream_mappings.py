"""Event source mappings of DynamoDB streams: where they stand, how they retry, what they set aside."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from localstack.services.lambda_.event_source_mapping.event_processor import PipeInternalError as PollFailed

from staybook_engine.mends import mend
from staybook_engine.stream_batches import (
    Delivery,
    Failed,
    Handled,
    NotInvoked,
    Outcome,
    Pause,
    Policy,
    Record,
    SetAside,
)

LOG = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0  # seconds; doubled after every failure in a row

type Place = tuple[str, str]


class Interrupted(Exception):
    """The worker was told to end while a batch was still on its way."""


POSITIONS: dict[Place, str] = {}  # (mapping, shard) -> the iterator behind the last batch that was dealt with
TURNS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)  # mapping -> held by its worker


@mend(
    "stream-delivery",
    answers="4.14 doesn't bisect batches, skips the records behind a poisoned one, takes a throttled function for a "
    "failed one, and knows no age of a record",
)
def deliver_batches() -> None:
    from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller

    DynamoDBPoller.forward_events_to_target = forward
    DynamoDBPoller.get_approximate_arrival_time = arrival


@mend(
    "stream-position",
    answers="an update of a mapping makes 4.14 read the stream from its start again, beside the worker still running",
)
def keep_positions() -> None:
    from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
    from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller

    initialize, loop = DynamoDBPoller.initialize_shards, EsmWorker.poller_loop

    def initialize_where_left_off(self: Any) -> dict[str, str]:
        shards: dict[str, str] = initialize(self)
        return {
            shard: POSITIONS.setdefault((self.esm_uuid, shard), iterator)
            for shard, iterator in shards.items()
        }

    def loop_in_turn(self: Any, *arguments: Any, **named: Any) -> None:
        """A new worker of a mapping begins when the former has ended."""
        self.poller.ending = self._shutdown_event
        with TURNS[self.uuid]:
            loop(self, *arguments, **named)

    DynamoDBPoller.initialize_shards = initialize_where_left_off
    DynamoDBPoller.poll_events_from_shard = poll_shard
    EsmWorker.poller_loop = loop_in_turn


@mend("stream-settings", answers="4.14's stream reader isn't told of BisectBatchOnFunctionError")
def hand_over_settings() -> None:
    from localstack.services.lambda_.event_source_mapping.esm_worker_factory import EsmWorkerFactory

    build = EsmWorkerFactory.get_esm_worker

    def build_with_settings(self: Any) -> Any:
        worker = build(self)
        worker.poller.bisect = bool(self.esm_config.get("BisectBatchOnFunctionError"))
        return worker

    EsmWorkerFactory.get_esm_worker = build_with_settings


def poll_shard(poller: Any, shard: str, iterator: str) -> None:
    """Takes the place of 4.14's: the position moves on when the batch is dealt with, not before."""
    place = (poller.esm_uuid, shard)
    try:
        reply = poller.get_records(iterator)
    except PollFailed:
        POSITIONS.pop(place, None)  # it may be too old to read from
        raise
    try:
        collected = _deliver_collected(poller, shard, reply.get("Records", []))
    except Interrupted:
        return  # the next worker reads the batch again
    except Exception:
        poller.shard_batcher.pop(shard, None)
        poller.shards[shard] = POSITIONS.get(place, iterator)
        raise
    following = reply.get("NextShardIterator") or iterator
    poller.shards[shard] = following
    if collected:
        POSITIONS[place] = following


def _deliver_collected(poller: Any, shard: str, records: list[Record]) -> bool:
    """Adds the records to those that wait for a batch; whether none waits afterwards."""
    batcher, size = poller.shard_batcher[shard], poller.stream_parameters["BatchSize"]
    if batcher.add(records):
        ready = batcher.flush()
        for start in range(0, len(ready), size):
            poller.forward_events_to_target(shard, ready[start : start + size])
    return batcher.get_current_size() == 0


def forward(poller: Any, shard: str, records: list[Record]) -> None:
    """Filters a batch and delivers it; raises Interrupted when the worker must end before the batch is done."""
    events = poller.filter_events(poller.transform_into_events(records, shard))
    if not events:
        return
    delivery = Delivery(
        policy_of(poller), lambda batch: invoke(poller, batch), lambda one: time.time() - arrival(poller, one)
    )
    for step in delivery.run(poller.add_source_metadata(events)):
        match step:
            case SetAside():
                set_aside(poller, shard, step)
            case Pause(failures):
                pause(poller, failures)
                if ending(poller):
                    raise Interrupted


def policy_of(poller: Any) -> Policy:
    """The mapping's settings; -1 stands for no limit."""
    settings = poller.stream_parameters
    retries, age = settings.get("MaximumRetryAttempts", -1), settings.get("MaximumRecordAgeInSeconds", -1)
    return Policy(
        bisect=getattr(poller, "bisect", False),
        retries=None if retries is None or retries < 0 else retries,
        age_seconds=None if age is None or age <= 0 else age,
    )


def invoke(poller: Any, events: Sequence[Record]) -> Outcome:
    """Calls the mapping's function with these events."""
    from botocore.exceptions import BotoCoreError, ClientError
    from localstack.services.lambda_.event_source_mapping.event_processor import (
        BatchFailureError,
        PartialBatchFailureError,
    )

    try:
        poller.processor.process_events_batch(list(events))
    except PartialBatchFailureError as failure:
        return Failed(_first_failed(poller, events, failure.partial_failure_payload), failure.error or {})
    except BatchFailureError as failure:
        return Failed(0, failure.error or {})
    except (ClientError, BotoCoreError) as trouble:
        LOG.info("a function wasn't invoked for %s: %s", poller.source_arn, trouble)
        return NotInvoked()
    return Handled()


def _first_failed(poller: Any, events: Sequence[Record], payload: Any) -> int:
    """The place of the first record that the function reported; the whole batch when the report makes no sense."""
    from localstack.services.lambda_.event_source_mapping.pollers.poller import get_batch_item_failures

    numbers = [poller.get_sequence_number(event) for event in events]
    failed = get_batch_item_failures(payload, set(numbers))
    return min(map(numbers.index, failed)) if failed else 0


def set_aside(poller: Any, shard: str, given_up: SetAside) -> None:
    """Tells the on-failure destination, if there is one: about the records to SQS and SNS, with them to S3."""
    context = poller.processor.generate_event_failure_context(
        abort_condition=given_up.condition,
        error=given_up.error or {"requestId": None},
        attempts_count=given_up.attempts,
        partner_resource_arn=poller.partner_resource_arn,
    )
    poller.send_events_to_dlq(shard, list(given_up.records), context=context)


def arrival(poller: Any, record: Record) -> float:
    """When the record was written, in epoch seconds; 4.14 always says now."""
    return float(record["dynamodb"].get("ApproximateCreationDateTime") or time.time())


def pause(poller: Any, failures: int) -> None:
    seconds = min(FIRST_PAUSE * 2 ** min(failures, 20), LONGEST_PAUSE)
    event = getattr(poller, "ending", poller._is_shutdown)
    event.wait(seconds * random.uniform(0.5, 1))  # noqa: S311  # spreads retries, hides nothing


def ending(poller: Any) -> bool:
    """Whether the worker was told to end."""
    event = getattr(poller, "ending", poller._is_shutdown)
    return bool(event.is_set())
