"""Reminders through the queue that this service's consumer reads anyway."""

import json
from collections.abc import Callable

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.payment.adapters.items import SOURCE
from kernel import aws
from kernel.clock import instant, system_clock
from kernel.errors import Unavailable
from kernel.events import CloudEvent, present_cause

UNDECIDED = "PaymentUndecided"  # nobody announces it: it goes straight to the queue


class QueuedReminders:
    """The port `Reminders`. The message comes after the delay, and again until it was handled.

    `queue_url` is asked for when a charge is not decided at once, which few are: no other makes a client of the queue.
    """

    def __init__(self, queue_url: Callable[[], str], *, delay_seconds: int) -> None:
        self._queue_url, self._delay = queue_url, delay_seconds

    def look_again(self, payment_id: str) -> None:
        event = CloudEvent(
            id=f"{payment_id}:undecided",
            source=SOURCE,
            type=UNDECIDED,
            subject=payment_id,
            time=instant(system_clock()),
            sequence=0,
            correlationid=present_cause().correlation_id,
            data={"payId": payment_id},
        )
        body = json.dumps({"detail": msgspec.to_builtins(event)})
        try:
            aws.client("sqs").send_message(
                QueueUrl=self._queue_url(), MessageBody=body, DelaySeconds=self._delay
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The queue does not answer just now.") from error
