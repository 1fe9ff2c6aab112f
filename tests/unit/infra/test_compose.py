"""The one gateway, composed of what Chalice generates."""

from typing import Any

import pytest

from infra.gateway.compose import ANY_METHOD, INTEGRATION, PathClash, compose_gateway

PROXY = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": "of the service's own API"}}
PREFLIGHT = {INTEGRATION: {"type": "mock"}}
SIGNED_IN = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "cognito_user_pools",
    "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["USER_POOL_ARN"]},
}
IDENTIFIED = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": {
        "type": "token",
        "authorizerUri": "IDENTIFY_FUNCTION_ARN",
        "authorizerResultTtlInSeconds": 300,
    },
}


def method(*, security: str | None = None) -> dict[str, Any]:
    guard: dict[str, Any] = {"security": [{security: []}]} if security else {}
    return {"responses": {"200": {}}, INTEGRATION: dict(PROXY), **guard}


def swagger(paths: dict[str, Any], **definitions: Any) -> dict[str, Any]:
    return {"paths": paths, "securityDefinitions": definitions}


def rooms() -> dict[str, Any]:
    paths = {"/rooms": {"get": method(), "post": method(security="SignedIn"), "options": PREFLIGHT}}
    return swagger(paths, SignedIn=SIGNED_IN)


def body_of(gateway: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = gateway["Resources"]["Api"]["Properties"]["Body"]
    return body


def deployment_of(gateway: dict[str, Any]) -> str:
    name: str
    [name] = [name for name in gateway["Resources"] if name.startswith("Deployment")]
    return name


def test_a_path_is_answered_by_the_alias_of_its_services_function() -> None:
    path = body_of(compose_gateway({"room": rooms()}))["paths"]["/rooms"]
    for name in ("get", "post", "head", ANY_METHOD):
        assert ":function:staybook-room-api:live/invocations" in path[name][INTEGRATION]["uri"]["Fn::Sub"]


def test_the_preflight_stays_the_gateways_own() -> None:
    assert body_of(compose_gateway({"room": rooms()}))["paths"]["/rooms"]["options"] == PREFLIGHT


def test_head_is_guarded_as_get_is() -> None:
    paths = {"/messages": {"get": method(security="SignedIn")}}
    path = body_of(compose_gateway({"message": swagger(paths, SignedIn=SIGNED_IN)}))["paths"]["/messages"]
    assert path["head"]["security"] == path["get"]["security"] == [{"SignedIn": []}]


def test_an_undeclared_method_reaches_the_function_without_a_token() -> None:
    paths = {"/messages": {"get": method(security="SignedIn")}}
    path = body_of(compose_gateway({"message": swagger(paths, SignedIn=SIGNED_IN)}))["paths"]["/messages"]
    assert "security" not in path[ANY_METHOD]


def test_a_path_without_get_has_no_head() -> None:
    paths = {"/check": {"post": method()}}
    assert "head" not in body_of(compose_gateway({"room": swagger(paths)}))["paths"]["/check"]


def test_the_user_pool_comes_from_the_platform() -> None:
    gateway = compose_gateway({"room": rooms()})
    authorizer = body_of(gateway)["securityDefinitions"]["SignedIn"]["x-amazon-apigateway-authorizer"]
    assert authorizer["providerARNs"] == [{"Ref": "UserPoolArn"}]
    assert gateway["Parameters"]["UserPoolArn"]["Default"] == "/staybook/platform/user-pool-arn"


def test_optional_sign_in_is_a_request_authorizer_that_is_asked_every_time() -> None:
    view = swagger({"/roomviews": {"get": method(security="Identified")}}, Identified=IDENTIFIED)
    gateway = compose_gateway({"viewpage": view})
    authorizer = body_of(gateway)["securityDefinitions"]["Identified"]["x-amazon-apigateway-authorizer"]
    assert authorizer["type"] == "request"
    assert authorizer["authorizerResultTtlInSeconds"] == 0
    assert ":function:staybook-viewpage-identify:live/" in authorizer["authorizerUri"]["Fn::Sub"]
    assert "identitySource" not in authorizer


def test_the_gateway_may_call_what_it_names_and_nothing_else() -> None:
    view = swagger({"/roomviews": {"get": method(security="Identified")}}, Identified=IDENTIFIED)
    resources = compose_gateway({"room": rooms(), "viewpage": view})["Resources"].values()
    permissions = [each["Properties"] for each in resources if each["Type"] == "AWS::Lambda::Permission"]
    functions = {each["FunctionName"]["Fn::Sub"].split(":function:")[1] for each in permissions}
    assert functions == {
        "staybook-room-api:live",
        "staybook-viewpage-api:live",
        "staybook-viewpage-identify:live",
    }


def test_two_services_cannot_claim_one_path() -> None:
    with pytest.raises(PathClash, match="payment and room both claim the path /rooms"):
        compose_gateway({"room": rooms(), "payment": rooms()})


def test_the_same_routes_are_the_same_deployment() -> None:
    assert deployment_of(compose_gateway({"room": rooms()})) == deployment_of(
        compose_gateway({"room": rooms()})
    )


def test_another_route_is_another_deployment() -> None:
    more = rooms()
    more["paths"]["/reviews"] = {"get": method()}
    assert deployment_of(compose_gateway({"room": more})) != deployment_of(compose_gateway({"room": rooms()}))


def test_a_deployment_waits_for_the_gateways_answers() -> None:
    gateway = compose_gateway({"room": rooms()})
    answers = [
        name
        for name, each in gateway["Resources"].items()
        if each["Type"] == "AWS::ApiGateway::GatewayResponse"
    ]
    assert gateway["Resources"][deployment_of(gateway)]["DependsOn"] == sorted(answers)


def test_composing_leaves_its_inputs_alone() -> None:
    given = rooms()
    compose_gateway({"room": given})
    assert given == rooms()
