"""What a change of the contract would break, for those who rely on the published one."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
_WORDS = frozenset({"title", "description", "summary", "default"})
_SHAPE = frozenset({"properties", "required", "enum", "$ref", "anyOf", "allOf", "items"})


def breaks(published: Document, proposed: Document) -> list[str]:
    """Every breaking difference, a line each; none when whoever reads the published contract can read the other.

    Breaking are a message, a field or a word of an enumeration that is gone, a field of another type, one that was
    always there and need not be any more, and one that must be there and was not: an event from the archive or a
    caller not yet deployed would lack it.
    """
    return list(_of_messages(published, proposed))


def _of_messages(published: Document, proposed: Document) -> Iterator[str]:
    messages = proposed["components"]["messages"]
    for name, message in published["components"]["messages"].items():
        if name not in messages:
            yield f"{name}: is gone"
            continue
        old = _resolved(message["payload"], published)
        yield from _of_schemas(name, old, _resolved(messages[name]["payload"], proposed))


def _of_schemas(place: str, old: Any, new: Any) -> Iterator[str]:
    if _plain(old) != _plain(new):
        yield f"{place}: was {_plain(old)}, would be {_plain(new)}"
    yield from (f"{place}: loses the word {word!r}" for word in _gone(old, new, "enum"))
    yield from _of_fields(place, old, new)
    if "items" in old and "items" in new:
        yield from _of_schemas(f"{place}[]", old["items"], new["items"])
    for keyword in ("anyOf", "allOf"):
        yield from _of_choices(place, old.get(keyword, []), new.get(keyword, []))


def _of_fields(place: str, old: Document, new: Document) -> Iterator[str]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in before:
        if name in after:
            yield from _of_schemas(f"{place}.{name}", before[name], after[name])
        else:
            yield f"{place}.{name}: is gone"
    yield from (f"{place}.{name}: need not be there any more" for name in _gone(old, new, "required"))
    yield from (f"{place}.{name}: must be there and was not" for name in _gone(new, old, "required"))


def _of_choices(place: str, old: list[Any], new: list[Any]) -> Iterator[str]:
    if len(old) != len(new):
        yield f"{place}: was one of {len(old)} shapes, would be one of {len(new)}"
        return
    for before, after in zip(old, new, strict=True):
        yield from _of_schemas(place, before, after)


def _gone(old: Document, new: Document, keyword: str) -> list[str]:
    return sorted(set(old.get(keyword, [])) - set(new.get(keyword, []))) if keyword in old else []


def _plain(schema: Document) -> dict[str, Any]:
    """What a schema says of a value itself, leaving out what only explains and what is compared part by part."""
    return {name: said for name, said in schema.items() if name not in _WORDS | _SHAPE}


def _resolved(schema: Any, document: Document) -> Any:
    """The schema with what it refers to in its place."""
    if isinstance(schema, list):
        return [_resolved(each, document) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    if reference := schema.get("$ref"):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        return _resolved(found, document)
    return {name: _resolved(part, document) for name, part in schema.items()}
