"""The document as one page to read: no script, nothing fetched, every text escaped."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

Document = Mapping[str, Any]

_HEAD = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Staybook's API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="assets/reference.css">
</head>
<body>
"""
_SIGN_IN = {0: "public", 1: "signed in", 2: "public; more for who is signed in"}


def page(document: Document) -> str:
    """The whole page."""
    info = document["info"]
    parts = [
        f"{_HEAD}<main>\n<h1>{escape(info['title'])}</h1>\n<p>{escape(info['description'])}</p>\n",
        '<p><a href="openapi.json">openapi.json</a> says the same to programs.</p>\n',
        *(_family(tag["name"], document) for tag in document["tags"]),
        "<h2>Shapes</h2>\n",
        *(_shape(name, schema) for name, schema in document["components"]["schemas"].items()),
        "</main>\n</body>\n</html>\n",
    ]
    return "".join(parts)


def _family(tag: str, document: Document) -> str:
    found = [
        _operation(path, method, operation, document)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if tag in operation["tags"]
    ]
    return f"<h2>{escape(tag)}</h2>\n{''.join(found)}"


def _operation(path: str, method: str, operation: Document, document: Document) -> str:
    name = escape(operation["operationId"])
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    parts = [
        f'<details id="{name}"><summary><b>{escape(method.upper())}</b> ',
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary>\n",
        f"<p>{_SIGN_IN[len(operation['security'])]}</p>\n",
        _table(_parameters(operation)),
        f"<p>Body: {_type(body['schema'])}</p>\n" if body else "",
        _table(_answers(operation, document)),
        "</details>\n",
    ]
    return "".join(parts)


def _parameters(operation: Document) -> Iterator[tuple[str, str, str]]:
    for each in operation.get("parameters", ()):
        required = ", required" if each.get("required") and each["in"] != "path" else ""
        yield (
            f"<code>{escape(each['name'])}</code>",
            f"{escape(each['in'])}{required}",
            f"{_type(each['schema'])} {escape(each.get('description', ''))}",
        )


def _answers(operation: Document, document: Document) -> Iterator[tuple[str, str, str]]:
    for status, given in operation["responses"].items():
        answer = _found(given, document)
        kinds = answer.get("content", {})
        shown = ", ".join(
            _type(content["schema"]) if "json" in kind and "problem" not in kind else escape(kind)
            for kind, content in kinds.items()
        )
        yield escape(status), escape(answer["description"]), shown


def _shape(name: str, schema: Document) -> str:
    rows = [
        (f"<code>{escape(field)}</code>", _type(part), escape(part.get("description", "")))
        for field, part in schema.get("properties", {}).items()
    ]
    about = escape(schema.get("description", "")) or _type({**schema, "title": ""})
    return f'<section id="{escape(name)}"><h3>{escape(name)}</h3>\n<p>{about}</p>\n{_table(rows)}</section>\n'


def _type(schema: Document) -> str:
    """A schema in a few words; what has a name is a link to it."""
    if reference := schema.get("$ref"):
        name = escape(reference.rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}{_bounds(schema)}"
    return f"{escape(schema.get('format') or schema.get('type') or 'anything')}{_bounds(schema)}"


def _bounds(schema: Document) -> str:
    words = {
        "minimum": "≥ {}", "maximum": "≤ {}", "minLength": "at least {} characters",
        "maxLength": "at most {} characters", "maxItems": "at most {}", "pattern": "like {}", "default": "else {}",
    }  # fmt: skip
    said = [words[name].format(schema[name]) for name in words if schema.get(name) is not None]
    return f" <small>{escape(', '.join(said))}</small>" if said else ""


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    """Rows of cells that are HTML already; nothing where there are none."""
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows]
    return f"<table>\n{''.join(lines)}</table>\n" if lines else ""


def _found(given: Document, document: Document) -> Document:
    reference = given.get("$ref")
    found: Document = (
        document["components"]["responses"][reference.rsplit("/", 1)[-1]] if reference else given
    )
    return found
