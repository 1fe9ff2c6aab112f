"""Templates as people write them, and as they are deployed."""

from pathlib import Path
from typing import Any

import pytest

from infra.layout import SERVICES
from infra.packaging import core_functions
from infra.packaging.service_template import UnfitTemplate, finish, function_name
from infra.template_files import read_template
from tests.permissions.packaged import functions


def read(tmp_path: Path, text: str) -> dict[str, Any]:
    (tmp_path / "some.yaml").write_text(text)
    return read_template(tmp_path / "some.yaml")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Table", {"Ref": "Table"}),
        ("!GetAtt Table.StreamArn", {"Fn::GetAtt": ["Table", "StreamArn"]}),
        ('!Sub "${Table}:live"', {"Fn::Sub": "${Table}:live"}),
        ("!If [Kept, !Ref A, 1]", {"Fn::If": ["Kept", {"Ref": "A"}, 1]}),
        ("!Not [!Equals [!Ref Stage, local]]", {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "local"]}]}),
    ],
)
def test_short_forms_become_long_ones(tmp_path: Path, short: str, long: dict[str, Any]) -> None:
    assert read(tmp_path, f"Value: {short}") == {"Value": long}


def test_what_only_holds_anchors_stays_out(tmp_path: Path) -> None:
    text = "x-shared: &shared\n  A: !Ref B\nResources:\n  <<: *shared\n"
    assert read(tmp_path, text) == {"Resources": {"A": {"Ref": "B"}}}


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_every_service_keeps_its_data_outside_the_local_stage(service: Any) -> None:
    resources = read_template(service.merge_template)["Resources"].values()
    tables = [each for each in resources if each.get("Type") == "AWS::DynamoDB::Table"]
    assert tables
    for table in tables:
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table["UpdateReplacePolicy"] == "Retain"
        assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["Kept", True, False]}


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_every_queue_with_work_has_a_dead_letter_queue(service: Any) -> None:
    resources = read_template(service.merge_template)["Resources"].values()
    queues = [each["Properties"] for each in resources if each.get("Type") == "AWS::SQS::Queue"]
    for queue in queues:
        last_resort = queue["QueueName"].endswith(("-dlq", "-failures"))
        assert last_resort or "RedrivePolicy" in queue


def generated() -> dict[str, Any]:
    role = {"Fn::GetAtt": ["RelayRole", "Arn"]}
    function = {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.relay", "Role": role}}
    policy = {"Queues": [{"Ref": "Work"}], "PolicyDocument": {"Statement": [{"Effect": "Allow"}]}}
    return {
        "Resources": {
            "Relay": function,
            "RelayRole": {"Type": "AWS::IAM::Role", "Properties": {}},
            "Work": {"Type": "AWS::SQS::Queue", "Properties": {}},
            "Failures": {"Type": "AWS::SQS::Queue", "Properties": {}},
            "WorkPolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy},
            "RestAPI": {"Type": "AWS::Serverless::Api"},
            "APIHandlerInvokePermission": {"Type": "AWS::Lambda::Permission"},
        },
        "Outputs": {"EndpointURL": {}},
    }


def test_what_a_booking_waits_for_may_be_given_room_of_its_own() -> None:
    role = {"Fn::GetAtt": ["CalendarRole", "Arn"]}
    calendar = {
        "Type": "AWS::Serverless::Function",
        "Properties": {"Handler": "app.calendar", "Role": role},
    }
    made = generated()
    made["Resources"] |= {"Calendar": calendar, "CalendarRole": {"Type": "AWS::IAM::Role", "Properties": {}}}
    template = finish(made, "room", "code.zip")
    packaged = {name: template["Resources"][name]["Properties"] for name in ("Calendar", "Relay")}
    reserved = {"Fn::If": ["CoreReserved", {"Ref": "CoreConcurrency"}, {"Ref": "AWS::NoValue"}]}
    assert packaged["Calendar"]["ReservedConcurrentExecutions"] == reserved
    assert "ReservedConcurrentExecutions" not in packaged["Relay"]
    assert template["Parameters"]["CoreConcurrency"]["Default"] == 0


def test_every_function_that_a_booking_waits_for_exists() -> None:
    named = {function_name(name, f"app.{door}") for name in SERVICES for door in functions(name)}
    assert sorted(core_functions.FUNCTIONS - named) == []


def test_a_service_has_no_api_of_its_own() -> None:
    template = finish(generated(), "room", "code.zip")
    assert {"RestAPI", "APIHandlerInvokePermission"}.isdisjoint(template["Resources"])
    assert "Outputs" not in template


def test_a_function_is_named_aliased_and_deployed_by_its_content() -> None:
    properties = finish(generated(), "room", "code.zip")["Resources"]["Relay"]["Properties"]
    assert properties["FunctionName"] == "staybook-room-relay"
    assert properties["AutoPublishAlias"] == "live"
    assert properties["AutoPublishAliasAllProperties"] is True
    assert properties["CodeUri"] == {"Bucket": {"Ref": "CodeBucket"}, "Key": "code.zip"}


def test_every_queue_is_encrypted_and_reached_by_tls_alone() -> None:
    resources = finish(generated(), "room", "code.zip")["Resources"]
    closed = []
    for resource in resources.values():
        if resource["Type"] == "AWS::SQS::Queue":
            assert resource["Properties"]["SqsManagedSseEnabled"] is True
        if resource["Type"] == "AWS::SQS::QueuePolicy":
            (refusal,) = [
                each
                for each in resource["Properties"]["PolicyDocument"]["Statement"]
                if each["Effect"] == "Deny"
            ]
            assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            closed += [named["Ref"] for named in resource["Properties"]["Queues"]]
    assert sorted(closed) == ["Failures", "Work"]


def test_a_function_may_write_its_own_log_and_no_other() -> None:
    resources = finish(generated(), "room", "code.zip")["Resources"]
    (policy,) = resources["RelayRole"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert ":log-group:/aws/lambda/staybook-room-relay:" in statement["Resource"]["Fn::Sub"]
    log = resources["RelayLog"]
    assert (log["Condition"], log["Properties"]["RetentionInDays"]) == ("Kept", 30)


def test_the_routes_function_is_called_api() -> None:
    assert function_name("room", "app.app") == "staybook-room-api"


def test_a_function_without_a_role_of_its_own_is_refused() -> None:
    template = generated()
    template["Resources"]["Relay"]["Properties"]["Role"] = "given by infra/templates/room.yaml"
    with pytest.raises(UnfitTemplate, match="gives Relay no Role"):
        finish(template, "room", "code.zip")


def test_a_function_that_the_app_does_not_have_is_refused() -> None:
    template = generated()
    template["Resources"]["Gone"] = {"Properties": {"Timeout": 5}}
    with pytest.raises(UnfitTemplate, match=r"^Gone is no function of functions/room/app\.py$"):
        finish(template, "room", "code.zip")
