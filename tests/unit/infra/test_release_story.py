"""Who deployed and failed is told what was tried, what failed and what is live."""

import json
from pathlib import Path
from typing import Any, cast

from infra.cloud import Cloud
from infra.deployment.release_story import story
from infra.packaging.releases import named, release_of

LIVE = {"staybook-room-api": ("6", "green"), "staybook-room-relay": ("5", "blue")}


class Aws:
    """CloudFormation and Lambda, with an API and a relay live in different releases."""

    @property
    def cloudformation(self) -> "Aws":
        return self

    def client(self, _service: str) -> "Aws":
        return self

    def get_paginator(self, _operation: str) -> "Aws":
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        aliases = [
            {
                "ResourceType": "AWS::Lambda::Alias",
                "ResourceStatus": "UPDATE_COMPLETE",
                "PhysicalResourceId": f"arn:aws:lambda:ap-northeast-2:123456789012:function:{name}:live",
            }
            for name in LIVE
        ]
        table = {"ResourceType": "AWS::DynamoDB::Table", "ResourceStatus": "x", "PhysicalResourceId": "t"}
        return [{"StackResourceSummaries": [table, *aliases]}]

    def get_alias(self, FunctionName: str, **_: str) -> dict[str, str]:  # noqa: N803 - Lambda's own name
        return {"FunctionVersion": LIVE[FunctionName][0]}

    def get_function_configuration(self, FunctionName: str, **_: str) -> dict[str, Any]:  # noqa: N803 - as above
        return {"Environment": {"Variables": {"RELEASE": LIVE[FunctionName][1]}}}


def test_the_story_of_a_release_that_failed() -> None:
    told = story(cast(Cloud, Aws()), "staybook-room", "red", "staybook-room: version 7 is not up")
    assert told.splitlines() == [
        "staybook-room was not changed: what had begun was taken back.",
        "    tried   release red",
        "    failed  staybook-room: version 7 is not up",
        "    live    release green: staybook-room-api 6",
        "    live    release blue: staybook-room-relay 5",
    ]


def test_a_release_is_called_as_told_else_as_its_code_is(tmp_path: Path) -> None:
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"Parameters": {"Release": {"Default": "c0de"}}}))
    assert release_of(template, {}) == "c0de"
    assert release_of(template, {"Release": "red"}) == "red"
    template.write_text("{}")
    assert release_of(template, {}) is None


def test_a_name_is_written_wherever_it_is_asked_for() -> None:
    function = {"Environment": {"Variables": {"RELEASE": {"Ref": "Release"}, "TABLE": {"Ref": "Table"}}}}
    template = {"Resources": {"Api": function, "Names": [{"Ref": "Release"}]}}
    assert named(template, "red")["Resources"] == {
        "Api": {"Environment": {"Variables": {"RELEASE": "red", "TABLE": {"Ref": "Table"}}}},
        "Names": ["red"],
    }
