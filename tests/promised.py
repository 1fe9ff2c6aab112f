"""Holds answers to the API's document: whatever a test is answered anywhere must be what the document says."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from infra.openapi.files import DOCUMENT
from kernel.words import wire_name

Document = dict[str, Any]
_PARAMETER = re.compile(r"\{(\w+)\}")
_NO_OPERATION = (404, 405)


class Promised:
    """Remembers what was answered against the document until it is asked."""

    def __init__(self) -> None:
        self._faults: list[str] = []

    def take_faults(self) -> list[str]:
        found, self._faults = self._faults, []
        return found

    def look(self, method: str, resource: str, status: int, headers: Mapping[str, str], text: str) -> None:
        """At the answer to a request of a route, as app.py writes its path."""
        path = _PARAMETER.sub(lambda found: f"{{{wire_name(found[1])}}}", resource)
        place = f"{method} {path} {status}"
        lower = {name.lower(): value for name, value in headers.items()}
        self._faults += [f"{place}: {fault}" for fault in _faults(method, path, status, lower, text)]

    def look_at(self, answer: httpx.Response) -> None:
        """At an answer of the front door, to whatever was asked for there."""
        answer.read()
        if resource := _resource(answer.request.url.path):
            self.look(answer.request.method, resource, answer.status_code, answer.headers, answer.text)


PROMISED = Promised()


@cache
def document() -> Document:
    read: Document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return read


def _resource(path: str) -> str | None:
    """The path in the document that a request's path is an instance of; one without parameters first."""
    fitting = [known for known, shape in _shapes().items() if shape.fullmatch(path)]
    return min(fitting, key=lambda known: known.count("{"), default=None)


@cache
def _shapes() -> dict[str, re.Pattern[str]]:
    return {path: re.compile(_PARAMETER.sub("[^/]+", path)) for path in document()["paths"]}


def _faults(method: str, path: str, status: int, headers: Mapping[str, str], text: str) -> Iterator[str]:
    operation = document()["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower())
    if operation is None:
        if status not in _NO_OPERATION and method != "OPTIONS":
            yield "there is no such operation"
        return
    answer = _resolved(operation["responses"].get(str(status)))
    if answer is None:
        yield f"is not among {', '.join(operation['responses'])}: {text[:300]}"
        return
    yield from _of_headers(answer, headers)
    if "content" in answer and method != "HEAD":
        yield from _of_content(answer["content"], headers.get("content-type", "application/json"), text)


def _of_headers(answer: Document, headers: Mapping[str, str]) -> Iterator[str]:
    for name in answer.get("headers", {}):
        declared = document()["components"]["headers"][name]
        if declared.get("required") and name.lower() not in headers:
            yield f"lacks the header {name}"


def _of_content(content: Document, media_type: str, text: str) -> Iterator[str]:
    kind = media_type.partition(";")[0]
    if kind not in content:
        yield f"is {kind}, not {', '.join(content)}"
    elif "json" in kind:
        for error in _validator(json.dumps(content[kind]["schema"])).iter_errors(json.loads(text)):
            yield f"{error.json_path} {error.message[:300]}"


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": document()["components"]})


def _resolved(answer: Document | None) -> Document | None:
    if answer is None or "$ref" not in answer:
        return answer
    found: Document = document()["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    return found
