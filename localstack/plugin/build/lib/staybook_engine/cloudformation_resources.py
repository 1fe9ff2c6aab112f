"""More updates that 4.14 lacks: tables, rules, alarms, log groups, buckets and roles."""

from __future__ import annotations

import json
from typing import Any

from staybook_engine.cloudformation_updates import select, updated
from staybook_engine.mends import mend


@mend(
    "rule-update",
    answers="4.14 has no update of AWS::Events::Rule, and forgets a rule on a custom bus instead of deleting it",
)
def update_rules() -> None:
    from localstack.services.events.resource_providers.aws_events_rule import EventsRuleProvider

    create = EventsRuleProvider.create

    def update(self: Any, request: Any) -> Any:
        """EventBridge puts rules and targets over what is there; only targets that went must be removed."""
        new, old = request.desired_state, request.previous_state
        new["Name"] = old["Id"].rpartition("|")[2]
        kept = {target["Id"] for target in new.get("Targets") or []}
        gone = [target["Id"] for target in old.get("Targets") or [] if target["Id"] not in kept]
        if gone:
            request.aws_client_factory.events.remove_targets(**_rule(old), Ids=gone)
        return create(self, request)

    def delete(self: Any, request: Any) -> Any:
        model, events = request.desired_state, request.aws_client_factory.events
        place = _rule(model)
        targets = [target["Id"] for target in events.list_targets_by_rule(**place)["Targets"]]
        if targets:
            events.remove_targets(**place, Ids=targets, Force=True)
        events.delete_rule(Name=place.pop("Rule"), **place)
        return updated(request)

    EventsRuleProvider.update, EventsRuleProvider.delete = update, delete


def _rule(model: dict[str, Any]) -> dict[str, str]:
    bus, _, name = model["Id"].rpartition("|")
    return {"Rule": name, **({"EventBusName": bus} if bus else {})}


@mend(
    "alarm-update",
    answers="4.14 has no update of AWS::CloudWatch::Alarm: a changed threshold is never watched",
)
def update_alarms() -> None:
    from localstack.services.cloudwatch.resource_providers.aws_cloudwatch_alarm import CloudWatchAlarmProvider

    def update(self: Any, request: Any) -> Any:
        """Putting an alarm over an alarm is its update."""
        request.desired_state["AlarmName"] = request.previous_state["AlarmName"]
        return self.create(request)

    CloudWatchAlarmProvider.update = update


@mend(
    "log-group-retention",
    answers="4.14 has no update of AWS::Logs::LogGroup and ignores RetentionInDays",
)
def keep_logs_as_declared() -> None:
    from localstack.services.logs.resource_providers.aws_logs_loggroup import LogsLogGroupProvider

    create = LogsLogGroupProvider.create

    def create_with_retention(self: Any, request: Any) -> Any:
        event = create(self, request)
        _retain(request.aws_client_factory.logs, event.resource_model)
        return event

    def update(self: Any, request: Any) -> Any:
        old = request.previous_state
        event = updated(request, LogGroupName=old["LogGroupName"], Arn=old["Arn"])
        _retain(request.aws_client_factory.logs, event.resource_model)
        return event

    LogsLogGroupProvider.create, LogsLogGroupProvider.update = create_with_retention, update


def _retain(logs: Any, model: dict[str, Any]) -> None:
    name = model["LogGroupName"]
    if days := model.get("RetentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(days))
    else:
        logs.delete_retention_policy(logGroupName=name)


@mend("bucket-update", answers="4.14 has no update of AWS::S3::Bucket: changed CORS rules never hold")
def update_buckets() -> None:
    from localstack.services.s3.resource_providers.aws_s3_bucket import S3BucketProvider

    def update(self: Any, request: Any) -> Any:
        """The creation leaves a bucket that is there alone and sets its configuration."""
        new, old = request.desired_state, request.previous_state
        new["BucketName"] = old["BucketName"]
        if "CorsConfiguration" in old and "CorsConfiguration" not in new:
            request.aws_client_factory.s3.delete_bucket_cors(Bucket=old["BucketName"])
        return self.create(request)

    S3BucketProvider.update = update


@mend("role-update", answers="4.14 doesn't update the inline policies of an AWS::IAM::Role")
def update_roles() -> None:
    from localstack.services.iam.resource_providers.aws_iam_role import IAMRoleProvider

    def update(self: Any, request: Any) -> Any:
        new, old, iam = request.desired_state, request.previous_state, request.aws_client_factory.iam
        role = old["RoleName"]
        iam.update_assume_role_policy(
            RoleName=role, PolicyDocument=json.dumps(new["AssumeRolePolicyDocument"])
        )
        before, after = set(old.get("ManagedPolicyArns") or []), set(new.get("ManagedPolicyArns") or [])
        for arn in after - before:
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        for arn in before - after:
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        policies = {one["PolicyName"]: one["PolicyDocument"] for one in new.get("Policies") or []}
        for name, document in policies.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
        for one in old.get("Policies") or []:
            if one["PolicyName"] not in policies:
                iam.delete_role_policy(RoleName=role, PolicyName=one["PolicyName"])
        return updated(request, RoleName=role, Arn=old["Arn"], RoleId=old["RoleId"])

    IAMRoleProvider.update = update


@mend("bus-update", answers="4.14 has no update of AWS::Events::EventBus")
def update_buses() -> None:
    from localstack.services.events.resource_providers.aws_events_eventbus import EventsEventBusProvider

    def update(self: Any, request: Any) -> Any:
        """Name is create-only, and 4.14 keeps nothing else of a bus."""
        return updated(request, **select(request.previous_state, ("Arn", "Id")))

    EventsEventBusProvider.update = update
