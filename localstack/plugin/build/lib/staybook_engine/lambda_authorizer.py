"""Lambda authorizers (TOKEN and REQUEST): call the function, evaluate its policy, remember the answer."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    AccessDeniedError,
    AuthorizerConfigurationError,
    AuthorizerFailureError,
    UnauthorizedError,
)

DEFAULT_SECONDS = 300


@dataclass(frozen=True)
class Answer:
    """What an authorizer function returned: its IAM policy and what it adds to the request context."""

    policy: dict[str, Any]
    context: dict[str, str]


class AnswerCache:
    """Answers by (API, deployment, authorizer, identity), each until its time has passed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._answers: dict[tuple[Any, ...], tuple[float, Answer]] = {}

    def get(self, key: tuple[Any, ...]) -> Answer | None:
        with self._lock:
            expires, answer = self._answers.get(key, (0.0, None))
            return answer if expires > self._clock() else None

    def put(self, key: tuple[Any, ...], answer: Answer, seconds: int) -> None:
        with self._lock:
            now = self._clock()
            self._answers = {known: kept for known, kept in self._answers.items() if kept[0] > now}
            self._answers[key] = (now + seconds, answer)


CACHE = AnswerCache()


def authorize(context: Any, authorizer: dict[str, Any]) -> dict[str, Any]:
    """What goes into `requestContext.authorizer`. Raises UNAUTHORIZED, ACCESS_DENIED or the two authorizer errors."""
    seconds = cache_seconds(authorizer)
    sources = [one.strip() for one in (authorizer.get("identitySource") or "").split(",") if one.strip()]
    if not sources and seconds:
        raise AuthorizerConfigurationError
    identity = tuple(source_value(context, source) for source in sources)
    if not all(identity) or not _fits_expression(authorizer, identity):
        raise UnauthorizedError("Unauthorized")
    key = (context.api_id, context.stage, context.deployment_id, authorizer["id"], identity)
    answer = CACHE.get(key) if seconds else None
    if answer is None:
        answer = ask(context, authorizer, identity)
        if seconds:
            CACHE.put(key, answer, seconds)
    demand_allowed(answer.policy, method_arn(context))
    return dict(answer.context)


def cache_seconds(authorizer: dict[str, Any]) -> int:
    declared = authorizer.get("authorizerResultTtlInSeconds")
    return DEFAULT_SECONDS if declared is None else int(declared)


def source_value(context: Any, source: str) -> str | None:
    """The request's value of an identity source such as `method.request.header.Authorization`."""
    request = context.invocation_request
    place, _, name = source.rpartition(".")
    match place:
        case "method.request.header":
            return request["headers"].get(name)
        case "method.request.querystring":
            return (request["query_string_parameters"] or {}).get(name)
        case "stageVariables":
            return (context.stage_variables or {}).get(name)
        case "context" | "context.identity":
            variables = context.context_variables
            return (variables["identity"] if place.endswith("identity") else variables).get(name)
    raise AuthorizerConfigurationError


def _fits_expression(authorizer: dict[str, Any], identity: tuple[str | None, ...]) -> bool:
    expression = authorizer.get("identityValidationExpression")
    return (
        not expression or authorizer["type"] != "TOKEN" or bool(re.fullmatch(expression, identity[0] or ""))
    )


def method_arn(context: Any) -> str:
    request = context.invocation_request
    path = request["path"].lstrip("/")
    api = f"arn:aws:execute-api:{context.region}:{context.account_id}:{context.api_id}"
    return f"{api}/{context.stage}/{request['http_method']}/{path}"


def event_for(context: Any, authorizer: dict[str, Any], identity: tuple[str | None, ...]) -> dict[str, Any]:
    """The event of AWS's documentation for this type of authorizer."""
    from localstack.services.apigateway.next_gen.execute_api.header_utils import build_multi_value_headers

    event: dict[str, Any] = {"type": authorizer["type"], "methodArn": method_arn(context)}
    if authorizer["type"] == "TOKEN":
        return {**event, "authorizationToken": identity[0]}
    request = context.invocation_request
    return {
        **event,
        "resource": context.resource["path"],
        "path": request["path"],
        "httpMethod": request["http_method"],
        "headers": dict(request["headers"]),
        "multiValueHeaders": dict(build_multi_value_headers(request["headers"])),
        "queryStringParameters": request["query_string_parameters"] or {},
        "multiValueQueryStringParameters": request["multi_value_query_string_parameters"] or {},
        "pathParameters": request["path_parameters"] or {},
        "stageVariables": context.stage_variables or {},
        "requestContext": context.context_variables,
    }


def ask(context: Any, authorizer: dict[str, Any], identity: tuple[str | None, ...]) -> Answer:
    """Invokes the authorizer function. Its error "Unauthorized" is a 401; any other is AUTHORIZER_FAILURE."""
    from botocore.exceptions import BotoCoreError, ClientError
    from localstack.services.apigateway.next_gen.execute_api.helpers import (
        get_lambda_function_arn_from_invocation_uri,
    )
    from localstack.services.apigateway.next_gen.execute_api.integrations.aws import (
        RestApiAwsProxyIntegration,
    )

    source = f"arn:aws:execute-api:{context.region}:{context.account_id}:{context.api_id}"
    try:
        payload = RestApiAwsProxyIntegration.call_lambda(
            function_arn=get_lambda_function_arn_from_invocation_uri(authorizer["authorizerUri"]),
            event=json.dumps(event_for(context, authorizer, identity)).encode(),
            source_arn=f"{source}/authorizers/{authorizer['id']}",
            credentials=authorizer.get("authorizerCredentials"),
        )
        reply = json.loads(payload)
    except (ClientError, BotoCoreError, ValueError) as failure:
        raise AuthorizerFailureError(None) from failure
    return parse_answer(reply)


def parse_answer(reply: Any) -> Answer:
    """Reads {"principalId", "policyDocument", "context"?} or an error; the context holds no objects or lists."""
    if isinstance(reply, dict) and "errorMessage" in reply:
        raise (
            UnauthorizedError("Unauthorized")
            if reply["errorMessage"] == "Unauthorized"
            else AuthorizerFailureError(None)
        )
    if (
        not isinstance(reply, dict)
        or not reply.get("principalId")
        or not isinstance(reply.get("policyDocument"), dict)
    ):
        raise AuthorizerConfigurationError
    context = reply.get("context") or {}
    if not isinstance(context, dict) or any(isinstance(value, dict | list) for value in context.values()):
        raise AuthorizerConfigurationError
    texts = {name: _text(value) for name, value in context.items() if value is not None}
    return Answer(reply["policyDocument"], {**texts, "principalId": str(reply["principalId"])})


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def demand_allowed(policy: dict[str, Any], arn: str) -> None:
    """Raises ACCESS_DENIED unless the policy allows `execute-api:Invoke` on the method and nothing denies it."""
    effects = {
        statement.get("Effect") for statement in _list(policy.get("Statement")) if _covers(statement, arn)
    }
    if "Deny" in effects:
        raise AccessDeniedError("User is not authorized to access this resource with an explicit deny")
    if "Allow" not in effects:
        raise AccessDeniedError("User is not authorized to access this resource")


def _covers(statement: dict[str, Any], arn: str) -> bool:
    actions = [action.lower() for action in _list(statement.get("Action"))]
    acts = any(_matches(action, "execute-api:invoke") for action in actions)
    return acts and any(_matches(resource, arn) for resource in _list(statement.get("Resource")))


def _matches(pattern: str, text: str) -> bool:
    """IAM's wildcards: `*` for any characters, `?` for one."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
