"""A payment that the provider has not decided about comes back to mind through the queue."""

import json

import boto3
import pytest

from chalicelib.payment.adapters.reminders import QueuedReminders
from chalicelib.payment.bootstrap import wiring
from chalicelib.payment.hearing import REMINDED
from kernel.errors import Unavailable
from kernel.ids import new_id
from tests.doors import load_app
from tests.fakes.payment import InMemoryPayments
from tests.tables import REGION
from tests.wired import wire


@pytest.mark.usefixtures("store")
class TestReminders:
    def test_a_reminder_is_what_the_consumer_hears(self, monkeypatch: pytest.MonkeyPatch) -> None:
        queue = boto3.resource("sqs", region_name=REGION).create_queue(QueueName="events")
        payment = new_id()
        QueuedReminders(lambda: queue.url, delay_seconds=0).look_again(payment)
        (message,) = queue.receive_messages()
        assert json.loads(message.body)["detail"]["type"] in REMINDED
        wire(monkeypatch, wiring, payments=InMemoryPayments())
        record = {"messageId": message.message_id, "body": message.body}
        assert load_app("payment").consumer({"Records": [record]}, None) == {"batchItemFailures": []}

    def test_a_queue_that_does_not_answer_is_unavailable(self) -> None:
        url = f"https://sqs.{REGION}.amazonaws.com/123456789012/none"
        with pytest.raises(Unavailable):
            QueuedReminders(lambda: url, delay_seconds=0).look_again(new_id())
