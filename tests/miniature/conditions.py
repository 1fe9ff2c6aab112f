"""DynamoDB's condition expressions: what an item meets or not."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from tests.miniature.operands import NotUnderstood, Operand, Reader, Scope, Value, look, operand

Condition = Callable[[Scope], bool]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


@cache
def condition(text: str) -> Condition:
    """The condition that `text` spells. Raises NotUnderstood."""
    reader = Reader(text)
    found = _either(reader)
    reader.end()
    return found


def _either(reader: Reader) -> Condition:
    parts = [_all(reader)]
    while reader.took("OR"):
        parts.append(_all(reader))
    return parts[0] if len(parts) == 1 else lambda scope: any(part(scope) for part in parts)


def _all(reader: Reader) -> Condition:
    parts = [_one(reader)]
    while reader.took("AND"):
        parts.append(_one(reader))
    return parts[0] if len(parts) == 1 else lambda scope: all(part(scope) for part in parts)


def _one(reader: Reader) -> Condition:
    if reader.took("NOT"):
        inner = _one(reader)
        return lambda scope: not inner(scope)
    if reader.took("("):
        inner = _either(reader)
        reader.take(")")
        return inner
    for name, make in _TESTS.items():
        if reader.calls() and reader.took(name):
            reader.take("(")
            found = make(reader)
            reader.take(")")
            return found
    return _comparison(reader)


def _comparison(reader: Reader) -> Condition:
    left = operand(reader)
    if reader.took("BETWEEN"):
        low = operand(reader)
        reader.take("AND")
        high = operand(reader)
        return lambda scope: _compare("<=", low, left)(scope) and _compare("<=", left, high)(scope)
    if reader.took("IN"):
        reader.take("(")
        options = [_compare("=", left, operand(reader))]
        while reader.took(","):
            options.append(_compare("=", left, operand(reader)))
        reader.take(")")
        return lambda scope: any(option(scope) for option in options)
    return _compare(reader.next(), left, operand(reader))


def _compare(sign: str, left: Operand, right: Operand) -> Condition:
    if sign not in _COMPARE:
        raise NotUnderstood(sign)
    holds = _COMPARE[sign]

    def compared(scope: Scope) -> bool:
        one, other = left(scope), right(scope)
        if one is None or other is None or one.keys() != other.keys():
            return sign == "<>" and one is not None
        return holds(_plain(one), _plain(other))

    return compared


def _plain(value: Value) -> Any:
    """Numbers as numbers, everything else as it is."""
    ((kind, content),) = value.items()
    return Decimal(content) if kind == "N" else content


def _exists(reader: Reader) -> Condition:
    path = reader.path()
    return lambda scope: look(scope.item, scope.path(path)) is not None


def _missing(reader: Reader) -> Condition:
    path = reader.path()
    return lambda scope: look(scope.item, scope.path(path)) is None


def _begins(reader: Reader) -> Condition:
    value = operand(reader)
    reader.take(",")
    start = operand(reader)

    def begins(scope: Scope) -> bool:
        text, wanted = value(scope), start(scope)
        return text is not None and wanted is not None and str(text.get("S", "")).startswith(wanted["S"])

    return begins


def _contains(reader: Reader) -> Condition:
    whole = operand(reader)
    reader.take(",")
    part = operand(reader)

    def contains(scope: Scope) -> bool:
        value, wanted = whole(scope), part(scope)
        if value is None or wanted is None:
            return False
        ((kind, content),) = value.items()
        return bool(wanted in content if kind == "L" else next(iter(wanted.values())) in content)

    return contains


_TESTS = {
    "ATTRIBUTE_EXISTS": _exists,
    "ATTRIBUTE_NOT_EXISTS": _missing,
    "BEGINS_WITH": _begins,
    "CONTAINS": _contains,
}
