"""The queues in which failures wait, and their messages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.cloud import Cloud

PREFIX = "staybook-"
DEAD, UNDELIVERED, UNREAD = "-dlq", "-rule-failures", "-stream-failures"
_BATCH = 10  # messages of one call, as SQS has it
_HIDDEN_SECONDS = 60
_ALL = {"AttributeNames": ["All"], "MessageAttributeNames": ["All"]}


@dataclass(frozen=True)
class Letter:
    """A message in a queue of failures. `sent` is when it was first sent, not when it failed."""

    message_id: str
    receipt: str
    body: str
    attributes: dict[str, str]
    sent: datetime

    @property
    def content(self) -> dict[str, Any]:
        """The body as JSON; empty when it is none."""
        try:
            read = json.loads(self.body)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


@dataclass(frozen=True)
class Queues:
    """SQS, as far as dead letters go."""

    cloud: Cloud

    @property
    def _sqs(self) -> Any:
        return self.cloud.client("sqs")

    def of_failures(self) -> list[str]:
        """The names of the queues that hold failures, sorted."""
        pages = self._sqs.get_paginator("list_queues").paginate(QueueNamePrefix=PREFIX)
        names = [url.rsplit("/", 1)[-1] for page in pages for url in page.get("QueueUrls", [])]
        return sorted(name for name in names if name.endswith((DEAD, UNDELIVERED, UNREAD)))

    def url(self, name: str) -> str:
        """The address of a queue. Raises ClientError when there is none of that name."""
        address: str = self._sqs.get_queue_url(QueueName=name)["QueueUrl"]
        return address

    def receive(self, name: str) -> list[Letter]:
        """Up to ten messages, hidden for a minute from others who look."""
        reply = self._sqs.receive_message(
            QueueUrl=self.url(name), MaxNumberOfMessages=_BATCH, VisibilityTimeout=_HIDDEN_SECONDS, **_ALL
        )
        return [_letter(message) for message in reply.get("Messages", [])]

    @contextmanager
    def peeked(self, name: str, most: int) -> Iterator[list[Letter]]:
        """About `most` messages; they are as before afterwards."""
        seen: list[Letter] = []
        try:
            while len(seen) < most and (batch := self.receive(name)):
                seen += batch
            yield seen
        finally:
            for letter in seen:
                self.put_back(name, letter)

    def put_back(self, name: str, letter: Letter) -> None:
        """Lets others see a received message again."""
        self._sqs.change_message_visibility(
            QueueUrl=self.url(name), ReceiptHandle=letter.receipt, VisibilityTimeout=0
        )

    def send(self, name: str, body: str) -> None:
        """Puts a message into a queue, to be delivered at once."""
        self._sqs.send_message(QueueUrl=self.url(name), MessageBody=body, DelaySeconds=0)

    def delete(self, name: str, letter: Letter) -> None:
        """Takes a received message out for good."""
        self._sqs.delete_message(QueueUrl=self.url(name), ReceiptHandle=letter.receipt)

    def reader(self, name: str) -> str | None:
        """The name of the function that reads a queue; None when none does."""
        arn = self._sqs.get_queue_attributes(QueueUrl=self.url(name), AttributeNames=["QueueArn"])
        found = self.cloud.client("lambda").list_event_source_mappings(
            EventSourceArn=arn["Attributes"]["QueueArn"]
        )
        functions = [each["FunctionArn"] for each in found["EventSourceMappings"]]
        return function_name(functions[0]) if functions else None


def function_name(arn: str) -> str:
    """`...:function:staybook-room-relay:live` is staybook-room-relay."""
    return arn.rsplit(":function:", maxsplit=1)[-1].split(":", maxsplit=1)[0]


def _letter(message: dict[str, Any]) -> Letter:
    attributes = message.get("MessageAttributes", {})
    own = message["Attributes"]
    return Letter(
        message_id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        attributes={name: value["StringValue"] for name, value in attributes.items()},
        sent=datetime.fromtimestamp(int(own["SentTimestamp"]) / 1000, UTC),
    )
