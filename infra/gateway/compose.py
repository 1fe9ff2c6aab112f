"""Compose the one gateway of the five Swagger documents that Chalice generates.

Chalice deploys an API a service; Staybook has one API whose paths are answered by five functions. The pieces
are AWS::ApiGateway resources and not a SAM API: a deployment named after what it deploys makes every change
of a path, an authorizer or a gateway response a new deployment, and no change none.
"""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from infra.gateway import fair_use
from infra.gateway.access_log import ACCESS_LOG_SETTING, access_log
from infra.gateway.gateway_responses import gateway_responses
from infra.packaging.safeguards import KEPT

Document = dict[str, Any]

API_ID = "staybook"  # the engine's fixed id of the API; on AWS an ordinary tag
STAGE = "v1"
ANY_METHOD = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
USER_POOL_PLACEHOLDER = "USER_POOL_ARN"
IDENTIFY_PLACEHOLDER = "IDENTIFY_FUNCTION_ARN"
IDENTIFY_FUNCTION = "staybook-viewpage-identify"


class PathClash(Exception):
    """Two services claim one path; the message names them."""


def compose_gateway(swaggers: Mapping[str, Document]) -> Document:
    """The gateway's template, from each service's Swagger. Raises `PathClash`."""
    definitions = _security_definitions(swaggers.values())
    body = {
        "swagger": "2.0",
        "info": {"title": "staybook", "version": "1.0"},
        "schemes": ["https"],
        "paths": _paths(swaggers),
        "definitions": {"Empty": {"type": "object", "title": "Empty Schema"}},
        "securityDefinitions": definitions,
        "x-amazon-apigateway-binary-media-types": ["*/*"],
    }
    responses = gateway_responses({"Ref": "Api"})
    deployment = f"Deployment{_digest([body, responses])}"
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Staybook: the one API in front of the services",
        "Parameters": {
            "Stage": {"Type": "String", "Default": "local"},
            "Throttling": fair_use.PARAMETER,
            "UserPoolArn": {
                "Type": "AWS::SSM::Parameter::Value<String>",
                "Default": "/staybook/platform/user-pool-arn",
            },
        },
        "Conditions": {
            KEPT: {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "local"]}]},
            fair_use.THROTTLED: fair_use.CONDITION,
        },
        "Resources": {
            "Api": _api(body),
            **responses,
            deployment: _deployment(depends_on=sorted(responses)),
            "LiveStage": _stage(deployment),
            **access_log(),
            **fair_use.firewall(STAGE),
            **_permissions(_invoked(swaggers, definitions.values())),
        },
        "Outputs": {
            "ApiId": {"Value": {"Ref": "Api"}},
            "Url": {
                "Value": {
                    "Fn::Sub": f"https://${{Api}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{STAGE}"
                }
            },
        },
    }


def function_arn(name: str) -> str:
    """The ARN of a function's alias `live`, for Fn::Sub."""
    return f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{name}:live"


def _invocation(function: str) -> Document:
    prefix = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": f"{prefix}/{function_arn(function)}/invocations"}


def _paths(swaggers: Mapping[str, Document]) -> Document:
    paths: Document = {}
    owners: dict[str, str] = {}
    for service, swagger in swaggers.items():
        for path, methods in swagger["paths"].items():
            if path in paths:
                raise PathClash(f"{service} and {owners[path]} both claim the path {path}")
            paths[path], owners[path] = _methods(methods, f"staybook-{service}-api"), service
    return paths


def _methods(declared: Document, function: str) -> Document:
    """A path's methods, behind one function: HEAD wherever GET is, and any other method, which it refuses."""
    methods = copy.deepcopy(declared)
    for method in methods.values():
        integration = method[INTEGRATION]
        if integration["type"] == "aws_proxy":
            integration["uri"] = _invocation(function)
    if "get" in methods:
        methods["head"] = copy.deepcopy(methods["get"])
    example = next(each for each in methods.values() if each[INTEGRATION]["type"] == "aws_proxy")
    methods[ANY_METHOD] = {
        name: copy.deepcopy(part)
        for name, part in example.items()
        if name in ("responses", "parameters", INTEGRATION)
    }
    return methods


def _security_definitions(swaggers: Iterable[Document]) -> Document:
    definitions: Document = {}
    for swagger in swaggers:
        for name, declared in swagger.get("securityDefinitions", {}).items():
            definitions[name] = _authorizer(declared)
    return definitions


def _authorizer(declared: Document) -> Document:
    definition = copy.deepcopy(declared)
    authorizer = definition[AUTHORIZER]
    if authorizer.get("providerARNs") == [USER_POOL_PLACEHOLDER]:
        authorizer["providerARNs"] = [{"Ref": "UserPoolArn"}]
    if IDENTIFY_PLACEHOLDER in str(authorizer.get("authorizerUri")):
        definition[AUTHORIZER] = {
            # Chalice declares a token authorizer, which refuses whoever brings none; a request authorizer
            # without an identity source is asked every time and may let strangers in as strangers.
            "type": "request",
            "authorizerUri": _invocation(IDENTIFY_FUNCTION),
            "authorizerResultTtlInSeconds": 0,
        }
    return definition


def _digest(document: Any) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:10]


def _api(body: Document) -> Document:
    return {
        "Type": "AWS::ApiGateway::RestApi",
        "Properties": {
            "Name": "staybook",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
            "BinaryMediaTypes": body["x-amazon-apigateway-binary-media-types"],
            "Body": body,
            "Tags": [{"Key": "_custom_id_", "Value": API_ID}],
        },
    }


def _deployment(depends_on: list[str]) -> Document:
    return {
        "Type": "AWS::ApiGateway::Deployment",
        "DependsOn": depends_on,
        "Properties": {"RestApiId": {"Ref": "Api"}},
    }


def _stage(deployment: str) -> Document:
    return {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "DeploymentId": {"Ref": deployment},
            "StageName": STAGE,
            "AccessLogSetting": ACCESS_LOG_SETTING,
            "MethodSettings": fair_use.method_settings(),
        },
    }


def _invoked(services: Iterable[str], definitions: Iterable[Document]) -> dict[str, str]:
    """The functions that the gateway calls, by the logical id of its permission to."""
    functions = {f"Invoke{service.title()}": f"staybook-{service}-api" for service in services}
    if any(definition[AUTHORIZER]["type"] == "request" for definition in definitions):
        functions["InvokeIdentify"] = IDENTIFY_FUNCTION
    return functions


def _permissions(functions: Mapping[str, str]) -> Document:
    source = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*"
    return {
        logical_id: {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Fn::Sub": function_arn(function)},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": source},
            },
        }
        for logical_id, function in functions.items()
    }
