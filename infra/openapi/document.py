"""The whole API as an OpenAPI 3.1 document."""

from collections.abc import Iterable
from typing import Any

import msgspec

from infra.openapi.answers import HEADERS, answers, everywhere
from infra.openapi.links import links
from infra.openapi.operations import Operation
from infra.openapi.schemas import Schema, components, fields, reference
from kernel.promises import Header

Document = dict[str, Any]
_ABOUT = """Places to stay: hosts list rooms, guests find, book, pay, cancel and review them. Resources are HAL,
errors are problem details (RFC 9457), amounts are whole minor units of their currency, a stay is [checkIn, checkOut) in
the room's own calendar, instants are RFC 3339 UTC. Reads of rooms, reviews and what is free are public; everything else
wants a bearer token."""
_ID: Schema = {"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}
_WHAT_HEADERS_SAY: dict[Header, Document] = {
    Header.IF_MATCH: {
        "description": "The ETag of the state that is meant; 412 when it has passed.",
        "schema": {"type": "string"},
    },
    Header.IF_NONE_MATCH: {
        "description": "The ETag of the state that the client has; 304 while it is so.",
        "schema": {"type": "string"},
    },
    Header.IDEMPOTENCY_KEY: {
        "description": "Makes it safe to ask again: the same key gets the same answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
    },
}


def openapi(found: list[Operation]) -> Document:
    """The document of these operations."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Staybook", "version": "1", "description": " ".join(_ABOUT.split())},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(each.service for each in found)],
        "paths": _paths(found),
        "components": {
            "schemas": components(found),
            "headers": HEADERS,
            "responses": everywhere(),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "An ID token of the user pool.",
                }
            },
        },
    }


def _paths(found: list[Operation]) -> Document:
    paths: Document = {}
    for operation in found:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, found)
    return dict(sorted(paths.items()))


def _operation(operation: Operation, others: Iterable[Operation]) -> Document:
    said = {
        "operationId": operation.identifier,
        "summary": f"{operation.promise.summary}.",
        "tags": [operation.service],
        "security": _security(operation),
        "parameters": [*_path(operation), *_query(operation), *_headers(operation)],
        "requestBody": _body(operation),
        "responses": _answers(operation, others),
    }
    return {name: part for name, part in said.items() if part or name == "security"}


def _security(operation: Operation) -> list[Document]:
    """Nobody, whoever likes, or only who is signed in."""
    if operation.sign_in is None:
        return []
    return [{"bearer": []}] if operation.is_signed_in else [{}, {"bearer": []}]


def _path(operation: Operation) -> list[Document]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _ID if name.endswith("Id") else {"type": "string"},
        }
        for name in operation.parameters
    ]


def _query(operation: Operation) -> list[Document]:
    asks = operation.promise.asks
    if asks is None:
        return []
    required = {field.encode_name for field in msgspec.structs.fields(asks) if field.required}
    return [
        {"name": name, "in": "query", "schema": _present(schema)}
        | ({"required": True} if name in required else {})
        for name, schema in fields(asks).items()
    ]


def _present(schema: Schema) -> Schema:
    """A parameter that is not sent is the null of its field; sent, it is something."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return choices[0] if len(choices) == 1 else schema


def _headers(operation: Operation) -> list[Document]:
    return [
        {"name": header.value, "in": "header", **_WHAT_HEADERS_SAY[header]}
        for header in operation.promise.heeds
    ]


def _body(operation: Operation) -> Document:
    takes = operation.promise.takes
    if takes is None:
        return {}
    return {"required": True, "content": {"application/json": {"schema": reference(takes)}}}


def _answers(operation: Operation, others: Iterable[Operation]) -> Document:
    found = answers(operation)
    if linked := links(operation, others):
        found[str(operation.promise.status)]["links"] = linked
    return found
