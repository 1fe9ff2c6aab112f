"""The changes that are made on purpose: each turns one node of a syntax tree into another.

Left as they are: docstrings, annotations, asserts (they state what types cannot), what is logged, and the words of an
error (its kind counts). Defaults of arguments and of fields are no part of a body and are left, too.
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy

type Change = Callable[[ast.AST], Iterator[ast.AST | None]]
"""What a node may become; None: a statement that is not there any more."""

_EDGES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


def comparisons(node: ast.AST) -> Iterator[ast.AST | None]:
    """Another edge, and the opposite."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for table in (_EDGES, _OPPOSITES):
                if other := table.get(type(operator)):
                    changed = deepcopy(node)
                    changed.ops[place] = other()
                    yield changed


def connectives(node: ast.AST) -> Iterator[ast.AST | None]:
    """`and` is `or`, `or` is `and`; a `not` is not there."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand


def conditions(node: ast.AST) -> Iterator[ast.AST | None]:
    """The other branch. Comparisons have their opposites already."""
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare):
        changed = deepcopy(node)
        changed.test = ast.UnaryOp(ast.Not(), node.test)
        yield changed


def arithmetic(node: ast.AST) -> Iterator[ast.AST | None]:
    """Another operation."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and (other := _ARITHMETIC.get(type(node.op))):
        changed = deepcopy(node)
        changed.op = other()
        yield changed


def constants(node: ast.AST) -> Iterator[ast.AST | None]:
    """Another value."""
    if isinstance(node, ast.Constant):
        match node.value:
            case bool():
                yield ast.Constant(not node.value)
            case int() | float():
                yield ast.Constant(node.value + 1)
            case str():
                yield ast.Constant(f"not {node.value}")


def results(node: ast.AST) -> Iterator[ast.AST | None]:
    """None instead of what a function gives."""
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(None))


def statements(node: ast.AST) -> Iterator[ast.AST | None]:
    """A call, a refusal or a change that is left out; a loop that ends instead of going on."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.YieldFrom | ast.Yield):
        yield None
    if isinstance(node, ast.Raise | ast.AugAssign | ast.Delete):
        yield None
    if isinstance(node, ast.Continue):
        yield ast.Break()
    if isinstance(node, ast.Break):
        yield ast.Continue()


CHANGES: tuple[Change, ...] = (
    comparisons,
    connectives,
    conditions,
    arithmetic,
    constants,
    results,
    statements,
)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
