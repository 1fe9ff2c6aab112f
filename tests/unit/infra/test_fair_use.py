"""How much of the API anybody may use, as the gateway's template says it."""

import json
from typing import Any

from infra.gateway.compose import STAGE
from infra.gateway.fair_use import firewall, method_settings
from infra.gateway.gateway_responses import gateway_responses
from infra.layout import ROOT


def limits() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = method_settings()["Fn::If"][1]
    return found


def test_the_stage_is_bounded_and_some_routes_further() -> None:
    stage, *routes = limits()
    assert (stage["ResourcePath"], stage["HttpMethod"]) == ("/*", "*")
    assert routes
    assert all(each["ThrottlingRateLimit"] < stage["ThrottlingRateLimit"] for each in routes)


def test_the_routes_are_routes_of_the_api() -> None:
    known = [path.read_text() for path in (ROOT / "functions").glob("*/app.py")]
    for route in limits()[1:]:
        path = route["ResourcePath"].removeprefix("/").replace("~1", "/")
        declared = f'@app.route("{path}", methods=["{route["HttpMethod"]}"]'
        assert any(declared in app for app in known), route


def test_the_local_stage_is_bounded_only_when_it_is_asked_for() -> None:
    assert method_settings()["Fn::If"][0] == "Throttled"
    assert method_settings()["Fn::If"][2] == {"Ref": "AWS::NoValue"}


def test_an_address_that_asks_too_often_gets_the_gateway_s_own_problem() -> None:
    web_acl = firewall(STAGE)["Firewall"]["Properties"]
    (rule,) = web_acl["Rules"]
    refusal = rule["Action"]["Block"]["CustomResponse"]
    assert refusal["ResponseCode"] == 429
    assert [header["Name"] for header in refusal["ResponseHeaders"]] == ["Retry-After"]
    body = json.loads(web_acl["CustomResponseBodies"]["tooMany"]["Content"])
    throttled = gateway_responses({"Ref": "Api"})["AnswerThrottled"]["Properties"]
    own = json.loads(throttled["ResponseTemplates"]["application/json"])
    assert body.items() <= own.items()
    assert "gatewayresponse.header.Retry-After" in throttled["ResponseParameters"]
