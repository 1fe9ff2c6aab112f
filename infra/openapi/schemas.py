"""The shapes of the document: what clients send and are shown, as JSON Schema."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from infra.openapi.operations import Operation
from kernel.promises import Json, Link, Many, Shown

Schema = dict[str, Any]
_REFERENCE = "#/components/schemas/{name}"

PROBLEM: Schema = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). Some types say more in members of their own.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "correlationId"],
    "properties": {
        "type": {"type": "string", "description": "Names the kind of problem; see the catalogue."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "For the person who reads it."},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "correlationId": {"type": "string", "description": "By this the logs tell the story."},
        "errors": {"type": "array", "items": {"$ref": _REFERENCE.format(name="Fault")}},
    },
}
FAULT: Schema = {
    "title": "Fault",
    "type": "object",
    "required": ["pointer", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "Into the body (`/checkIn`); `?name` for a parameter."},
        "detail": {"type": "string"},
    },
}


def components(operations: Iterable[Operation]) -> dict[str, Schema]:
    """Every schema that the operations refer to, by name."""
    found = list(operations)
    wanted = dict.fromkeys(kind for operation in found for kind in _kinds(operation))
    _, schemas = msgspec.json.schema_components(list(wanted), ref_template=_REFERENCE)
    pages = {
        page_name(operation): _page(operation.promise.gives)
        for operation in found
        if isinstance(operation.promise.gives, Many)
    }
    everything = {**schemas, **pages, "Problem": PROBLEM, "Fault": FAULT}
    return {name: _read_only_marked(everything[name]) for name in sorted(everything)}


def reference(kind: type) -> Schema:
    """Refers to the component of a type."""
    return {"$ref": _REFERENCE.format(name=kind.__name__)}


def page_name(operation: Operation) -> str:
    """The component of a page of what an operation lists."""
    return operation.identifier[0].upper() + operation.identifier[1:] + "Page"


def schema_of(operation: Operation) -> Schema:
    """What the operation gives. Raises TypeError for what is no JSON."""
    gives = operation.promise.gives
    if isinstance(gives, Many):
        return {"$ref": _REFERENCE.format(name=page_name(operation))}
    if isinstance(gives, Json):
        return gives.schema if isinstance(gives.schema, dict) else msgspec.json.schema(gives.schema)
    if isinstance(gives, type):
        return reference(gives)
    raise TypeError(f"{operation.identifier} gives no JSON")


def fields(kind: type[msgspec.Struct]) -> Mapping[str, Schema]:
    """The fields of a flat type by their names on the wire, each resolved."""
    _, schemas = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    properties: Mapping[str, Schema] = schemas[kind.__name__]["properties"]
    return properties


def _kinds(operation: Operation) -> list[type]:
    promise = operation.promise
    kinds: list[type] = [Link]
    if promise.takes:
        kinds.append(promise.takes)
    if isinstance(promise.gives, Many):
        kinds.append(promise.gives.each)
    elif isinstance(promise.gives, type) and issubclass(promise.gives, Shown):
        kinds.append(promise.gives)
    return kinds


def _page(many: Many) -> Schema:
    besides = {name: msgspec.json.schema(kind) for name, kind in many.besides.items()}
    page = {
        "_embedded": _closed({many.family: {"type": "array", "items": reference(many.each)}}),
        "page": _closed({"size": {"type": "integer", "minimum": 0}}),
        "_links": _closed({"self": reference(Link), "next": reference(Link)}, optional=("next",)),
    }
    return _closed({**page, **besides}) | {
        "description": "`_links.next` is there when there is more to read."
    }


def _closed(properties: Mapping[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _read_only_marked(schema: Schema) -> Schema:
    """A field of a body that takes anything is one that the server alone says: it is read and ignored."""
    if schema.get("additionalProperties") is not False:
        return schema
    properties = {
        name: {"readOnly": True, "description": "Ignored."} if part in ({}, {"default": None}) else part
        for name, part in schema["properties"].items()
    }
    return {**schema, "properties": properties}
