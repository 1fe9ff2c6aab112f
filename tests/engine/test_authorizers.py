"""What the gateway lets through, whom it tells functions of, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.engine.engines import Engine
from tests.engine.identities import Pool, deployed_pool
from tests.engine.stacks import (
    FAULTS,
    ROLE,
    RunningEngine,
    Stacks,
    answering,
    api,
    function,
    mock,
    proxy,
    returning,
    stacks_on,
    unique,
    wait_until,
)
from tests.engine.unmended import engine_without

ECHO = """
import json


def handler(event, context):
    seen = {"authorizer": event["requestContext"].get("authorizer"), "method": event["httpMethod"]}
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(seen)}
"""
CRASH = "import os\n\n\ndef handler(event, context):\n    os._exit(1)\n"
SLEEP = "import time\n\n\ndef handler(event, context):\n    time.sleep(3)\n"
IMAGE = returning(
    {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "iVBO", "isBase64Encoded": True}
)
# Answers as its token says; counts how often it was asked.
GATE = """
asked = 0


def handler(event, context):
    global asked
    asked += 1
    token = event.get("authorizationToken") or (event.get("headers") or {}).get("Authorization", "")
    if token == "nobody":
        raise Exception("Unauthorized")
    if token == "broken":
        raise ValueError("broken")
    effect = "Deny" if token == "banned" else "Allow"
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    return {
        "principalId": token or "anonymous",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"asked": asked, "known": bool(token), "type": event["type"]},
    }
