"""Instances of a JSON Schema, as the contract uses the language: what a service must be ready to be sent."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from kernel.clock import instant

Schema = Mapping[str, Any]
Values = st.SearchStrategy[Any]
_DAWN = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST, _LAST = date(2026, 1, 1), date(2027, 12, 31)  # dates of any year would only be slow calendars


def instances(schema: Schema, document: Schema) -> Values:
    """Values that the schema admits; `document` is where its references lead. Raises KeyError for a word of the
    language that nobody has taught it yet.
    """
    if "allOf" in schema:
        return st.tuples(*(instances(part, document) for part in schema["allOf"])).map(_together)
    if "$ref" in schema:
        return instances(_found(schema["$ref"], document), document)
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of(*(instances(part, document) for part in schema["anyOf"]))
    return _KINDS[schema.get("type", "object")](schema, document)


def _together(parts: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}


def _found(reference: str, document: Schema) -> Schema:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    schema: Schema = found
    return schema


def _object(schema: Schema, document: Schema) -> Values:
    fields = {name: instances(part, document) for name, part in schema.get("properties", {}).items()}
    # A part of an `allOf` only narrows what another part requires: there every field is meant.
    required = set(schema.get("required", fields))
    return st.fixed_dictionaries(
        {name: values for name, values in fields.items() if name in required},
        optional={name: values for name, values in fields.items() if name not in required},
    )


def _array(schema: Schema, document: Schema) -> Values:
    return st.lists(instances(schema.get("items", {}), document), max_size=5)


def _string(schema: Schema, document: Schema) -> Values:
    if schema.get("format") == "date":
        return st.dates(_FIRST, _LAST).map(date.isoformat)
    if schema.get("format") == "date-time":
        return st.integers(0, 2 * 365 * 86_400).map(lambda passed: instant(_DAWN + timedelta(seconds=passed)))
    if pattern := schema.get("pattern"):
        return st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii"))
    return st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", 30))


def _integer(schema: Schema, document: Schema) -> Values:
    least, most = schema.get("minimum", -(2**53)), schema.get("maximum", 2**53)
    return st.integers(least, most) | st.integers(max(least, 0), min(most, 20))


_KINDS: Mapping[str, Callable[[Schema, Schema], Values]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "boolean": lambda schema, document: st.booleans(),
    "null": lambda schema, document: st.none(),
}
