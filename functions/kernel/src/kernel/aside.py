"""Setting a stream record aside, whole: what cannot be handled waits in a queue, and holds up nothing behind it."""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from kernel import aws, settings
from kernel.errors import Unavailable
from kernel.logs import logger

_LARGEST_BODY = 240 * 1024  # bytes; a message has room for 256 KB with its attributes
_LONGEST_REASON = 500
_REFERRING = ("Keys", "SequenceNumber", "ApproximateCreationDateTime")

Record = dict[str, Any]


class Aside(Protocol):
    """Where records wait for somebody to look at them."""

    def keep(self, record: Record, code: str, reason: str) -> None:
        """Keeps the record and why it is here. Raises Unavailable when it is not kept."""


class FailureQueue:
    """A service's queue of failed stream records. A message's body is {"record": the whole record}; its attributes
    ERROR_CODE and ERROR_MESSAGE are those of EventBridge's own dead letters.
    """

    def __init__(self, client: Callable[[], Any], queue_url: str) -> None:
        """`client` makes an SQS client when it is first needed: most functions never need it."""
        self._client, self._queue_url = client, queue_url

    def keep(self, record: Record, code: str, reason: str) -> None:
        said = {"ERROR_CODE": code, "ERROR_MESSAGE": reason[:_LONGEST_REASON] or code}
        attributes = {name: {"DataType": "String", "StringValue": text} for name, text in said.items()}
        try:
            self._client().send_message(
                QueueUrl=self._queue_url, MessageBody=_body(record), MessageAttributes=attributes
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The queue of failed records does not answer.") from error


def failure_queue() -> FailureQueue:
    """The function's own, as its environment names it."""
    return FailureQueue(lambda: aws.client("sqs"), settings.text("STREAM_FAILURES_QUEUE"))


def set_aside(aside: Aside, record: Record, code: str, reason: str) -> bool:
    """Keeps the record there, and says so; False when it could not be kept and must come again."""
    said = {"record": record.get("eventID"), "code": code}
    try:
        aside.keep(record, code, reason)
    except Unavailable:
        logger().exception("record not set aside", extra=said)
        return False
    logger().error("record set aside", extra=said)
    return True


def _body(record: Record) -> str:
    body = msgspec.json.encode({"record": record})
    if len(body) > _LARGEST_BODY:  # the item's key is enough to find it: the item still has its outbox
        content = {name: record["dynamodb"][name] for name in _REFERRING if name in record["dynamodb"]}
        body = msgspec.json.encode({"record": {**record, "dynamodb": content}})
    return body.decode()
