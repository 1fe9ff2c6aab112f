"""DynamoDB's update expressions: the new item that they make of an old one."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache

from tests.miniature.operands import Item, Path, Reader, Scope, Value, look, operand, term

Change = Callable[[Scope, Item], Item]


class InvalidPath(Exception):
    """The document path provided in the update expression is invalid for update."""


@cache
def update(text: str) -> Callable[[Scope], Item]:
    """What `text` makes of the item in scope: every value is taken from the item as it was."""
    reader, changes = Reader(text), []
    while reader.more():
        clause = _CLAUSES[reader.next().upper()]
        changes.append(clause(reader))
        while reader.took(","):
            changes.append(clause(reader))

    def apply(scope: Scope) -> Item:
        item = dict(scope.item)
        for change in changes:
            item = change(scope, item)
        return item

    return apply


def _set(reader: Reader) -> Change:
    path = reader.path()
    reader.take("=")
    value = operand(reader)
    return lambda scope, item: _placed(item, scope.path(path), value(scope))


def _remove(reader: Reader) -> Change:
    path = reader.path()
    return lambda scope, item: _placed(item, scope.path(path), None)


def _add(reader: Reader) -> Change:
    path, value = reader.path(), term(reader)

    def added(scope: Scope, item: Item) -> Item:
        more, present = value(scope), look(item, scope.path(path)) or {"N": "0"}
        assert more is not None
        return _placed(item, scope.path(path), {"N": str(Decimal(present["N"]) + Decimal(more["N"]))})

    return added


_CLAUSES = {"SET": _set, "REMOVE": _remove, "ADD": _add}


def _placed(item: Item, path: Path, value: Value | None) -> Item:
    """The item with another value at the path, None: without it. The map around it must be there."""
    name, *rest = path
    if not rest:
        kept = {key: present for key, present in item.items() if key != name}
        return kept if value is None else {**kept, name: value}
    if name not in item or "M" not in item[name]:
        raise InvalidPath
    return {**item, name: {"M": _placed(item[name]["M"], tuple(rest), value)}}
