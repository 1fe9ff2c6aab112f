"""Queues of the deployed house, and who works on them."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.house import House
from tests.waiting import eventually


@dataclass(frozen=True)
class Queue:
    """A queue by its name."""

    house: House
    name: str
    client: Any = field(init=False)
    url: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "client", self.house.aws("sqs"))
        object.__setattr__(self, "url", self.client.get_queue_url(QueueName=self.name)["QueueUrl"])

    def waiting(self) -> int:
        """How many messages are in it, those that somebody is at included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def receive(self, visibility_seconds: int, patience_seconds: int = 1) -> list[dict[str, Any]]:
        """A few messages, which nobody else sees for that long; none if none comes in so many seconds."""
        received = self.client.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=3,
            WaitTimeSeconds=patience_seconds,
            VisibilityTimeout=visibility_seconds,
        )
        return list(received.get("Messages", []))

    @contextmanager
    def repeating_after(self, seconds: int) -> Iterator[None]:
        """What is not handled comes again so soon, until the block ends."""
        named = {"QueueUrl": self.url, "AttributeNames": ["VisibilityTimeout"]}
        before = self.client.get_queue_attributes(**named)["Attributes"]
        self.client.set_queue_attributes(QueueUrl=self.url, Attributes={"VisibilityTimeout": f"{seconds}"})
        try:
            yield
        finally:
            self.client.set_queue_attributes(QueueUrl=self.url, Attributes=before)


@contextmanager
def stopped(queue: Queue, function: str) -> Iterator[None]:
    """Nobody reads the function's queue, which is empty at first, until the block ends."""
    functions = queue.house.aws("lambda")
    mappings = functions.list_event_source_mappings()["EventSourceMappings"]
    (mapping,) = [each["UUID"] for each in mappings if f":{function}:" in f"{each['FunctionArn']}:"]

    def become(state: str) -> None:
        functions.update_event_source_mapping(UUID=mapping, Enabled=state == "Enabled")
        eventually(lambda: functions.get_event_source_mapping(UUID=mapping)["State"] == state, what=state)

    eventually(lambda: queue.waiting() == 0, within=60, what="an empty queue")
    become("Disabled")
    # The mapping's last poll still waits for a message, up to two seconds: ours began later and lasts longer.
    assert queue.receive(visibility_seconds=0, patience_seconds=5) == []
    try:
        yield
    finally:
        become("Enabled")


@dataclass
class Workers:
    """As many as are wanted read one queue at the same time; each hands what it finds to a process of the function.

    What is handled for the first time is not taken off the queue: as if each deletion had been lost once.
    """

    queue: Queue
    function: str
    handled: Counter[str] = field(default_factory=Counter)
    processes: set[int] = field(default_factory=set)

    def drain(self, count: int) -> None:
        """Until the queue is empty."""
        together = threading.Barrier(count)
        with ThreadPoolExecutor(count) as pool:
            for worker in [pool.submit(self._work, together) for _ in range(count)]:
                worker.result()

    def _work(self, together: threading.Barrier) -> None:
        functions = self.queue.house.aws("lambda")
        together.wait()
        while self.queue.waiting():
            if found := self.queue.receive(visibility_seconds=30):
                self._hand_over(functions, found)

    def _hand_over(self, functions: Any, found: list[dict[str, Any]]) -> None:
        records = [{"messageId": each["MessageId"], "body": each["Body"]} for each in found]
        reply = functions.invoke(
            FunctionName=f"{self.function}:live", Payload=json.dumps({"Records": records})
        )
        failed = _failed(json.loads(reply["Payload"].read()), records)
        self.processes |= {each["pid"] for each in self.queue.house.environments(self.function)}
        for each in found:
            self.handled[each["MessageId"]] += each["MessageId"] not in failed
            self._give_back(each["ReceiptHandle"], self.handled[each["MessageId"]])

    def _give_back(self, receipt: str, handled: int) -> None:
        named = {"QueueUrl": self.queue.url, "ReceiptHandle": receipt}
        if handled > 1:
            self.queue.client.delete_message(**named)
        else:
            self.queue.client.change_message_visibility(**named, VisibilityTimeout=0)


def _failed(answer: dict[str, Any], records: list[dict[str, Any]]) -> set[str]:
    """What was not handled: what the function says, or all of it when it came to no answer."""
    if "batchItemFailures" in answer:
        return {each["itemIdentifier"] for each in answer["batchItemFailures"]}
    return {each["messageId"] for each in records}