"""

PROBLEM = '{"title": "$context.error.responseType", "detail": $context.error.messageString, "id": "$context.requestId"}'


def problem(status: int, **headers: str) -> dict[str, Any]:
    """A gateway response that answers with a problem."""
    wanted = {"Content-Type": "application/problem+json", "Access-Control-Allow-Origin": "*", **headers}
    return {
        "StatusCode": str(status),
        "ResponseTemplates": {"application/json": PROBLEM},
        "ResponseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in wanted.items()
        },
    }


PROBLEMS = {
    "UNAUTHORIZED": problem(401, **{"WWW-Authenticate": "Bearer"}),
    "ACCESS_DENIED": problem(403),
    "MISSING_AUTHENTICATION_TOKEN": problem(404),
    "DEFAULT_4XX": problem(400),
    "DEFAULT_5XX": problem(503, **{"Retry-After": "1"}),
    "INTEGRATION_TIMEOUT": problem(503, **{"Retry-After": "2"}),
}


def protected(definition: dict[str, Any], code: str = ECHO, **method: Any) -> dict[str, Any]:
    """An API with `GET /` behind the authorizer, and `Gate` for one that is a function."""
    resources = {
        "Role": ROLE,
        "Gate": function(unique("gate"), GATE),
        "Echo": function(unique("echo"), code),
    }
    operation = answering(proxy({"Fn::GetAtt": ["Echo", "Arn"]}), security=[{"Door": []}], **method)
    document = {
        "securityDefinitions": {
            "Door": {"type": "apiKey", "name": "Authorization", "in": "header", **definition}
        }
    }
    return {
        "Resources": {**resources, **api({"/": {"get": operation}}, "1", PROBLEMS, **document)},
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }


def cognito(pool: Pool) -> dict[str, Any]:
    return {
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [pool.arn]},
    }


def gate(**settings: Any) -> dict[str, Any]:
    uri = proxy({"Fn::GetAtt": ["Gate", "Arn"]})["uri"]
    return {
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"authorizerUri": uri, **settings},
    }


class Door:
    """An API with one protected method."""

    def __init__(self, stacks: Stacks, definition: dict[str, Any]) -> None:
        self._stacks = stacks
        self._api = stacks.deploy(unique("door"), protected(definition))["Api"]

    def knock(self, authorization: str | None = None) -> httpx.Response:
        headers = {} if authorization is None else {"Authorization": authorization}
        return self._stacks.call("GET", self._api, "/", headers=headers)

    def seen(self, authorization: str | None = None) -> dict[str, Any]:
        """What the function saw of the caller."""
        reply = self.knock(authorization)
        assert reply.status_code == 200, reply.text
        return dict(reply.json()["authorizer"])


@pytest.fixture
def stacks(engine: Engine) -> Iterator[Stacks]:
    with stacks_on(engine) as fresh:
        yield fresh


def only_a_token_of_the_pool_opens_the_door(stacks: Stacks) -> None:
    pool = deployed_pool(stacks)
    door = Door(stacks, cognito(pool))
    assert door.knock().status_code == 401
    claims = door.seen(f"Bearer {pool.token(roles=['host', 'admin'])}")["claims"]
    assert claims["cognito:username"] == "mina"
    assert claims["cognito:groups"] == "host,admin"
    assert claims["email_verified"] == "true"
    assert claims["aud"] == pool.client_id
    assert all(isinstance(value, str) for value in claims.values())


def test_a_token_without_the_word_bearer_is_a_token_too(stacks: Stacks) -> None:
    pool = deployed_pool(stacks)
    assert Door(stacks, cognito(pool)).seen(pool.token())["claims"]["cognito:username"] == "mina"


def test_a_rotated_key_closes_no_door(stacks: Stacks) -> None:
    pool = deployed_pool(stacks)
    door, old = Door(stacks, cognito(pool)), pool.token()
    pool.rotate()
    assert door.knock(f"Bearer {old}").status_code == 200
    assert door.knock(f"Bearer {pool.token()}").status_code == 200


def forged(token: str, **changes: Any) -> dict[str, str]:
    """Tokens that look like this one, signed by somebody else or by nobody."""
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    kid = jwt.get_unverified_header(token)["kid"]
    stranger = rsa.generate_private_key(65537, 2048)
    signed, payload, signature = token.split(".")
    return {
        "another key": jwt.encode(claims, stranger, "RS256", {"kid": kid}),
        "an unknown key id": jwt.encode(claims, stranger, "RS256", {"kid": "unknown"}),
        "no key id": jwt.encode(claims, stranger, "RS256"),
        "no signature": jwt.encode(claims, "", "none", {"kid": kid}),
        "a shared secret": jwt.encode(claims, "x" * 32, "HS256", {"kid": kid}),
        "a changed payload": f"{signed}.{payload[:-4]}AAAA.{signature}",
        "not a token": "not-a-token",
    }


def test_forged_tokens_open_nothing(stacks: Stacks) -> None:
    pool = deployed_pool(stacks)
    door = Door(stacks, cognito(pool))
    for kind, token in forged(pool.token()).items():
        assert door.knock(f"Bearer {token}").status_code == 401, kind


def test_a_token_of_another_pool_opens_nothing(stacks: Stacks) -> None:
    door = Door(stacks, cognito(deployed_pool(stacks)))
    assert door.knock(f"Bearer {deployed_pool(stacks).token()}").status_code == 401


def test_an_expired_token_opens_nothing(stacks: Stacks) -> None:
    pool = deployed_pool(stacks)
    door, token = Door(stacks, cognito(pool)), pool.token(expiresIn=1)
    expired = wait_until(
        lambda: [reply for reply in [door.knock(f"Bearer {token}")] if reply.is_error], "expiry"
    )
    assert expired[0].json()["detail"] == "The incoming token has expired"


def a_refusal_is_answered_as_the_api_declares(stacks: Stacks) -> None:
    door = Door(stacks, gate(type="token", authorizerResultTtlInSeconds=0))
    reply = door.knock("banned")
    assert reply.status_code == 403
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.json()["title"] == "ACCESS_DENIED"
    assert reply.json()["detail"] == "User is not authorized to access this resource with an explicit deny"
    assert reply.json()["id"] == reply.headers["x-amzn-RequestId"]


def test_without_a_token_the_answer_asks_for_one(stacks: Stacks) -> None:
    reply = Door(stacks, cognito(deployed_pool(stacks))).knock()
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.json()["title"] == "UNAUTHORIZED"


def test_a_token_authorizer_says_who_calls(stacks: Stacks) -> None:
    door = Door(stacks, gate(type="token", authorizerResultTtlInSeconds=0))
    assert door.knock().status_code == 401
    assert door.seen("mina") == {"principalId": "mina", "asked": "1", "known": "true", "type": "TOKEN"}
    assert door.knock("nobody").status_code == 401
    assert door.knock("broken").status_code == 503


def test_a_request_authorizer_without_identity_source_lets_strangers_in(stacks: Stacks) -> None:
    door = Door(stacks, gate(type="request", authorizerResultTtlInSeconds=0))
    assert door.seen() == {"principalId": "anonymous", "asked": "1", "known": "false", "type": "REQUEST"}
    assert door.seen("mina")["known"] == "true"
    assert door.knock("nobody").status_code == 401


def test_an_authorizer_is_asked_once_for_as_long_as_its_answer_holds(stacks: Stacks) -> None:
    source = "method.request.header.Authorization"
    door = Door(stacks, gate(type="request", identitySource=source, authorizerResultTtlInSeconds=60))
    assert door.knock().status_code == 401
    assert [door.seen("mina")["asked"], door.seen("mina")["asked"], door.seen("jun")["asked"]] == [
        "1",
        "1",
        "2",
    ]


def deployed(stacks: Stacks, code: str, **document: Any) -> Callable[..., httpx.Response]:
    """An API whose `/` is answered by a function of `code`; returns what calls it."""
    integration = {**proxy({"Fn::GetAtt": ["Function", "Arn"]}), "timeoutInMillis": 1000}
    paths = {
        "/": {
            "get": answering(integration),
            "options": answering(mock(204)),
            "x-amazon-apigateway-any-method": answering(integration),
        }
    }
    template = {
        "Resources": {
            "Role": ROLE,
            "Function": function(unique("function"), code),
            **api(paths, "1", PROBLEMS, **document),
        },
        "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
    }
    identifier = stacks.deploy(unique("api"), template)["Api"]
    return lambda method, path="/", **options: stacks.call(method, identifier, path, **options)


def a_slow_function_is_answered_for_in_time(stacks: Stacks) -> None:
    reply = deployed(stacks, SLEEP)("GET")
    assert (reply.status_code, reply.headers.get("Retry-After")) == (503, "2")
    assert reply.elapsed.total_seconds() < 2.5


def an_image_arrives_as_bytes(stacks: Stacks) -> None:
    call = deployed(stacks, IMAGE, **{"x-amazon-apigateway-binary-media-types": ["*/*"]})
    assert call("GET").content == b"\x89PN"


def a_form_that_nobody_can_read_is_the_functions_to_judge(stacks: Stacks) -> None:
    call = deployed(stacks, ECHO)
    reply = call("POST", headers={"Content-Type": "multipart/form-data"})
    assert (reply.status_code, reply.text[:1]) == (200, "{")
    assert reply.json()["method"] == "POST"


def test_a_crashed_function_is_a_problem_that_may_be_tried_again(stacks: Stacks) -> None:
    reply = deployed(stacks, CRASH)("GET")
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "1")
    assert reply.json()["title"] == "DEFAULT_5XX"


def test_every_method_of_a_path_finds_its_way(stacks: Stacks) -> None:
    call = deployed(stacks, ECHO)
    assert {method: call(method).json()["method"] for method in ("GET", "PUT", "DELETE")} == {
        "GET": "GET",
        "PUT": "PUT",
        "DELETE": "DELETE",
    }
    assert call("OPTIONS").status_code == 204
    assert call("HEAD").status_code == 200


def test_an_unknown_path_is_a_problem(stacks: Stacks) -> None:
    reply = deployed(stacks, ECHO)("GET", "/nowhere", headers={"Accept": "text/html, */*"})
    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert json.loads(reply.text)["title"] == "MISSING_AUTHENTICATION_TOKEN"


SCENARIOS: dict[str, Callable[[Stacks], None]] = {
    "authorizers": only_a_token_of_the_pool_opens_the_door,
    "gateway-responses": a_refusal_is_answered_as_the_api_declares,
    "integration-timeout": a_slow_function_is_answered_for_in_time,
    "binary-bodies": an_image_arrives_as_bytes,
    "form-bodies": a_form_that_nobody_can_read_is_the_functions_to_judge,
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEngine]:
    """An engine without the mends that are shown here."""
    with engine_without(SCENARIOS, tmp_path_factory.mktemp("plain")) as one:
        yield one


@pytest.mark.parametrize("mend", SCENARIOS)
def test_holds_with_the_mend(stacks: Stacks, mend: str) -> None:
    SCENARIOS[mend](stacks)


@pytest.mark.parametrize("mend", SCENARIOS)
def test_fails_without_the_mend(plain: RunningEngine, mend: str) -> None:
    with stacks_on(plain) as unmended, pytest.raises(FAULTS):
        SCENARIOS[mend](unmended)
