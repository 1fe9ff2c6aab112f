"""What every expression of DynamoDB is made of: tokens, paths, and operands with a value.

Items are DynamoDB's own JSON (`{"n": {"N": "1"}}`) and are never changed, only replaced.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Value = dict[str, Any]
Item = dict[str, Value]
Path = tuple[str, ...]

_TOKEN = re.compile(r"\s*([#:]?\w+|<>|<=|>=|[=<>(),.+-]|\[\d+\])")


class NotUnderstood(AssertionError):
    """An expression this store does not know: it has to learn it before a test can be believed."""


@dataclass(frozen=True)
class Scope:
    """What an expression is evaluated in: the item, and what the request put for `#names` and `:values`."""

    item: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)

    def path(self, parts: Path) -> Path:
        return tuple(self.names[part] if part.startswith("#") else part for part in parts)


Operand = Callable[[Scope], Value | None]


class Reader:
    """The tokens of an expression, one after another."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens, at = [], 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise NotUnderstood(text)
            self._tokens.append(found[1])
            at = found.end()
        self._at = 0

    def more(self) -> bool:
        return self._at < len(self._tokens)

    def next(self) -> str:
        if not self.more():
            raise NotUnderstood(self._text)
        self._at += 1
        return self._tokens[self._at - 1]

    def took(self, wanted: str) -> bool:
        """Whether the next token was this one, which is taken then; words in any case."""
        if self.more() and self._tokens[self._at].upper() == wanted:
            self._at += 1
            return True
        return False

    def take(self, wanted: str) -> None:
        if not self.took(wanted):
            raise NotUnderstood(f"{wanted} expected in {self._text}")

    def calls(self) -> bool:
        """Whether the next token is the name of a function."""
        return self._at + 1 < len(self._tokens) and self._tokens[self._at + 1] == "("

    def end(self) -> None:
        if self.more():
            raise NotUnderstood(self._text)

    def path(self) -> Path:
        parts = [self.next()]
        while self.took("."):
            parts.append(self.next())
        return tuple(parts)


def operand(reader: Reader) -> Operand:
    found = term(reader)
    while True:
        if reader.took("+"):
            found = _sum(found, 1, term(reader))
        elif reader.took("-"):
            found = _sum(found, -1, term(reader))
        else:
            return found


def _sum(left: Operand, sign: int, right: Operand) -> Operand:
    def total(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        assert one is not None, "an attribute that is not there cannot be counted on"
        assert other is not None
        return {"N": str(Decimal(one["N"]) + sign * Decimal(other["N"]))}

    return total


def term(reader: Reader) -> Operand:
    if reader.calls():
        name = reader.next().lower()
        reader.take("(")
        found = _FUNCTIONS[name](reader)
        reader.take(")")
        return found
    path = reader.path()
    if path[0].startswith(":"):
        return lambda scope: scope.values[path[0]]
    return lambda scope: look(scope.item, scope.path(path))


def _size(reader: Reader) -> Operand:
    inner = operand(reader)

    def measured(scope: Scope) -> Value | None:
        found = inner(scope)
        return None if found is None else {"N": str(len(next(iter(found.values()))))}

    return measured


def _if_not_exists(reader: Reader) -> Operand:
    path = reader.path()
    reader.take(",")
    otherwise = operand(reader)
    return lambda scope: look(scope.item, scope.path(path)) or otherwise(scope)


def _list_append(reader: Reader) -> Operand:
    first = operand(reader)
    reader.take(",")
    second = operand(reader)

    def joined(scope: Scope) -> Value:
        one, other = first(scope), second(scope)
        assert one is not None, "a list that is not there cannot grow"
        assert other is not None
        return {"L": [*one["L"], *other["L"]]}

    return joined


_FUNCTIONS = {"size": _size, "if_not_exists": _if_not_exists, "list_append": _list_append}


def look(item: Mapping[str, Any], path: Path) -> Value | None:
    """The value at a path, None where there is none."""
    present: Any = item
    for number, part in enumerate(path):
        level = present if number == 0 else present.get("M", {})
        present = level.get(part)
        if present is None:
            return None
    found: Value = present
    return found
