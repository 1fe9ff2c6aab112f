"""The notes that Lambda leaves of stream records that it gave up: where they stood, without the records."""

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from infra.cloud import Cloud
from infra.operations.outboxes import items, readable

Record = dict[str, Any]


def noted_records(cloud: Cloud, note: dict[str, Any]) -> list[Record]:
    """The records that a note is about: from the stream while it still has them (a day), else records made of the
    items that announced something in the time that the note gives.
    """
    batch = note["DDBStreamBatchInfo"]
    streams = cloud.client("dynamodbstreams")
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=batch["streamArn"],
            ShardId=batch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )["ShardIterator"]
        found = streams.get_records(ShardIterator=iterator, Limit=int(batch["batchSize"]))["Records"]
    except (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException):
        return list(_made(cloud, batch))
    last = int(batch["endSequenceNumber"])
    noted = takewhile(lambda one: int(one["dynamodb"]["SequenceNumber"]) <= last, found)
    return [_as_lambda_has_it(record, batch["streamArn"]) for record in noted]


def _as_lambda_has_it(record: Record, stream_arn: str) -> Record:
    content = {**record["dynamodb"]}
    content.pop("ApproximateCreationDateTime", None)  # a time: JSON has no word for it, no reader asks for it
    return {**record, "dynamodb": content, "eventSourceARN": stream_arn}


def _made(cloud: Cloud, batch: dict[str, Any]) -> Iterator[Record]:
    table = batch["streamArn"].split("/")[1]
    first, last = batch["approximateArrivalOfFirstRecord"][:19], batch["approximateArrivalOfLastRecord"][:19]
    for item in items(cloud, table):
        if any(first <= event.time[:19] <= last for event in readable(item)):
            keys = {name: item[name] for name in ("pk", "sk")}
            content = {"SequenceNumber": batch["startSequenceNumber"], "Keys": keys, "NewImage": item}
            yield {"eventSourceARN": batch["streamArn"], "dynamodb": content}
