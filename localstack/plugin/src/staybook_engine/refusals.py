"""What the front door answers by itself: requests that the API cannot be asked, each told why by a problem document."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

LARGEST_BODY = 10 << 20  # bytes: API Gateway's own limit, which LocalStack doesn't keep
LARGEST_HEAD = 10_240  # bytes of the request line and all headers: API Gateway's own limit, too
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class Refusal:
    """A problem that the door answers with, instead of asking the API."""

    status: HTTPStatus
    kind: str
    title: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()


def unavailable(detail: str, again: int) -> Refusal:
    """`again`: seconds after which it is worth asking once more."""
    title = "A part of the service does not answer just now"
    headers = (("Retry-After", str(again)),)
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", title, detail, headers)


def _too_large(detail: str) -> Refusal:
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The request is too large", detail)


NOT_DEPLOYED = unavailable("Staybook is starting: its API is not deployed yet.", 2)
BODY_TOO_LARGE = _too_large("The request body is larger than 10 MB.")
HEAD_TOO_LARGE = _too_large("The address and the headers are larger than 10,240 bytes together.")
NO_METHOD = Refusal(
    HTTPStatus.METHOD_NOT_ALLOWED,
    "method-not-allowed",
    "This address does not take that method",
    "No address takes that method.",
    (("Allow", ", ".join(METHODS)),),
)


def unfit(request: Any) -> Refusal | None:
    """Why no API can be asked this; leaves the request's body to be read from its start."""
    size = request.content.seek(0, 2)
    request.content.seek(0)
    if request.method.decode("ascii", "replace") not in METHODS:
        return NO_METHOD
    if size > LARGEST_BODY:
        return BODY_TOO_LARGE
    return HEAD_TOO_LARGE if head_size(request) > LARGEST_HEAD else None


def head_size(request: Any) -> int:
    """The bytes of the request line and of all headers."""
    headers = request.requestHeaders.getAllRawHeaders()
    return len(request.uri) + sum(len(name) + len(value) for name, values in headers for value in values)


def refuse(request: Any, refusal: Refusal) -> None:
    """Answers with a problem document instead of asking the API."""
    known_by = str(uuid.uuid4())
    path, _, _ = request.uri.decode("ascii", "replace").partition("?")
    problem = {
        "type": f"/problems/{refusal.kind}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": path[:1024],
        "correlationId": known_by,
    }
    body = json.dumps(problem).encode()
    request.setResponseCode(refusal.status)
    for name, value in (
        ("Content-Type", "application/problem+json"),
        ("Content-Length", str(len(body))),
        ("Access-Control-Allow-Origin", "*"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Correlation-Id", known_by),
        ("x-amzn-RequestId", known_by),
        *refusal.headers,
    ):
        request.setHeader(name, value)
    request.write(body if request.method != b"HEAD" else b"")
    request.finish()
