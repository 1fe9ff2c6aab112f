"""Stacks, against a CloudFormation of our own that plays back what it is told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_cloudformation import CloudFormationClient

from infra.deployment.stacks import StackFailed, Stacks

URL = "https://bucket.example/template.json"


@dataclass
class Playback:
    """Answers with the given states, one a question, and keeps what it was asked to do."""

    stack: list[str | None]
    change_set: tuple[str, str] = ("CREATE_COMPLETE", "")
    events: list[dict[str, Any]] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    parameters: list[dict[str, str]] = field(default_factory=list)
    declared: list[dict[str, str]] = field(default_factory=list)

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        status = self.stack.pop(0)
        if status is None:
            raise ClientError(
                {"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks"
            )
        return {"Stacks": [{"StackStatus": status, "Parameters": self.parameters}]}

    def get_template_summary(self, **_: str) -> dict[str, Any]:
        return {"Parameters": self.declared}

    def create_change_set(self, **asked: Any) -> None:
        self.done.append(asked["ChangeSetType"])

    def describe_change_set(self, **_: str) -> dict[str, Any]:
        status, reason = self.change_set
        return {"Status": status, "StatusReason": reason}

    def execute_change_set(self, **_: str) -> None:
        self.done.append("execute")

    def delete_change_set(self, **_: str) -> None:
        self.done.append("discard")

    def delete_stack(self, **_: str) -> None:
        self.done.append("delete")

    def get_paginator(self, _operation: str) -> "Playback":
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"StackEvents": self.events}]


def deploy(playback: Playback) -> str:
    stacks = Stacks(cast(CloudFormationClient, playback), poll_seconds=0)
    return stacks.deploy("staybook-room", URL, {"Stage": "local"})


def event(after: float, resource: str, status: str, reason: str) -> dict[str, Any]:
    return {
        "Timestamp": datetime.now(UTC) + timedelta(seconds=after),
        "LogicalResourceId": resource,
        "ResourceType": "AWS::SQS::Queue",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
    }


def test_a_new_stack_is_created() -> None:
    playback = Playback([None, "CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
    assert deploy(playback) == "created"
    assert playback.done == ["CREATE", "execute"]


def test_a_standing_stack_is_updated() -> None:
    playback = Playback(["CREATE_COMPLETE", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"])
    assert deploy(playback) == "updated"
    assert playback.done == ["UPDATE", "execute"]


def test_no_changes_are_fine() -> None:
    reason = "The submitted information didn't contain changes."
    playback = Playback(["UPDATE_COMPLETE"], change_set=("FAILED", reason))
    assert deploy(playback) == "unchanged"
    assert playback.done == ["UPDATE", "discard"]


def test_a_stack_that_never_stood_makes_way() -> None:
    playback = Playback(["ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", None, "CREATE_COMPLETE"])
    assert deploy(playback) == "created"
    assert playback.done == ["delete", "CREATE", "execute"]


def test_a_failed_stack_says_in_one_line_what_failed_first_and_why() -> None:
    playback = Playback(
        [None, "ROLLBACK_COMPLETE"],
        events=[
            event(3, "Rule", "CREATE_FAILED", "Resource creation cancelled"),
            event(2, "Dlq", "CREATE_FAILED", "later"),
            event(1, "Queue", "CREATE_FAILED", "A queue of that name\n was deleted just now"),
            event(-60, "Queue", "CREATE_FAILED", "an earlier attempt"),
        ],
    )
    with pytest.raises(StackFailed) as failed:
        deploy(playback)
    assert str(failed.value) == (
        "staybook-room: Queue (AWS::SQS::Queue): A queue of that name was deleted just now"
    )


def test_a_refused_change_says_why() -> None:
    playback = Playback([None], change_set=("FAILED", "Template error:\n unresolved Ref"))
    with pytest.raises(StackFailed, match=r"^staybook-room: Template error: unresolved Ref$"):
        deploy(playback)


DECLARED = [
    {"ParameterKey": "PaymentProvider", "ParameterType": "String", "DefaultValue": "simulated"},
    {"ParameterKey": "HoldSeconds", "ParameterType": "Number", "DefaultValue": "600"},
    {"ParameterKey": "CodeBucket", "ParameterType": "String"},
    {"ParameterKey": "StreamArn", "ParameterType": "AWS::SSM::Parameter::Value<String>"},
]
PRESENT = [
    {"ParameterKey": "PaymentProvider", "ParameterValue": "stripe"},
    {"ParameterKey": "HoldSeconds", "ParameterValue": "600"},
    {"ParameterKey": "CodeBucket", "ParameterValue": "bucket"},
    {"ParameterKey": "StreamArn", "ParameterValue": "/staybook/room/stream-arn"},
]


def test_what_somebody_has_set_is_known_and_what_nobody_has_follows_the_template() -> None:
    playback = Playback(["UPDATE_COMPLETE"] * 2, parameters=PRESENT, declared=DECLARED)
    stacks = Stacks(cast(CloudFormationClient, playback), poll_seconds=0)
    assert stacks.set_before("staybook-payment") == {"PaymentProvider": "stripe", "CodeBucket": "bucket"}


@pytest.mark.parametrize("status", [None, "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_of_a_stack_that_does_not_stand_nothing_was_set(status: str | None) -> None:
    playback = Playback([status], parameters=PRESENT, declared=DECLARED)
    stacks = Stacks(cast(CloudFormationClient, playback), poll_seconds=0)
    assert stacks.set_before("staybook-payment") == {}
