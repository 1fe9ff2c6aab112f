"""How versions go live on AWS: what the templates say of it, and what CodeDeploy has asked before."""

import ast
import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.layout import ROOT
from infra.packaging import before_traffic
from infra.packaging.gradual_release import AT_ONCE, CANARY, HOOK, release_gradually
from kernel.health import PROBE

ENGINE = ROOT / "localstack" / "plugin" / "src" / "staybook_engine" / "releases.py"
INLINE_BYTES = 4096  # what Lambda takes as the text of a function
API, RELAY = "staybook-room-api", "staybook-room-relay"


@dataclass
class Aws:
    """Lambda and CodeDeploy: versions that are up by (function, qualifier), and what was reported."""

    up: dict[tuple[str, str], bool]
    reported: list[str] = field(default_factory=list)

    def __call__(self, _service: str) -> "Aws":
        return self

    def get_paginator(self, _operation: str) -> "Aws":
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"Versions": [{"Version": version} for version in ("$LATEST", "1", "9", "10")]}]

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - Lambda's own names
        assert json.loads(Payload) == PROBE
        function, _, qualifier = FunctionName.partition(":")
        up = self.up[function, qualifier]
        told = {"status": "up"} if up else {"errorType": "Runtime.ImportModuleError"}
        return {"Payload": io.BytesIO(json.dumps(told).encode())} | (
            {} if up else {"FunctionError": "Unhandled"}
        )

    def put_lifecycle_event_hook_execution_status(self, **told: str) -> None:
        self.reported.append(told["status"])


def ask(monkeypatch: pytest.MonkeyPatch, **up: bool) -> str:
    """What CodeDeploy is told; `new` and `live`: whether these versions of the API are up."""
    monkeypatch.setenv("FUNCTIONS", f"{API},{RELAY}")
    aws = Aws({(API, "10"): up["new"], (API, "live"): up["live"], (RELAY, "10"): True})
    event = {"DeploymentId": "d", "LifecycleEventHookExecutionId": "e"}
    before_traffic.handler(event, None, aws, lambda _: None)
    (status,) = aws.reported
    return status


def released() -> dict[str, Any]:
    role = {"Type": "AWS::IAM::Role", "Properties": {}}
    template: dict[str, Any] = {
        "Resources": {
            "APIHandler": {"Properties": {}},
            "Relay": {"Properties": {"Events": {"Stream": {}}}},
            "Role": role,
        }
    }
    release_gradually(template, "room", {"APIHandler": API, "Relay": RELAY})
    return template


def test_a_version_that_is_up_gets_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(monkeypatch, new=True, live=True) == "Succeeded"


def test_a_version_that_is_not_up_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(monkeypatch, new=False, live=True) == "Failed"


def test_what_mends_an_outage_gets_through(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(monkeypatch, new=False, live=False) == "Succeeded"


def test_everybody_asks_the_same() -> None:
    """The engine and the hook run where the kernel is not."""
    (told,) = [
        node.value
        for node in ast.parse(ENGINE.read_text()).body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "PROBE" and node.value
    ]
    assert ast.literal_eval(told) == before_traffic.PROBE == PROBE


def test_who_is_called_gets_a_canary_and_who_reads_a_queue_all_at_once() -> None:
    resources = released()["Resources"]
    kinds = {
        name: resources[name]["Properties"]["DeploymentPreference"]["Type"]
        for name in ("APIHandler", "Relay")
    }
    assert kinds == {"APIHandler": CANARY, "Relay": AT_ONCE}


def test_every_version_is_asked_first_and_watched_by_an_alarm_of_its_own() -> None:
    resources = released()["Resources"]
    for name, alarms in (("APIHandler", 2), ("Relay", 1)):
        preference = resources[name]["Properties"]["DeploymentPreference"]
        assert preference["Hooks"]["PreTraffic"]["Fn::If"][1] == {"Ref": HOOK}
        named = [each["Fn::If"][1]["Ref"] for each in preference["Alarms"]]
        assert len(named) == alarms
        assert {resources[alarm]["Type"] for alarm in named} == {"AWS::CloudWatch::Alarm"}


def test_the_hook_fits_into_a_template_and_asks_of_its_own_service_alone() -> None:
    resources = released()["Resources"]
    properties = resources[HOOK]["Properties"]
    assert properties["FunctionName"].startswith(
        "CodeDeployHook_"
    )  # the only ones that CodeDeploy's role may run
    assert len(properties["Code"]["ZipFile"].encode()) < INLINE_BYTES
    assert properties["Environment"]["Variables"]["FUNCTIONS"] == f"{API},{RELAY}"
    asked = [policy["PolicyDocument"] for policy in resources[f"{HOOK}Role"]["Properties"]["Policies"]]
    named = json.dumps(asked)
    assert '"*"' not in named
    assert "staybook-payment" not in named
