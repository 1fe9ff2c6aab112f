"""Bring one CloudFormation stack to what its template says, by a change set."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.exceptions import ClientError
from mypy_boto3_cloudformation import CloudFormationClient
from mypy_boto3_cloudformation.type_defs import ParameterDeclarationTypeDef, StackEventTypeDef

NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")
NEVER_STOOD = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
STANDS = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
CANCELLED = "cancelled"  # how CloudFormation words what failed only because something else had


class StackFailed(Exception):
    """A stack could not be brought to its template; the message is one line: what failed first, and why."""


@dataclass(frozen=True)
class Stacks:
    """The stacks of one account and region."""

    client: CloudFormationClient
    poll_seconds: float

    def deploy(self, name: str, template_url: str, parameters: Mapping[str, str]) -> str:
        """Create or update a stack. Says "created", "updated" or "unchanged"; raises `StackFailed`."""
        status = self._status(name)
        if status in NEVER_STOOD:
            self._delete(name)
            status = None
        creates = status in (None, "REVIEW_IN_PROGRESS")
        began = datetime.now(UTC)
        change_set = f"staybook-{time.time_ns()}"
        self.client.create_change_set(
            StackName=name,
            ChangeSetName=change_set,
            ChangeSetType="CREATE" if creates else "UPDATE",
            TemplateURL=template_url,
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        )
        if not self._has_changes(name, change_set):
            self.client.delete_change_set(StackName=name, ChangeSetName=change_set)
            return "unchanged"
        self.client.execute_change_set(StackName=name, ChangeSetName=change_set)
        status = self._wait(lambda: self._status(name))
        if status not in STANDS:
            raise StackFailed(f"{name}: {self._first_failure(name, began) or status}")
        return "created" if creates else "updated"

    def outputs(self, name: str) -> dict[str, str]:
        """What a stack that stands has to tell."""
        [stack] = self.client.describe_stacks(StackName=name)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}

    def set_before(self, name: str) -> dict[str, str]:
        """The parameters of a stack that somebody has set: those that are not as its own template leaves them. None
        of a stack that does not stand.
        """
        if self._status(name) in (None, "REVIEW_IN_PROGRESS", *NEVER_STOOD):
            return {}
        [stack] = self.client.describe_stacks(StackName=name)["Stacks"]
        declared = self.client.get_template_summary(StackName=name)["Parameters"]
        left = {each["ParameterKey"]: each.get("DefaultValue") for each in declared if _is_plain(each)}
        present = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
        return {key: value for key, value in present.items() if key in left and value != left[key]}

    def _status(self, name: str) -> str | None:
        try:
            [stack] = self.client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return stack["StackStatus"]

    def _has_changes(self, name: str, change_set: str) -> bool:
        def ask() -> str:
            return self.client.describe_change_set(StackName=name, ChangeSetName=change_set)["Status"]

        self._wait(ask)
        described = self.client.describe_change_set(StackName=name, ChangeSetName=change_set)
        reason = described.get("StatusReason", "")
        if described["Status"] == "FAILED" and not any(words in reason for words in NOTHING_TO_DO):
            raise StackFailed(f"{name}: {' '.join(reason.split())}")
        return described["Status"] != "FAILED"

    def _delete(self, name: str) -> None:
        self.client.delete_stack(StackName=name)
        if (status := self._wait(lambda: self._status(name))) not in (None, "DELETE_COMPLETE"):
            raise StackFailed(f"{name}: it never stood and cannot be deleted ({status})")

    def _wait(self, ask: Callable[[], str | None]) -> str | None:
        """The first status that is not on its way to another."""
        while (status := ask()) is not None and status.endswith(("_IN_PROGRESS", "_PENDING")):
            time.sleep(self.poll_seconds)
        return status

    def _first_failure(self, name: str, began: datetime) -> str | None:
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=name)
        failures = [
            event
            for page in pages
            for event in page["StackEvents"]
            if event["Timestamp"] >= began and _is_root_failure(event)
        ]
        if not failures:
            return None
        first = min(failures, key=lambda event: event["Timestamp"])
        reason = " ".join(first.get("ResourceStatusReason", "no reason given").split())
        return f"{first['LogicalResourceId']} ({first['ResourceType']}): {reason}"


def _is_plain(declared: ParameterDeclarationTypeDef) -> bool:
    """Whether a parameter's value is what was given, and no name of a place where it lies."""
    return not declared["ParameterType"].startswith("AWS::")


def _is_root_failure(event: StackEventTypeDef) -> bool:
    failed = event["ResourceStatus"].endswith("_FAILED")
    return failed and CANCELLED not in event.get("ResourceStatusReason", "").lower()
