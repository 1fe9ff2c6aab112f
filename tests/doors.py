"""Knocks at a service's doors as API Gateway does."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.apps import fresh_app, load_app
from tests.promised import PROMISED

__all__ = ["Answer", "answered", "asked", "fresh_app", "knock", "load_app"]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


def knock(service: str, method: str, resource: str, **request: Any) -> Answer:
    """A request as the gateway hands it on, described as in `asked`."""
    answer = answered(load_app(service).app(asked(method, resource, **request), None))
    PROMISED.look(method, resource, answer.status, answer.headers, answer.text)
    return answer


def answered(reply: Mapping[str, Any]) -> Answer:
    """What a function replied, as a client gets it."""
    text = reply["body"]
    if reply.get("isBase64Encoded"):
        text = base64.b64decode(text).decode(errors="replace")
    return Answer(reply["statusCode"], reply["headers"], text)


def asked(
    method: str,
    resource: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    raw: str | None = None,
    user: str | None = None,
    groups: str = "",
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A request as the gateway hands it on; `user` is the subject it has verified."""
    address = resource.format(**(path or {}))
    claims = {"sub": user, "cognito:groups": groups, "cognito:username": user}
    return {
        "resource": resource,
        "path": address,
        "httpMethod": method,
        "headers": {"content-type": "application/json", **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": dict(query) if query else None,
        "multiValueQueryStringParameters": {name: [value] for name, value in (query or {}).items()} or None,
        "pathParameters": dict(path) if path else None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": address,
            "requestId": "request-1",
            "identity": {"sourceIp": "127.0.0.1"},
            **({"authorizer": {"claims": claims}} if user else {}),
        },
        "body": raw if raw is not None else None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
