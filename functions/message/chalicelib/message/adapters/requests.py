"""Delivery requests in a queue, which repeats them until they are met or have failed too often."""

from collections.abc import Sequence
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.message.schemas import DeliveryRequest
from kernel.errors import Unavailable
from kernel.events import present_cause


class QueuedRequests:
    """The port `DeliveryRequests` on SQS; `put` takes at most ten at a time, SQS's limit."""

    def __init__(self, client: Any, queue_url: str) -> None:
        self._client, self._queue_url = client, queue_url

    def put(self, message_ids: Sequence[str]) -> None:
        entries = [{"Id": message_id, "MessageBody": _body(message_id)} for message_id in message_ids]
        try:
            reply = self._client.send_message_batch(QueueUrl=self._queue_url, Entries=entries)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The queue of deliveries does not answer just now.") from error
        if reply.get("Failed"):
            raise Unavailable("The queue of deliveries did not take everything.")


def _body(message_id: str) -> str:
    cause = present_cause()
    request = DeliveryRequest(
        message_id=message_id, correlation_id=cause.correlation_id, causation_id=cause.causation_id
    )
    return msgspec.json.encode(request).decode()
