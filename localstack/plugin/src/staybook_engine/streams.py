"""DynamoDB Streams on moto's tables: positions that survive, and readers that wait instead of asking again and again.

moto keeps an object for every iterator that it ever handed out. Here an iterator is only a text: the stream it belongs
to and the number of the next record.
"""

from __future__ import annotations

import base64
import binascii
import json
import pickle
import uuid
from datetime import UTC, datetime
from threading import Condition
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext, handler
from localstack.aws.api.dynamodbstreams import (
    DynamodbstreamsApi,
    GetRecordsInput,
    GetShardIteratorInput,
    ResourceNotFoundException,
    TrimmedDataAccessException,
)
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import StreamShard

LONGEST_WAIT = (
    2.0  # seconds that an event source mapping waits for a record: it looks for its own end in between
)
MOST_RECORDS = 1000  # DynamoDB's own bound of one answer
KEPT_RECORDS = 200_000  # of one stream; DynamoDB keeps a day's


class Record:
    """One change of one item, as GetRecords shows it. It is kept as bytes: a stream is long, and a record of some
    hundred objects would be a burden on memory and on every garbage collection.
    """

    def __init__(self, shard: StreamShard, number: int, old: Item | None, new: Item | None) -> None:
        """`number` is its sequence number; `old` and `new` are the item before and after, None where there is none."""
        table, item = shard.table, new or old
        kind = (table.stream_specification or {})["StreamViewType"]
        images = {"Keys": {name: item.attrs[name].to_json() for name in table.table_key_attrs if item}}
        if new and kind in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"):
            images["NewImage"] = _image(new)
        if old and kind in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES"):
            images["OldImage"] = _image(old)
        record = {
            "eventID": uuid.uuid4().hex,
            "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": table.region_name,
            "dynamodb": {
                "ApproximateCreationDateTime": datetime.now(UTC),
                "SequenceNumber": str(number),
                "SizeBytes": sum(one.size() for one in (old, new) if one),
                "StreamViewType": kind,
                **images,
            },
        }
        self._record = pickle.dumps(record)

    def to_json(self) -> dict[str, Any]:
        """The record with its time as a datetime."""
        record: dict[str, Any] = pickle.loads(self._record)  # noqa: S301 - written above, by this process
        return record


def add_record(shard: StreamShard, old: Item | None, new: Item | None) -> None:
    """Appends a change to the stream; one that changes nothing leaves no record, as in DynamoDB."""
    if old is new or (old is not None and new is not None and old == new):
        return
    shard.items.append(Record(shard, _end(shard), old, new))
    surplus = len(shard.items) - KEPT_RECORDS
    if surplus > KEPT_RECORDS // 10:  # cut a tenth at a time: cutting the head of a list copies the rest
        del shard.items[:surplus]
        shard.starting_sequence_number += surplus


class StreamsProvider(DynamodbstreamsApi):
    """Answers GetShardIterator and GetRecords; everything else is moto's."""

    def __init__(self, changed: Condition) -> None:
        """`changed` guards the tables and is notified after every change."""
        self._changed = changed

    @handler("GetShardIterator", expand=False)
    def get_shard_iterator(self, context: RequestContext, request: GetShardIteratorInput) -> dict[str, Any]:
        """Returns the position that the request describes."""
        with self._changed:
            shard = self._shard(context, request["StreamArn"])
            match request["ShardIteratorType"]:
                case "TRIM_HORIZON":
                    number = shard.starting_sequence_number
                case "LATEST":
                    number = _end(shard)
                case kind:
                    number = int(request["SequenceNumber"]) + (kind == "AFTER_SEQUENCE_NUMBER")
        return {"ShardIterator": _encode(request["StreamArn"], number)}

    @handler("GetRecords", expand=False)
    def get_records(self, context: RequestContext, request: GetRecordsInput) -> dict[str, Any]:
        """Returns the records from the position on; the engine's own readers wait for the next one a while."""
        stream_arn, number = _decode(request["ShardIterator"])
        limit = min(int(request.get("Limit") or MOST_RECORDS), MOST_RECORDS)
        with self._changed:
            shard = self._shard(context, stream_arn)
            if context.is_internal_call:
                self._changed.wait_for(lambda: _end(shard) > number, timeout=LONGEST_WAIT)
            if number < shard.starting_sequence_number:
                raise TrimmedDataAccessException("The records at this position are no longer kept.")
            records = shard.get(number, limit)
        return {"Records": records, "NextShardIterator": _encode(stream_arn, number + len(records))}

    def _shard(self, context: RequestContext, stream_arn: str) -> StreamShard:
        table_name, _, label = stream_arn.rpartition(":table/")[2].partition("/stream/")
        table = dynamodb_backends[context.account_id][context.region].tables.get(table_name)
        if table is None or table.stream_shard is None or table.latest_stream_label != label:
            raise ResourceNotFoundException(f"Requested resource not found: Stream: {stream_arn} not found")
        return table.stream_shard


def _image(item: Item) -> dict[str, Any]:
    """The item with its binary values as bytes: moto has them in base 64, and what answers would encode them again."""
    return {name: value.to_regular_json() for name, value in item.attrs.items()}


def _end(shard: StreamShard) -> int:
    return shard.starting_sequence_number + len(shard.items)


def _encode(stream_arn: str, number: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([stream_arn, number]).encode()).decode()


def _decode(iterator: str) -> tuple[str, int]:
    try:
        stream_arn, number = json.loads(base64.urlsafe_b64decode(iterator))
    except (binascii.Error, ValueError) as problem:
        raise CommonServiceException("ValidationException", "Invalid ShardIterator.") from problem
    return stream_arn, number
