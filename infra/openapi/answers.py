"""What an operation may answer: every status, with its body, its headers and, for problems, the types it may be."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from infra.openapi.operations import OF_ANY, Operation
from infra.openapi.schemas import schema_of
from kernel import errors, hal, problems
from kernel.errors import StaybookError
from kernel.promises import File, Header, Json

Document = dict[str, Any]

HEADERS: dict[str, Document] = {
    "X-Correlation-Id": {
        "description": "By this the logs tell the story.",
        "required": True,
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Names this state of it.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
    },
    "Location": {
        "description": "Where the new thing is.",
        "required": True,
        "schema": {"type": "string", "pattern": "^/"},
    },
    "Idempotent-Replayed": {
        "description": "This is the answer that an earlier request with the same key got.",
        "schema": {"const": "true"},
    },
    "Retry-After": {"description": "In seconds.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"required": True, "schema": {"type": "string"}},
    "Allow": {"required": True, "schema": {"type": "string"}},
}
_OF_STATUS = {
    401: ["WWW-Authenticate"],
    409: ["Retry-After", "Idempotent-Replayed"],
    402: ["Idempotent-Replayed"],
}
_ASK_AGAIN = (429, 503)
_SHARED = (
    *OF_ANY,
    errors.Unauthenticated,
    errors.UnsupportedMedia,
    errors.PreconditionFailed,
    errors.Invalid,
)


def answers(operation: Operation) -> Document:
    """By status, the good one first."""
    promise = operation.promise
    found = {str(promise.status): _success(operation)}
    if Header.IF_NONE_MATCH in promise.heeds:
        found["304"] = {
            "description": "It is as the client has it.",
            "headers": _headers(["X-Correlation-Id", "ETag"]),
        }
    return found | {str(status): _refusal(status, kinds) for status, kinds in operation.refusals.items()}


def _success(operation: Operation) -> Document:
    promise = operation.promise
    names = ["X-Correlation-Id"]
    if promise.status == HTTPStatus.CREATED:
        names.append("Location")
    if Header.IDEMPOTENCY_KEY in promise.heeds:
        names.append("Idempotent-Replayed")
    if {Header.IF_MATCH, Header.IF_NONE_MATCH} & set(promise.heeds) and promise.gives is not None:
        names.append("ETag")
    answer = {"description": HTTPStatus(promise.status).phrase, "headers": _headers(names)}
    return answer if promise.gives is None else {**answer, "content": _content(operation)}


def _content(operation: Operation) -> Document:
    gives = operation.promise.gives
    if isinstance(gives, File):
        return {media_type: {"schema": {"type": "string"}} for media_type in gives.media_types}
    return {_media_type(operation): {"schema": schema_of(operation)}}


def _media_type(operation: Operation) -> str:
    plain = isinstance(operation.promise.gives, Json) or "health" in operation.view
    return "application/json" if plain or operation.view == "hear_stripe" else hal.MEDIA_TYPE


def everywhere() -> Document:
    """The refusals that many operations share, by name."""
    return {kind.__name__: _problem(kind.status, [kind]) for kind in _SHARED}


def _refusal(status: int, kinds: Sequence[type[StaybookError]]) -> Document:
    (first, *more) = kinds
    if first in _SHARED and not more:
        return {"$ref": f"#/components/responses/{first.__name__}"}
    return _problem(status, kinds)


def _problem(status: int, kinds: Sequence[type[StaybookError]]) -> Document:
    types = [problems.CATALOGUE + kind.type for kind in kinds]
    narrowed = {"properties": {"type": {"enum": types}, "status": {"const": status}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
    names = [
        "X-Correlation-Id",
        *_OF_STATUS.get(status, ()),
        *(["Retry-After"] if status in _ASK_AGAIN else ()),
    ]
    return {
        "description": "; ".join(dict.fromkeys(f"{kind.title} (`{kind.type}`)" for kind in kinds)),
        "headers": _headers(names),
        "content": {problems.MEDIA_TYPE: {"schema": schema}},
    }


def _headers(names: Sequence[str]) -> Document:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
