"""Second deployments, changed templates and the resource types that LocalStack 4.14 lacks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.engines import Engine, running
from tests.engine.stacks import (
    FAULTS,
    ROLE,
    RunningEngine,
    StackFailed,
    Stacks,
    answering,
    api,
    function,
    mock,
    returning,
    stacks_on,
    unique,
    wait_until,
)
from tests.engine.unmended import engine_without


def live(mark: str, released: dict[str, Any]) -> dict[str, Any]:
    """A template with that function, a version of it under that mark, and the alias `live` at that version."""
    alias = {
        "FunctionName": {"Ref": "Function"},
        "FunctionVersion": {"Fn::GetAtt": [f"Version{mark}", "Version"]},
        "Name": "live",
    }
    return {
        "Resources": {
            "Role": ROLE,
            "Function": released,
            f"Version{mark}": {
                "Type": "AWS::Lambda::Version",
                "Properties": {"FunctionName": {"Ref": "Function"}},
                "DeletionPolicy": "Retain",
            },
            "Alias": {"Type": "AWS::Lambda::Alias", "Properties": alias},
        }
    }


def a_live_alias_follows_the_second_deployment(stacks: Stacks) -> None:
    stack, name = unique("alias"), unique("fn")

    for mark in ("A", "B"):
        stacks.deploy(stack, live(mark, function(name, returning(mark))))
        reply = stacks.client("lambda").invoke(FunctionName=f"{name}:live")
        assert json.loads(reply["Payload"].read()) == mark


def a_version_that_is_not_up_never_goes_live(stacks: Stacks) -> None:
    stack, name = unique("release"), unique("fn")
    named = {"Environment": {"Variables": {"RELEASE": "blue"}}}

    def template(mark: str, code: str) -> dict[str, Any]:
        return live(mark, function(name, code, **named))

    well = {"status": "up"}
    stacks.deploy(stack, template("A", returning(well)))
    for mark, code in (("B", "import persimmon"), ("C", returning({"status": "down"}))):
        with pytest.raises(StackFailed, match=f"of {name} is not up.*version 1 is live as before"):
            stacks.deploy(stack, template(mark, code))
        reply = stacks.client("lambda").invoke(FunctionName=f"{name}:live")
        assert json.loads(reply["Payload"].read()) == well
    stacks.deploy(stack, template("D", returning({"status": "up", "mark": "D"})))
    reply = stacks.client("lambda").invoke(FunctionName=f"{name}:live")
    assert json.loads(reply["Payload"].read())["mark"] == "D"


def an_alias_shares_requests_out_between_two_versions(stacks: Stacks) -> None:
    name, client = unique("shared"), stacks.client("lambda")
    stacks.deploy(
        unique("shared"), {"Resources": {"Role": ROLE, "Function": function(name, returning("old"))}}
    )
    old = client.publish_version(FunctionName=name)["Version"]
    client.update_function_configuration(FunctionName=name, Description="new")
    wait_until(
        lambda: client.get_function_configuration(FunctionName=name)["LastUpdateStatus"] == "Successful",
        "the changed function",
    )
    new = client.publish_version(FunctionName=name)["Version"]
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=old)
    routing = {"AdditionalVersionWeights": {new: 0.5}}
    client.update_alias(FunctionName=name, Name="live", FunctionVersion=old, RoutingConfig=routing)
    served = {client.invoke(FunctionName=f"{name}:live")["ExecutedVersion"] for _ in range(40)}
    assert served == {old, new}


def a_changed_resource_does_not_replace_those_that_refer_to_it(stacks: Stacks) -> None:
    stack, name = unique("same"), unique("topic")

    def template(mark: str) -> dict[str, Any]:
        subscription = {
            "TopicArn": {"Ref": "Topic"},
            "Protocol": "sqs",
            "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]},
            "FilterPolicy": {"mark": [mark]},
        }
        return {
            "Resources": {
                "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name, "DisplayName": mark}},
                "Queue": {"Type": "AWS::SQS::Queue"},
                "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": subscription},
            },
            "Outputs": {
                "Topic": {"Value": {"Ref": "Topic"}},
                "Subscription": {"Value": {"Ref": "Subscription"}},
            },
        }

    first, second = stacks.deploy(stack, template("one")), stacks.deploy(stack, template("two"))
    assert first == second
    found = stacks.client("sns").list_subscriptions_by_topic(TopicArn=first["Topic"])["Subscriptions"]
    assert [one["SubscriptionArn"] for one in found] == [first["Subscription"]]


def reserved_concurrency_is_set_changed_and_lifted(stacks: Stacks) -> None:
    stack, name = unique("reserved"), unique("fn")
    for properties in ({"ReservedConcurrentExecutions": 3}, {"ReservedConcurrentExecutions": 2}, {}):
        stacks.deploy(
            stack, {"Resources": {"Role": ROLE, "Function": function(name, returning(1), **properties)}}
        )
        reply = stacks.client("lambda").get_function_concurrency(FunctionName=name)
        assert reply.get("ReservedConcurrentExecutions") == properties.get("ReservedConcurrentExecutions")


def a_second_deployment_serves_the_new_routes(stacks: Stacks) -> None:
    stack = unique("api")
    for mark, path in (("1", "/old"), ("2", "/new")):
        resources = api({path: {"get": answering(mock())}}, mark)
        identifier = stacks.deploy(
            stack, {"Resources": resources, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}}
        )
        assert stacks.call("GET", identifier["Api"], path).status_code == 200
    assert stacks.call("GET", identifier["Api"], "/old").status_code == 403


def a_stage_keeps_its_variables_up_to_date(stacks: Stacks) -> None:
    stack = unique("stage")
    for variables in ({"one": "1", "two": "2"}, {"two": "3"}):
        resources = api({"/": {"get": answering(mock())}})
        resources["Stage"]["Properties"]["Variables"] = variables
        outputs = stacks.deploy(
            stack, {"Resources": resources, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}}
        )
        stage = stacks.client("apigateway").get_stage(restApiId=outputs["Api"], stageName="v1")
        assert stage["variables"] == variables


def a_stage_bounds_its_requests_as_declared(stacks: Stacks) -> None:
    """The whole stage, and one method of it further; and nothing any more when nothing is declared."""
    stack = unique("throttled")
    paths = {path: {"get": answering(mock())} for path in ("/", "/few", "/some")}

    def limit(path: str, verb: str, burst: int) -> dict[str, Any]:
        rates = {"ThrottlingRateLimit": 0.01, "ThrottlingBurstLimit": burst}
        return {"ResourcePath": path, "HttpMethod": verb, **rates}

    for settings, few, some in (([limit("/*", "*", 4), limit("/~1few", "GET", 1)], 1, 3), ([], 6, 6)):
        resources = api(paths)
        if settings:
            resources["Stage"]["Properties"]["MethodSettings"] = settings
        outputs = stacks.deploy(
            stack, {"Resources": resources, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}}
        )
        for path, passed in (("/few", few), ("/some", some)):
            answers = [stacks.call("GET", outputs["Api"], path).status_code for _ in range(6)]
            assert (answers.count(200), answers.count(429)) == (passed, 6 - passed)


def a_changed_gateway_response_takes_effect(stacks: Stacks) -> None:
    stack = unique("answer")
    for mark, status in (("1", "404"), ("2", "410")):
        responses = {"MISSING_AUTHENTICATION_TOKEN": {"StatusCode": status}}
        resources = api({"/": {"get": answering(mock())}}, mark, responses)
        outputs = stacks.deploy(
            stack, {"Resources": resources, "Outputs": {"Api": {"Value": {"Ref": "Api"}}}}
        )
        assert stacks.call("GET", outputs["Api"], "/nowhere").status_code == int(status)


def a_deployment_takes_its_changed_description(stacks: Stacks) -> None:
    stack = unique("described")
    for text in ("first", "second"):
        resources = api({"/": {"get": answering(mock())}})
        resources["Deployment1"]["Properties"]["Description"] = text
        outputs = {"Api": {"Value": {"Ref": "Api"}}, "Deployment": {"Value": {"Ref": "Deployment1"}}}
        ids = stacks.deploy(stack, {"Resources": resources, "Outputs": outputs})
        deployment = stacks.client("apigateway").get_deployment(
            restApiId=ids["Api"], deploymentId=ids["Deployment"]
        )
        assert deployment["description"] == text


def a_rule_on_a_custom_bus_is_changed_and_deleted(stacks: Stacks) -> None:
    stack, name = unique("rule"), unique("rule")
    resources: dict[str, Any] = {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}},
        "Old": {"Type": "AWS::SQS::Queue"},
        "New": {"Type": "AWS::SQS::Queue"},
    }
    events = stacks.client("events")
    for kind, queue in (("one", "Old"), ("two", "New")):
        rule = {
            "Name": name,
            "EventBusName": {"Ref": "Bus"},
            "EventPattern": {"detail-type": [kind]},
            "Targets": [{"Id": queue, "Arn": {"Fn::GetAtt": [queue, "Arn"]}}],
        }
        stacks.deploy(
            stack, {"Resources": {**resources, "Rule": {"Type": "AWS::Events::Rule", "Properties": rule}}}
        )
        described = events.describe_rule(Name=name, EventBusName=name)
        targets = events.list_targets_by_rule(Rule=name, EventBusName=name)["Targets"]
        assert json.loads(described["EventPattern"]) == {"detail-type": [kind]}
        assert [target["Id"] for target in targets] == [queue]
    stacks.deploy(stack, {"Resources": resources})
    assert events.list_rules(EventBusName=name)["Rules"] == []


def an_alarm_takes_its_changed_threshold(stacks: Stacks) -> None:
    stack, name = unique("alarm"), unique("alarm")
    for threshold in (1.0, 2.0):
        alarm = {
            "AlarmName": name,
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Namespace": "AWS/SQS",
            "Period": 60,
            "Statistic": "Maximum",
            "Threshold": threshold,
        }
        stacks.deploy(
            stack, {"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}}}
        )
        described = stacks.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        assert described[0]["Threshold"] == threshold


def a_log_group_keeps_its_logs_as_long_as_declared(stacks: Stacks) -> None:
    stack, name = unique("logs"), unique("logs")
    for days in (7, 14):
        properties = {"LogGroupName": name, "RetentionInDays": days}
        stacks.deploy(
            stack, {"Resources": {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": properties}}}
        )
        groups = stacks.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        assert [group.get("retentionInDays") for group in groups] == [days]


def a_bucket_takes_its_changed_cross_origin_rules(stacks: Stacks) -> None:
    stack, name = unique("bucket"), unique("bucket")
    for origin in ("https://one.example", "https://two.example"):
        rule = {"AllowedMethods": ["GET"], "AllowedOrigins": [origin]}
        bucket = {"BucketName": name, "CorsConfiguration": {"CorsRules": [rule]}}
        stacks.deploy(stack, {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": bucket}}})
        rules = stacks.client("s3").get_bucket_cors(Bucket=name)["CORSRules"]
        assert [rule["AllowedOrigins"] for rule in rules] == [[origin]]


def a_role_takes_its_changed_policies(stacks: Stacks) -> None:
    stack, name = unique("role"), unique("role")
    for action in ("sqs:SendMessage", "sqs:ReceiveMessage"):
        document = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
        }
        role = {
            **ROLE["Properties"],
            "RoleName": name,
            "Policies": [{"PolicyName": action.replace(":", "-"), "PolicyDocument": document}],
        }
        stacks.deploy(stack, {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}})
        policies = stacks.client("iam").list_role_policies(RoleName=name)["PolicyNames"]
        assert policies == [action.replace(":", "-")]


def a_table_gets_its_new_index_and_keeps_its_items(stacks: Stacks) -> None:
    stack, name = unique("table"), unique("table")
    dynamodb = stacks.client("dynamodb")

    def template(*indexes: str) -> dict[str, Any]:
        table = {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": attribute, "AttributeType": "S"} for attribute in ("pk", *indexes)
            ],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": bool(indexes)},
        }
        if indexes:
            table["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": attribute,
                    "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
                for attribute in indexes
            ]
        return {"Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": table}}}

    stacks.deploy(stack, template())
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "1"}, "owner": {"S": "mina"}})
    stacks.deploy(stack, template("owner"))
    described = dynamodb.describe_table(TableName=name)["Table"]
    assert [index["IndexName"] for index in described.get("GlobalSecondaryIndexes", [])] == ["owner"]
    found = dynamodb.query(
        TableName=name,
        IndexName="owner",
        KeyConditionExpression="#o = :o",
        ExpressionAttributeNames={"#o": "owner"},
        ExpressionAttributeValues={":o": {"S": "mina"}},
    )
    assert found["Count"] == 1
    kept = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert kept["TimeToLiveStatus"] == "ENABLED"


def a_failed_update_leaves_everything_as_it_was(stacks: Stacks) -> None:
    stack, name = unique("failing"), unique("kept")

    def template(seconds: int, extra: dict[str, Any]) -> dict[str, Any]:
        queue = {"QueueName": name, "VisibilityTimeout": seconds}
        return {"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": queue}, **extra}}

    doomed = {"Name": name, "EventPattern": {"source": ["x"]}, "EventBusName": "nowhere"}
    rule = {"Type": "AWS::Events::Rule", "Properties": doomed, "DependsOn": ["Queue", "Added"]}
    added = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"{name}-added"}}
    stacks.deploy(
        stack, template(20, {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}})
    )
    with pytest.raises(StackFailed, match="UPDATE_ROLLBACK_COMPLETE"):
        stacks.deploy(stack, template(30, {"Added": added, "Rule": rule}))
    sqs = stacks.client("sqs")
    urls = sqs.list_queues(QueueNamePrefix=name)["QueueUrls"]
    assert [url.rpartition("/")[2] for url in urls] == [name]
    attributes = sqs.get_queue_attributes(QueueUrl=urls[0], AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "20"
    topics = stacks.client("sns").list_topics()["Topics"]
    assert any(topic["TopicArn"].endswith(f":{name}") for topic in topics)
    stacks.deploy(stack, template(40, {"Added": added}))


def an_update_that_cannot_be_made_fails(stacks: Stacks) -> None:
    stack = unique("silent")

    def template(age: int) -> dict[str, Any]:
        key = {
            "Enabled": True,
            "Description": str(age),
            "KeyPolicy": {"Version": "2012-10-17", "Statement": []},
        }
        return {"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": key}}}

    stacks.deploy(stack, template(1))
    with pytest.raises(StackFailed, match="can't update resources of type AWS::KMS::Key"):
        stacks.deploy(stack, template(2))


def an_unknown_resource_type_fails_its_stack(stacks: Stacks) -> None:
    template = {"Resources": {"Pipe": {"Type": "AWS::Pipes::Pipe", "Properties": {"Name": "pipe"}}}}
    with pytest.raises(StackFailed, match="AWS::Pipes::Pipe"):
        stacks.deploy(unique("unknown"), template)
    template = {
        "Conditions": {"OnAws": {"Fn::Equals": ["local", "aws"]}},
        "Resources": {
            "Pipe": {**template["Resources"]["Pipe"], "Condition": "OnAws"},
            "Queue": {"Type": "AWS::SQS::Queue"},
        },
    }
    stacks.deploy(unique("conditional"), template)


def an_archive_is_created_changed_and_deleted(stacks: Stacks) -> None:
    stack, name = unique("archive"), unique("archive")
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}}
    for days in (7, 8):
        archive = {"ArchiveName": name, "SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "RetentionDays": days}
        template = {"Bus": bus, "Archive": {"Type": "AWS::Events::Archive", "Properties": archive}}
        outputs = {
            "Archive": {"Value": {"Ref": "Archive"}},
            "Arn": {"Value": {"Fn::GetAtt": ["Archive", "Arn"]}},
        }
        seen = stacks.deploy(stack, {"Resources": template, "Outputs": outputs})
        described = stacks.client("events").describe_archive(ArchiveName=name)
        assert described["RetentionDays"] == days
        assert seen == {"Archive": name, "Arn": described["ArchiveArn"]}
    stacks.deploy(stack, {"Resources": {"Bus": bus}})
    assert stacks.client("events").list_archives(NamePrefix=name)["Archives"] == []


def mail_is_sent_as_a_declared_identity_only(stacks: Stacks) -> None:
    ses, domain = stacks.client("ses"), f"{unique('mail')}.example"

    def send() -> None:
        words = {"Data": "hello"}
        ses.send_email(
            Source=f"messages@{domain}",
            Destination={"ToAddresses": ["mina@example.com"]},
            Message={"Subject": words, "Body": {"Text": words}},
        )

    with pytest.raises(ses.exceptions.MessageRejected):
        send()
    identity = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": domain}}
    address = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": f"one@{domain}"}}
    output = {"Identity": {"Value": {"Ref": "Identity"}}}
    stack = unique("mail")
    declared = {"Identity": identity, "Address": address}
    assert stacks.deploy(stack, {"Resources": declared, "Outputs": output}) == {"Identity": domain}
    send()
    stacks.deploy(stack, {"Resources": {"Address": address}})
    with pytest.raises(ses.exceptions.MessageRejected):
        send()


def a_user_pool_has_the_same_id_after_every_deployment(stacks: Stacks) -> None:
    name = unique("pool")
    pool = {"Ref": "Pool"}
    template = {
        "Resources": {
            "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": name}},
            "Client": {
                "Type": "AWS::Cognito::UserPoolClient",
                "Properties": {"ClientName": "web", "UserPoolId": pool},
            },
            "Hosts": {
                "Type": "AWS::Cognito::UserPoolGroup",
                "Properties": {"GroupName": "host", "UserPoolId": pool},
            },
            "Domain": {
                "Type": "AWS::Cognito::UserPoolDomain",
                "Properties": {"Domain": name, "UserPoolId": pool},
            },
        },
        "Outputs": {
            "Pool": {"Value": pool},
            "Client": {"Value": {"Ref": "Client"}},
            "Arn": {"Value": {"Fn::GetAtt": ["Pool", "Arn"]}},
            "Issuer": {"Value": {"Fn::GetAtt": ["Pool", "ProviderURL"]}},
        },
    }
    first = stacks.deploy(unique("pool"), template)
    stacks.clear()
    wait_until(lambda: _stack_count(stacks) == 0, "the stack is gone")
    second = stacks.deploy(unique("pool"), template)
    assert first == second
    assert first["Arn"].endswith(f":userpool/{first['Pool']}")
    assert first["Issuer"] == f"{stacks.engine.aws}/{first['Pool']}"


def _stack_count(stacks: Stacks) -> int:
    summaries = stacks.client("cloudformation").list_stacks()["StackSummaries"]
    return sum(
        1 for one in summaries if one["StackName"].startswith("pool-") and "DELETE_" not in one["StackStatus"]
    )


SCENARIOS: dict[str, Callable[[Stacks], None]] = {
    "alias-update": a_live_alias_follows_the_second_deployment,
    "alias-routing": an_alias_shares_requests_out_between_two_versions,
    "gradual-release": a_version_that_is_not_up_never_goes_live,
    "replacement-by-value": a_changed_resource_does_not_replace_those_that_refer_to_it,
    "reserved-concurrency": reserved_concurrency_is_set_changed_and_lifted,
    "rest-api-update": a_second_deployment_serves_the_new_routes,
    "stage-update": a_stage_keeps_its_variables_up_to_date,
    "stage-method-settings": a_stage_bounds_its_requests_as_declared,
    "throttling": a_stage_bounds_its_requests_as_declared,
    "gateway-response-update": a_changed_gateway_response_takes_effect,
    "deployment-update": a_deployment_takes_its_changed_description,
    "rule-update": a_rule_on_a_custom_bus_is_changed_and_deleted,
    "alarm-update": an_alarm_takes_its_changed_threshold,
    "log-group-retention": a_log_group_keeps_its_logs_as_long_as_declared,
    "bucket-update": a_bucket_takes_its_changed_cross_origin_rules,
    "role-update": a_role_takes_its_changed_policies,
    "table-update": a_table_gets_its_new_index_and_keeps_its_items,
    "failed-update": a_failed_update_leaves_everything_as_it_was,
    "silent-updates": an_update_that_cannot_be_made_fails,
    "archive-type": an_archive_is_created_changed_and_deleted,
    "email-identity-type": mail_is_sent_as_a_declared_identity_only,
    "user-pool-types": a_user_pool_has_the_same_id_after_every_deployment,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """An engine without the mends that are shown here."""
    with engine_without(SCENARIOS, tmp_path_factory.mktemp("plain")) as one:
        yield one


@pytest.mark.parametrize("mend", SCENARIOS)
def test_holds_with_the_mend(engine: RunningEngine, mend: str) -> None:
    with stacks_on(engine) as stacks:
        SCENARIOS[mend](stacks)


@pytest.mark.parametrize("mend", SCENARIOS)
def test_fails_without_the_mend(plain: RunningEngine, mend: str) -> None:
    with stacks_on(plain) as stacks, pytest.raises(FAULTS):
        SCENARIOS[mend](stacks)


def test_an_unknown_resource_type_fails_its_stack(engine: RunningEngine) -> None:
    with stacks_on(engine) as stacks:
        an_unknown_resource_type_fails_its_stack(stacks)


@pytest.mark.unmended
def test_without_the_mend_every_type_is_unknown(tmp_path: Path) -> None:
    """And if the engine weren't told to be strict, no type would be."""
    strict = {"STAYBOOK_MENDS_OFF": "unsupported-types-fail"}
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    with (
        running(Engine(tmp_path, strict)) as plain,
        stacks_on(plain) as stacks,
        pytest.raises(StackFailed, match="AWS::SQS::Queue"),
    ):
        stacks.deploy(unique("known"), template)
