"""What the gateway answers itself."""

import json

import pytest

from infra.gateway.gateway_responses import REFUSALS, Refusal, gateway_responses

RESPONSES = [each["Properties"] for each in gateway_responses({"Ref": "Api"}).values()]
BY_TYPE = {each["ResponseType"]: each for each in RESPONSES}


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.response_type)
def test_every_answer_is_a_problem(refusal: Refusal) -> None:
    answer = BY_TYPE[refusal.response_type]
    document = json.loads(answer["ResponseTemplates"]["application/json"])
    assert set(document) == {"type", "title", "status", "detail", "instance", "correlationId"}
    assert document["type"].startswith("/problems/")
    assert str(document["status"]) == answer["StatusCode"]
    headers = answer["ResponseParameters"]
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "'*'"


def test_an_unknown_route_is_not_found() -> None:
    assert BY_TYPE["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"


def test_who_is_not_signed_in_is_told_how() -> None:
    answer = BY_TYPE["UNAUTHORIZED"]
    assert answer["StatusCode"] == "401"
    assert answer["ResponseParameters"]["gatewayresponse.header.WWW-Authenticate"] == "'Bearer'"


@pytest.mark.parametrize("kind", ["INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT", "DEFAULT_5XX", "THROTTLED"])
def test_what_may_pass_says_when_to_ask_again(kind: str) -> None:
    assert BY_TYPE[kind]["ResponseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"
