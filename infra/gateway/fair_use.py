"""How much of the API anybody may use: rates of the stage and of costly routes at the gateway, of one address in WAF.

They hold on every stage that is kept, and those of the gateway on the local engine too with the parameter `Throttling`
set to `always`.
"""

import json
from typing import Any

from infra.gateway.gateway_responses import REFUSALS
from infra.packaging.safeguards import KEPT

Document = dict[str, Any]

THROTTLED = "Throttled"  # the condition under which the gateway throttles
PARAMETER: Document = {
    "Type": "String",
    "Default": "kept",
    "AllowedValues": ["kept", "always"],
    "Description": "Where requests are throttled: on stages that are kept, or on the local one too",
}
CONDITION: Document = {"Fn::Or": [{"Condition": KEPT}, {"Fn::Equals": [{"Ref": "Throttling"}, "always"]}]}
# Requests a second and the burst above it, of all clients together.
_STAGE = (500, 1000)
_ROUTES = {
    ("/reservations", "POST"): (50, 100),
    ("/rooms/{room_id}/photos", "POST"): (10, 20),
    ("/me/data", "GET"): (5, 10),
    ("/me/data", "DELETE"): (5, 10),
}
_REQUESTS_A_MINUTE = 1200  # of one address; the page asks for two a second
_AGAIN_AFTER = "60"


def method_settings() -> Document:
    """What the stage says of its methods."""
    limits = [_limit("*", "*", *_STAGE), *(_limit(*route, *rates) for route, rates in _ROUTES.items())]
    return {"Fn::If": [THROTTLED, limits, {"Ref": "AWS::NoValue"}]}


def _limit(path: str, verb: str, rate: int, burst: int) -> Document:
    return {
        "ResourcePath": f"/{path.replace('/', '~1')}",  # as CloudFormation wants it
        "HttpMethod": verb,
        "ThrottlingRateLimit": rate,
        "ThrottlingBurstLimit": burst,
    }


def firewall(stage: str) -> Document:
    """The rule that one address is under, with the problem that it gets, and what ties it to the stage."""
    arn = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}::/restapis/${{Api}}/stages/{stage}"
    return {
        "Firewall": {
            "Type": "AWS::WAFv2::WebACL",
            "Condition": KEPT,
            "Properties": {
                "Name": "staybook",
                "Scope": "REGIONAL",
                "DefaultAction": {"Allow": {}},
                "CustomResponseBodies": {
                    "tooMany": {"ContentType": "APPLICATION_JSON", "Content": _problem()},
                },
                "Rules": [_one_address()],
                "VisibilityConfig": _visible("staybook"),
            },
        },
        "FirewallOfStage": {
            "Type": "AWS::WAFv2::WebACLAssociation",
            "Condition": KEPT,
            "DependsOn": ["LiveStage"],
            "Properties": {
                "ResourceArn": {"Fn::Sub": arn},
                "WebACLArn": {"Fn::GetAtt": ["Firewall", "Arn"]},
            },
        },
    }


def _one_address() -> Document:
    refusal = {
        "ResponseCode": 429,
        "CustomResponseBodyKey": "tooMany",
        "ResponseHeaders": [{"Name": "Retry-After", "Value": _AGAIN_AFTER}],
    }
    return {
        "Name": "one-address",
        "Priority": 1,
        "Statement": {
            "RateBasedStatement": {
                "AggregateKeyType": "IP",
                "EvaluationWindowSec": 60,
                "Limit": _REQUESTS_A_MINUTE,
            }
        },
        "Action": {"Block": {"CustomResponse": refusal}},
        "VisibilityConfig": _visible("one-address"),
    }


def _problem() -> str:
    """The gateway's own, but for what WAF does not know: the path, and an id."""
    throttled = next(refusal for refusal in REFUSALS if refusal.response_type == "THROTTLED")
    return json.dumps(
        {
            "type": f"/problems/{throttled.problem}",
            "title": throttled.title,
            "status": throttled.status,
            "detail": throttled.title,
        }
    )


def _visible(name: str) -> Document:
    return {"MetricName": name, "CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False}
