"""What the gateway itself answers when no function is asked: problem details, as everywhere else."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """One kind of answer of API Gateway's own, and the problem that it becomes."""

    response_type: str
    status: int
    problem: str
    title: str
    headers: tuple[tuple[str, str], ...] = ()


ASK_AGAIN = (("Retry-After", "1"),)
SIGN_IN = (("WWW-Authenticate", "Bearer"),)
_UNAVAILABLE = (503, "unavailable", "A part of the service does not answer just now", ASK_AGAIN)
_BAD_REQUEST = (400, "malformed-request", "The request cannot be read", ())
_UNAUTHENTICATED = (401, "unauthenticated", "Sign in first", SIGN_IN)
_FORBIDDEN = (403, "forbidden", "This is not yours to see or change", ())
_NOT_FOUND = (404, "not-found", "There is no such thing here", ())
_TOO_LARGE = (413, "too-large", "The request is too large", ())
_UNSUPPORTED = (415, "unsupported-media-type", "Send JSON", ())
_TOO_MANY = (429, "too-many-requests", "Too many at once", ASK_AGAIN)

# A missing route is what API Gateway calls a missing authentication token.
_ANSWERS = {
    "ACCESS_DENIED": _FORBIDDEN,
    "API_CONFIGURATION_ERROR": _UNAVAILABLE,
    "AUTHORIZER_CONFIGURATION_ERROR": _UNAVAILABLE,
    "AUTHORIZER_FAILURE": _UNAVAILABLE,
    "BAD_REQUEST_BODY": _BAD_REQUEST,
    "BAD_REQUEST_PARAMETERS": _BAD_REQUEST,
    "DEFAULT_4XX": _BAD_REQUEST,
    "DEFAULT_5XX": _UNAVAILABLE,
    "EXPIRED_TOKEN": _UNAUTHENTICATED,
    "INTEGRATION_FAILURE": _UNAVAILABLE,
    "INTEGRATION_TIMEOUT": _UNAVAILABLE,
    "INVALID_API_KEY": _FORBIDDEN,
    "INVALID_SIGNATURE": _UNAUTHENTICATED,
    "MISSING_AUTHENTICATION_TOKEN": _NOT_FOUND,
    "QUOTA_EXCEEDED": _TOO_MANY,
    "REQUEST_TOO_LARGE": _TOO_LARGE,
    "RESOURCE_NOT_FOUND": _NOT_FOUND,
    "THROTTLED": _TOO_MANY,
    "UNAUTHORIZED": _UNAUTHENTICATED,
    "UNSUPPORTED_MEDIA_TYPE": _UNSUPPORTED,
    "WAF_FILTERED": _FORBIDDEN,
}
REFUSALS = [
    Refusal(response_type, status, problem, title, headers)
    for response_type, (status, problem, title, headers) in _ANSWERS.items()
]


def gateway_responses(api: dict[str, Any]) -> dict[str, Any]:
    """The CloudFormation resources of all refusals, by logical id. `api` refers to the RestApi."""
    return {_logical_id(refusal): _resource(refusal, api) for refusal in REFUSALS}


def _logical_id(refusal: Refusal) -> str:
    return "Answer" + "".join(word.title() for word in refusal.response_type.split("_"))


def _resource(refusal: Refusal, api: dict[str, Any]) -> dict[str, Any]:
    document = {
        "type": f"/problems/{refusal.problem}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.title,
        "instance": "$context.path",
        "correlationId": "$context.requestId",
    }
    said = {
        "Content-Type": "application/problem+json",
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **dict(refusal.headers),
    }
    headers = {name: f"'{value}'" for name, value in said.items()}
    headers["X-Correlation-Id"] = "context.requestId"
    return {
        "Type": "AWS::ApiGateway::GatewayResponse",
        "Properties": {
            "RestApiId": api,
            "ResponseType": refusal.response_type,
            "StatusCode": str(refusal.status),
            "ResponseParameters": {
                f"gatewayresponse.header.{name}": value for name, value in headers.items()
            },
            "ResponseTemplates": {"application/json": json.dumps(document)},
        },
    }
