"""Which new versions go live, and what a judgement costs whoever is being answered meanwhile."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from staybook_engine.outcomes import Outcomes, Tally
from staybook_engine.releases import ENOUGH, FAULTS, Engine, NotReleased, Release

UP = {"status": "up"}
FUNCTION = "staybook-room-api"


@dataclass
class Lambda:
    """A stand-in for Lambda's API; `told` is what versions answer a probe, `on_trial` what happens during one."""

    told: dict[str, Any] = field(default_factory=lambda: {"1": UP, "2": UP})
    release: bool = True
    mappings: list[str] = field(default_factory=list)
    on_trial: Callable[[], None] = lambda: None
    routes: list[dict[str, float]] = field(default_factory=list)
    matched: list[tuple[str, str]] = field(default_factory=list)

    def match(self, version: str, other: str) -> None:
        assert not self.routes, "what is on trial is as warm as what is live"
        self.matched.append((version, other))

    def get_function_configuration(self, **_: Any) -> dict[str, Any]:
        return {"Environment": {"Variables": {"RELEASE": "blue"} if self.release else {}}}

    def list_event_source_mappings(self, **_: Any) -> dict[str, Any]:
        return {"EventSourceMappings": self.mappings}

    def invoke(self, FunctionName: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - Lambda's own name
        told = self.told[FunctionName.rsplit(":", 1)[-1]]
        failed = {"FunctionError": "Unhandled"} if "errorType" in told else {}
        return {"Payload": io.BytesIO(json.dumps(told).encode()), **failed}

    def update_alias(self, RoutingConfig: dict[str, Any], **_: Any) -> None:  # noqa: N803 - Lambda's own name
        self.routes.append(RoutingConfig["AdditionalVersionWeights"])
        if self.routes[-1]:
            self.on_trial()


def answer(outcomes: Outcomes, version: str, status: int, times: int) -> None:
    for _ in range(times):
        body = json.dumps({"body": '{"statusCode": 500}', "statusCode": status}).encode()
        outcomes.count(FUNCTION, version, body, is_error=False)


def judge(client: Lambda, outcomes: Outcomes | None = None) -> None:
    engine = Engine(client, outcomes or Outcomes(), lambda *_: False, client.match, trial_seconds=0)
    Release(engine, FUNCTION, "live", "1", "2").judge()


def on_trial(new: tuple[int, int], live: tuple[int, int], **lambda_: Any) -> Lambda:
    """Judges while both versions answer so many times well, and so many times with 500."""
    outcomes = Outcomes()
    answer(outcomes, "1", 200, 1)

    def requests() -> None:
        for version, (well, failed) in (("2", new), ("1", live)):
            answer(outcomes, version, 201, well)
            answer(outcomes, version, 500, failed)

    client = Lambda(on_trial=requests, **lambda_)
    judge(client, outcomes)
    return client


def test_a_version_that_is_up_goes_live_at_once_where_nobody_asks() -> None:
    client = Lambda()
    judge(client)
    assert client.routes == []


def test_a_version_that_cannot_be_loaded_gets_no_request() -> None:
    broken = {"errorType": "Runtime.ImportModuleError", "errorMessage": "No module named 'persimmon'"}
    with pytest.raises(
        NotReleased, match=r"version 2 of staybook-room-api is not up: .*persimmon.*version 1 is live"
    ):
        judge(Lambda({"1": UP, "2": broken}))


def test_a_version_whose_health_is_bad_gets_no_request() -> None:
    with pytest.raises(NotReleased, match="is not up"):
        judge(Lambda({"1": UP, "2": {"status": "down"}}))


def test_a_version_may_be_as_ill_as_the_live_one_or_no_outage_could_be_mended() -> None:
    judge(Lambda({"1": {"errorType": "Unhealthy", "errorMessage": ""}, "2": {"status": "down"}}))


def test_a_function_that_names_no_release_is_asked_nothing() -> None:
    judge(Lambda({}, release=False))


def test_a_version_is_tried_on_some_requests_and_the_alias_is_given_back() -> None:
    client = on_trial(new=(ENOUGH, 0), live=(30, 0))
    assert client.routes == [{"2": 0.2}, {}]
    assert client.matched == [("2", "1")]


def test_a_version_that_fails_requests_is_refused_with_its_figures() -> None:
    with pytest.raises(NotReleased, match="failed 9 of 10 requests, version 1 meanwhile 1 of 30"):
        on_trial(new=(1, 9), live=(29, 1))


def test_few_failures_are_no_verdict() -> None:
    on_trial(new=(1, FAULTS - 1), live=(30, 0))


def test_a_version_that_does_no_worse_than_the_live_one_goes_live() -> None:
    on_trial(new=(2, 8), live=(5, 25))


def test_what_comes_from_queues_is_not_tried_as_it_comes_again() -> None:
    assert on_trial(new=(0, 10), live=(30, 0), mappings=["a queue"]).routes == []


def test_an_answer_that_says_to_ask_again_is_no_fault() -> None:
    outcomes = Outcomes()
    for status in (200, 402, 409, 503):
        answer(outcomes, "1", status, 1)
    assert outcomes.of(FUNCTION, "1") == Tally(4, 0)
    answer(outcomes, "1", 500, 1)
    outcomes.count(FUNCTION, "1", b"{}", is_error=True)
    assert outcomes.of(FUNCTION, "1") == Tally(6, 2)
