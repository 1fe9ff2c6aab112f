"""Deliveries of EventBridge to its targets: retries, and the target's dead-letter queue."""

from __future__ import annotations

import copy
import json
import logging
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from staybook_engine.mends import mend

LOG = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # seconds; doubled after every failure
DEFAULT_ATTEMPTS, DEFAULT_AGE = 185, 24 * 60 * 60
HOPELESS = ("NotFound", "NonExistent", "DoesNotExist", "AccessDenied", "NoSuch")


@dataclass(frozen=True)
class Failure:
    """Why an event couldn't be delivered: EventBridge's code and condition, and the number of retries made."""

    code: str
    message: str
    retries: int
    condition: str | None


@mend(
    "target-dead-letters",
    answers="4.14 drops an event that a target doesn't take: no retries, no dead-letter queue",
)
def retry_targets() -> None:
    from localstack.services.events.target import TargetSender

    process = TargetSender.process_event

    def process_or_retry(self: Any, event: Any, trace_header: Any) -> None:
        """The first attempt is made at once; the others, if there must be any, beside what else goes on."""
        try:
            process(self, copy.deepcopy(event), trace_header)
        except Exception as error:  # noqa: BLE001  # whatever a target raises counts as not delivered
            LOG.info("target %s failed: %s", self.target["Arn"], error)
            attempt = Retrying(self, process, event, trace_header)
            threading.Thread(target=attempt.run, args=(error,), name="event-retries", daemon=True).start()

    TargetSender.process_event = process_or_retry


@mend("disabled-rules", answers="4.14 delivers events by rules that are disabled")
def respect_disabled_rules() -> None:
    from localstack.services.events.provider import EventsProvider

    process = EventsProvider._process_rules

    def process_enabled(self: Any, rule: Any, *arguments: Any, **named: Any) -> None:
        if rule.state != "DISABLED":
            process(self, rule, *arguments, **named)

    EventsProvider._process_rules = process_enabled


@dataclass(frozen=True)
class Retrying:
    """An event that a target didn't take at first."""

    sender: Any
    process: Any
    event: Mapping[str, Any]
    trace_header: Any

    def run(self, error: Exception) -> None:
        """Tries again as the target's retry policy says, then hands the event to the dead-letter queue."""
        policy, began = self.sender.target.get("RetryPolicy") or {}, time.monotonic()
        most = int(policy.get("MaximumRetryAttempts", DEFAULT_ATTEMPTS))
        age = int(policy.get("MaximumEventAgeInSeconds", DEFAULT_AGE))
        for retries in range(most + 1):
            condition = _exhausted(error, retries, most, time.monotonic() - began > age)
            if condition is not None:
                self._give_up(Failure(error_code(error), str(error), retries, condition or None))
                return
            time.sleep(_pause(retries))
            try:
                self.process(self.sender, copy.deepcopy(self.event), self.trace_header)
            except Exception as again:  # noqa: BLE001  # whatever a target raises counts as not delivered
                error = again
            else:
                return

    def _give_up(self, failure: Failure) -> None:
        arn = (self.sender.target.get("DeadLetterConfig") or {}).get("Arn")
        if not arn:
            LOG.warning("an event for %s is lost: %s", self.sender.target["Arn"], failure.message)
            return
        send_to_queue(arn, self.event, attributes(self.sender, failure))


def _exhausted(error: Exception, retries: int, most: int, too_old: bool) -> str | None:  # noqa: FBT001  # a fact, not a mode
    """The condition that ends the retries: "" where trying again is hopeless, None to go on."""
    if any(part in error_code_of_api(error) for part in HOPELESS):
        return ""
    if retries >= most:
        return "MaximumRetryAttempts"
    return "MaximumEventAgeInSeconds" if too_old else None


def _pause(retries: int) -> float:
    return min(FIRST_PAUSE * 2 ** min(retries, 20), LONGEST_PAUSE) * random.uniform(0.5, 1)  # noqa: S311  # spreads load


def error_code_of_api(error: Exception) -> str:
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def error_code(error: Exception) -> str:
    """EventBridge's code for an error, as its dead-letter queues show it."""
    code = error_code_of_api(error)
    if "AccessDenied" in code:
        return "NO_PERMISSIONS"
    if any(part in code for part in HOPELESS):
        return "NO_RESOURCE"
    return "THROTTLING" if "Throttl" in code or "TooManyRequests" in code else "INTERNAL_ERROR"


def attributes(sender: Any, failure: Failure) -> dict[str, str]:
    """The message attributes that EventBridge adds to a dead letter."""
    found = {
        "RULE_ARN": str(sender.rule_arn),
        "TARGET_ARN": str(sender.target["Arn"]),
        "ERROR_CODE": failure.code,
        "ERROR_MESSAGE": failure.message[:500],
        "RETRY_ATTEMPTS": str(failure.retries),
    }
    return {**found, "EXHAUSTED_RETRY_CONDITION": failure.condition} if failure.condition else found


def send_to_queue(arn: str, event: Mapping[str, Any], found: Mapping[str, str]) -> None:
    from localstack.aws.connect import connect_to

    _, _, _, region, account, name = arn.split(":")
    sqs = connect_to(region_name=region, aws_access_key_id=account).sqs
    url = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    body = {key: value for key, value in event.items() if key != "event-bus-name"}
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in found.items()}
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body, default=str), MessageAttributes=typed)
