"""What failed is shown with its reason, and put back so that an interruption loses nothing."""

import json
from typing import Any

import boto3
import pytest

from infra.cloud import Cloud
from infra.operations import queues
from infra.operations import redrive as redriving
from infra.operations.command_line import CannotDo
from infra.operations.dead_letters import failures, shown
from infra.operations.queues import Queues
from infra.operations.redrive import redrive
from tests.tables import REGION
from tests.waiting import eventually

QUEUE, DEAD, UNDELIVERED = "staybook-room-events", "staybook-room-events-dlq", "staybook-room-rule-failures"
EVENT = {"detail-type": "Told", "detail": {"type": "Told", "id": "A:1:1"}}


@pytest.fixture
def cloud(store: None) -> Cloud:
    made = Cloud(boto3.Session(region_name=REGION))
    sqs = made.client("sqs")
    for name in (QUEUE, DEAD, UNDELIVERED, "staybook-room-stream-failures", "another-dlq"):
        sqs.create_queue(QueueName=name)
    return made


def fill(cloud: Cloud, queue: str, count: int = 1, **attributes: str) -> None:
    for number in range(count):
        body = json.dumps(EVENT | {"number": number})
        said = {name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()}
        sqs = cloud.client("sqs")
        sqs.send_message(QueueUrl=Queues(cloud).url(queue), MessageBody=body, MessageAttributes=said)


def held(cloud: Cloud, queue: str) -> list[int]:
    with Queues(cloud).peeked(queue, 100) as letters:
        return sorted(letter.content["number"] for letter in letters)


def test_what_waits_is_shown_with_its_reason_and_stays(cloud: Cloud) -> None:
    fill(cloud, UNDELIVERED, ERROR_CODE="NO_RESOURCE", ERROR_MESSAGE="the queue is gone", TARGET_ARN="a:b")
    for _ in range(2):
        (failure,) = failures(cloud)
        assert (failure.queue, failure.what) == (UNDELIVERED, "Told A:1:1")
        assert failure.why == "NO_RESOURCE: the queue is gone"
    assert shown([failure]).splitlines()[1].startswith(f"{UNDELIVERED}  20")


def test_nothing_is_said_to_be_nothing(cloud: Cloud) -> None:
    assert shown(failures(cloud)) == "No dead letters."


def test_dead_letters_go_back_to_their_queue(cloud: Cloud) -> None:
    fill(cloud, DEAD, 23)
    assert redrive(cloud, DEAD).put_back == 23
    assert (held(cloud, DEAD), held(cloud, QUEUE)) == ([], list(range(23)))


def test_what_a_rule_could_not_deliver_goes_to_its_target(cloud: Cloud) -> None:
    fill(cloud, UNDELIVERED, TARGET_ARN=f"arn:aws:sqs:{REGION}:000000000000:{QUEUE}")
    assert redrive(cloud, UNDELIVERED).put_back == 1
    assert (held(cloud, UNDELIVERED), held(cloud, QUEUE)) == ([], [0])


@pytest.mark.parametrize("operation", ["send", "delete"])
def test_an_interruption_loses_nothing(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    monkeypatch.setattr(queues, "_HIDDEN_SECONDS", 1)
    fill(cloud, DEAD, 15)
    real, calls = getattr(Queues, operation), iter(range(100))

    def interrupted(self: Queues, *arguments: Any) -> None:
        if next(calls) == 7:
            raise KeyboardInterrupt
        real(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Queues, operation, interrupted)
        with pytest.raises(KeyboardInterrupt):
            redrive(cloud, DEAD)
    eventually(lambda: set(held(cloud, QUEUE)) | set(held(cloud, DEAD)) == set(range(15)))


def test_a_queue_of_another_kind_is_refused(cloud: Cloud) -> None:
    with pytest.raises(CannotDo, match="no queue of failures"):
        redrive(cloud, QUEUE)


def test_a_record_that_fails_again_is_left_where_it_was(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = "staybook-room-stream-failures"
    fill(cloud, queue, 3)

    def refuses(*_: Any) -> None:
        raise redriving.FailedAgain("mend the item first")

    monkeypatch.setattr(redriving, "_read_again", refuses)
    outcome = redrive(cloud, queue)
    assert (outcome.put_back, outcome.left, set(outcome.reasons)) == (0, 3, {"mend the item first"})
    assert held(cloud, queue) == [0, 1, 2]
