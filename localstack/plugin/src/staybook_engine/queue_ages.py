"""How old the oldest message of each queue is, as a metric: what tells that a consumer is stuck."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from staybook_engine.mends import mend

METRIC = "ApproximateAgeOfOldestMessage"
_QUEUES_OF_A_CALL = 500  # of 1000 metrics that one call takes


@mend(
    "queue-ages",
    answers="4.14 never tells how old a queue's oldest message is: the alarm on a stuck consumer stays silent",
)
def tell_ages() -> None:
    """Publishes it with what 4.14 publishes of queues once a minute."""
    from localstack.services.sqs import provider
    from localstack.services.sqs.models import sqs_stores

    publish = provider.CloudwatchPublishWorker.publish_approximate_cloudwatch_metrics

    def published(worker: object) -> None:
        """The depths, then the ages."""
        publish(worker)
        for account_id, region, store in sqs_stores.iter_stores():
            data = [
                {"QueueName": queue.name, "MetricName": METRIC, "Value": age(queue, time.time())}
                for queue in list(store.queues.values())
            ]
            for first in range(0, len(data), _QUEUES_OF_A_CALL):
                batch = data[first : first + _QUEUES_OF_A_CALL]
                provider.publish_sqs_metric_batch(
                    account_id=account_id, region=region, sqs_metric_batch_data=batch
                )

    provider.CloudwatchPublishWorker.publish_approximate_cloudwatch_metrics = published


def age(queue: Any, now: float) -> int:
    """Whole seconds since the oldest message was sent that is not deleted, 0 for an empty queue."""
    return int(now - min((message.created for message in _messages(queue)), default=now))


def _messages(queue: Any) -> Iterator[Any]:
    """Of a standard queue: those that wait, those that somebody is at, those that are put off."""
    visible = getattr(queue, "visible", None)
    for messages in (visible.queue if visible else (), queue.inflight, queue.delayed):
        yield from (message for message in list(messages) if not message.deleted)
