"""Policies of Lambda authorizers, and the words of gateway responses."""

from __future__ import annotations

from typing import Any

import pytest
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    AccessDeniedError,
    AuthorizerConfigurationError,
    AuthorizerFailureError,
    UnauthorizedError,
)

from staybook_engine.gateway_responses import chosen_template, rendered
from staybook_engine.lambda_authorizer import Answer, AnswerCache, demand_allowed, parse_answer

ARN = "arn:aws:execute-api:ap-northeast-2:000000000000:api/v1/GET/rooms/1"


def policy(*statements: tuple[str, Any, Any]) -> dict[str, Any]:
    return {
        "Statement": [
            {"Effect": effect, "Action": action, "Resource": resource}
            for effect, action, resource in statements
        ]
    }


@pytest.mark.parametrize(
    "allowing",
    [
        policy(("Allow", "execute-api:Invoke", ARN)),
        policy(("Allow", "execute-api:*", "*")),
        policy(("Allow", ["s3:GetObject", "execute-api:invoke"], ["x", "arn:aws:execute-api:*/GET/*"])),
        policy(("Allow", "*", ARN.replace("rooms/1", "rooms/?")), ("Deny", "execute-api:Invoke", "*/POST/*")),
    ],
)
def test_a_policy_that_covers_the_method_allows_it(allowing: dict[str, Any]) -> None:
    demand_allowed(allowing, ARN)


@pytest.mark.parametrize(
    "refusing",
    [
        {},
        policy(("Allow", "execute-api:Invoke", ARN.replace("GET", "PUT"))),
        policy(("Allow", "s3:*", "*")),
        policy(("Allow", "*", "*"), ("Deny", "execute-api:Invoke", "*")),
        policy(("Allow", "*", ARN.replace(".", "x") + "2")),
    ],
)
def test_any_other_policy_denies_it(refusing: dict[str, Any]) -> None:
    with pytest.raises(AccessDeniedError):
        demand_allowed(refusing, ARN)


def test_an_answer_carries_the_context_as_strings() -> None:
    reply = {
        "principalId": "mina",
        "policyDocument": {},
        "context": {"age": 7, "known": True, "name": "m", "none": None},
    }
    assert parse_answer(reply) == Answer(
        {}, {"age": "7", "known": "true", "name": "m", "principalId": "mina"}
    )


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ({"errorMessage": "Unauthorized"}, UnauthorizedError),
        ({"errorMessage": "no such key"}, AuthorizerFailureError),
        ({"policyDocument": {}}, AuthorizerConfigurationError),
        ({"principalId": "mina"}, AuthorizerConfigurationError),
        ({"principalId": "mina", "policyDocument": {}, "context": {"a": []}}, AuthorizerConfigurationError),
        ("allowed", AuthorizerConfigurationError),
        (None, AuthorizerConfigurationError),
    ],
)
def test_an_answer_that_is_none_is_refused(reply: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_answer(reply)


def test_an_answer_is_remembered_for_its_time() -> None:
    now = [0.0]
    cache, answer = AnswerCache(lambda: now[0]), Answer({}, {})
    cache.put(("key",), answer, 10)
    now[0] = 9.9
    assert cache.get(("key",)) is answer
    now[0] = 10
    assert cache.get(("key",)) is None


def test_variables_are_filled_in() -> None:
    variables: dict[str, Any] = {
        "context": {
            "requestId": "r-1",
            "error": {"message": 'a "b"', "messageString": 'a "b"'},
            "authorizer": {"claims": {"cognito:username": "mina"}},
        },
        "stageVariables": {"color": "red"},
    }
    template = (
        '{"detail": $context.error.messageString, "id": "$context.requestId.", "who": '
        '"$context.authorizer.claims.cognito:username", "color": "$stageVariables.color", "no": "$context.no.thing"}'
    )
    assert rendered(template, variables) == (
        '{"detail": "a \\"b\\"", "id": "r-1.", "who": "mina", "color": "red", "no": ""}'
    )


def test_the_template_is_the_one_that_the_client_accepts() -> None:
    templates = {"application/xml": "<x/>", "application/json": "{}"}
    assert chosen_template(templates, "text/html, application/xml;q=0.9") == ("application/xml", "<x/>")
    assert chosen_template(templates, "*/*") == ("application/json", "{}")
    assert chosen_template({"text/plain": "x"}, "") == ("text/plain", "x")
