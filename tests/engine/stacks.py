"""Deploying small CloudFormation templates to an engine under test."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

REGION = "ap-northeast-2"
ACCOUNT = "000000000000"
PATIENCE_SECONDS = 30

# How a scenario goes wrong on an engine without its mend: it sees the wrong thing, or an AWS API refuses.
FAULTS = (AssertionError, pytest.fail.Exception, ClientError)

make_client: Any = boto3.client  # its stubs want every service spelt out

type Template = dict[str, Any]


class RunningEngine(Protocol):
    """What these tests ask of an engine: the base URLs of its AWS APIs and of its front door."""

    @property
    def aws(self) -> str: ...


class StackFailed(AssertionError):
    """A stack didn't reach its COMPLETE state; the message holds the reasons."""


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def wait_until[T](look: Callable[[], T | None], what: str, seconds: float = PATIENCE_SECONDS) -> T:
    """Looks again and again until something true is seen, and returns it. An AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain: {what}")


@dataclass
class Stacks:
    """Stacks on one engine, deleted again by `clear`."""

    engine: RunningEngine
    names: list[str] = field(default_factory=list)

    def client(self, service: str) -> Any:
        return make_client(
            service,
            endpoint_url=self.engine.aws,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def deploy(self, name: str, template: Template) -> dict[str, str]:
        """Creates or updates the stack by a change set, as a deployment does; returns its outputs."""
        client, change_set = self.client("cloudformation"), unique("change")
        kind = "UPDATE" if name in self.names else "CREATE"
        self.names += [name] if kind == "CREATE" else []
        client.create_change_set(
            StackName=name,
            ChangeSetName=change_set,
            ChangeSetType=kind,
            TemplateBody=json.dumps(template),
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        self._await_change_set(client, name, change_set)
        client.execute_change_set(StackName=name, ChangeSetName=change_set)
        return self._await_stack(client, name, f"{kind}_COMPLETE")

    def _await_change_set(self, client: Any, name: str, change_set: str) -> None:
        def ended() -> dict[str, Any] | None:
            state = client.describe_change_set(StackName=name, ChangeSetName=change_set)
            return state if state["Status"] in ("CREATE_COMPLETE", "FAILED") else None

        state = wait_until(ended, f"change set of {name}")
        if state["Status"] == "FAILED":
            raise StackFailed(state.get("StatusReason", "FAILED"))

    def _await_stack(self, client: Any, name: str, wanted: str) -> dict[str, str]:
        def ended() -> dict[str, Any] | None:
            state = client.describe_stacks(StackName=name)["Stacks"][0]
            return None if state["StackStatus"].endswith("IN_PROGRESS") else state

        state = wait_until(ended, f"stack {name}", 60)
        if state["StackStatus"] != wanted:
            raise StackFailed(f"{state['StackStatus']}: {self._reasons(client, name)}")
        return {output["OutputKey"]: output["OutputValue"] for output in state.get("Outputs", [])}

    def _reasons(self, client: Any, name: str) -> list[str]:
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"
            for event in events
            if "FAILED" in event["ResourceStatus"]
        ]

    def call(self, method: str, api: str, path: str, **options: Any) -> httpx.Response:
        """Sends a request to the stage `v1` of the API with this id."""
        return httpx.request(
            method, f"{self.engine.aws}/_aws/execute-api/{api}/v1{path}", timeout=30, **options
        )

    def clear(self) -> None:
        client = self.client("cloudformation")
        for name in reversed(self.names):
            client.delete_stack(StackName=name)
        self.names.clear()


@contextmanager
def stacks_on(engine: RunningEngine) -> Iterator[Stacks]:
    stacks = Stacks(engine)
    try:
        yield stacks
    finally:
        stacks.clear()


ROLE: Template = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "lambda.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    },
}


def function(name: str, code: str, **properties: Any) -> Template:
    """A Python function whose module `index` has a `handler`; it needs a resource `Role`."""
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": name,
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Timeout": 5,
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": code},
            **properties,
        },
    }


def returning(value: Any) -> str:
    """The code of a function that returns `value`, whatever it is called with."""
    return f"def handler(event, context):\n    return {value!r}\n"


def proxy(function_arn: Any) -> Template:
    """The Swagger extension that leads a method to a function."""
    uri = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations"
    return {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": {"Fn::Sub": [uri, {"Function": function_arn}]},
        "passthroughBehavior": "when_no_match",
    }


def mock(status: int = 200, text: str = "") -> Template:
    """The Swagger extension of a method that answers by itself."""
    return {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {"statusCode": str(status), "responseTemplates": {"application/json": text}}
        },
    }


def answering(integration: Template, **method: Any) -> Template:
    """One method of a path, with this integration."""
    return {
        "responses": {"200": {"description": "ok"}, "204": {"description": "ok"}},
        "x-amazon-apigateway-integration": integration,
        **method,
    }


def api(paths: Template, mark: str = "1", responses: Template | None = None, **body: Any) -> Template:
    """Resources of a whole API with the stage `v1`. Another `mark` makes another deployment of it."""
    document = {"swagger": "2.0", "info": {"title": "api", "version": "1"}, "paths": paths, **body}
    rest_api = {"Ref": "Api"}
    return {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "api", "Body": document}},
        **{
            name.replace("_", ""): {
                "Type": "AWS::ApiGateway::GatewayResponse",
                "Properties": {"RestApiId": rest_api, "ResponseType": name, **response},
            }
            for name, response in (responses or {}).items()
        },
        f"Deployment{mark}": {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": [name.replace("_", "") for name in responses or {}],
            "Properties": {"RestApiId": rest_api},
        },
        "Stage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "RestApiId": rest_api,
                "DeploymentId": {"Ref": f"Deployment{mark}"},
                "StageName": "v1",
            },
        },
    }
