"""OpenAPI links: what an answer says that other operations can be asked with."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from infra.openapi.operations import Operation
from infra.openapi.schemas import fields
from kernel.promises import Many, Shown
from kernel.words import wire_name

Document = dict[str, Any]
_MADE = 201


def links(source: Operation, operations: Iterable[Operation]) -> Document:
    """From a list to the things it lists; from what was made to every operation that takes an id the client did not
    know before.
    """
    targets, said = [each for each in operations if each is not source], _said(source)
    if source.promise.status != _MADE:
        below = [target for target in targets if target.path.startswith(f"{source.path}/")]
        return _by_path(below, said)
    new = said.keys() - _known(source)
    fitting = [target for target in targets if new & set(_taken(target))]
    return _by_path(fitting, said) | _by_query(fitting, said) | _by_body(fitting, said)


def _said(source: Operation) -> dict[str, str]:
    """Runtime expressions by the name of the id that they lead to."""
    gives = source.promise.gives
    if isinstance(gives, Many):
        names, at = _ids(gives.each), f"$response.body#/_embedded/{gives.family}/0/"
    elif source.promise.status == _MADE and isinstance(gives, type) and issubclass(gives, Shown):
        names, at = _ids(gives), "$response.body#/"
    else:
        return {}
    return {name: at + name for name in names}


def _ids(kind: type[Shown]) -> list[str]:
    return [wire_name(field.name) for field in msgspec.structs.fields(kind) if field.name.endswith("_id")]


def _known(operation: Operation) -> set[str]:
    return {*operation.parameters, *_named(operation.promise.takes)}


def _taken(target: Operation) -> list[str]:
    """The ids that it can be asked with."""
    made_of = _named(target.promise.takes) if target.promise.status == _MADE else []
    return [*target.parameters, *_named(target.promise.asks), *made_of]


def _by_path(targets: Iterable[Operation], said: Mapping[str, str]) -> Document:
    return {
        target.identifier: _link(
            target, parameters={f"path.{name}": said[name] for name in target.parameters}
        )
        for target in targets
        if target.parameters and set(target.parameters) <= said.keys()
    }


def _by_query(targets: Iterable[Operation], said: Mapping[str, str]) -> Document:
    asked = ((target, [name for name in _named(target.promise.asks) if name in said]) for target in targets)
    return {
        target.identifier: _link(target, parameters={f"query.{name}": said[name] for name in names})
        for target, names in asked
        if names and not target.parameters
    }


def _by_body(targets: Iterable[Operation], said: Mapping[str, str]) -> Document:
    """What was made may be named in the body that makes something else of it."""
    named = ((target, [name for name in _named(target.promise.takes) if name in said]) for target in targets)
    return {
        target.identifier: _link(target, requestBody={name: said[name] for name in names})
        for target, names in named
        if names and not target.parameters
    }


def _link(target: Operation, **given: dict[str, str]) -> Document:
    return {"operationId": target.identifier, **given}


def _named(taken: type[msgspec.Struct] | None) -> list[str]:
    return [name for name in fields(taken) if name.endswith("Id")] if taken else []
