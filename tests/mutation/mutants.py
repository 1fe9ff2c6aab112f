"""All mutants of a module: where each is, what is changed there, and the module's code with that change."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from tests.mutation.operators import CHANGES

_LOGGED = "logger()."


@dataclass(frozen=True)
class Mutant:
    """A change at `line` of `function`, "" for the module's own statements; `before` and `after` are its words."""

    path: Path
    module: str
    function: str
    line: int
    before: str
    after: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The same wherever it stands: `module.function: before -> after`."""
        return f"{self.module}.{self.function}: {self.before} -> {self.after}"

    def code(self) -> CodeType:
        return compile(self.tree, str(self.path), "exec")


def mutants(path: Path, module: str) -> Iterator[Mutant]:
    """Each with one change."""
    source = path.read_text()
    places = list(_places(ast.parse(source)))
    for number, (function, node) in enumerate(places):
        for change in CHANGES:
            for choice, after in enumerate(change(node)):
                tree = ast.parse(source)
                _, planted = list(_places(tree))[number]
                changed = list(change(planted))[choice]
                line = getattr(node, "lineno", 0)
                _Planting(planted, changed if changed is not None else ast.Pass()).visit(tree)
                words = "nothing" if after is None else _words(after)
                ast.fix_missing_locations(tree)
                yield Mutant(path, module, function, line, _words(node), words, tree)


def _places(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every node that may change, with the function whose body it is in."""
    for statement in tree.body:
        yield from _within(statement, "")


def _within(node: ast.AST, function: str) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.FunctionDef):
        inner = f"{function}.{node.name}" if function else node.name
        children: list[tuple[str, ast.AST]] = [(inner, statement) for statement in node.body]
    elif isinstance(node, ast.ClassDef):
        methods = [statement for statement in node.body if isinstance(statement, ast.FunctionDef)]
        children = [(node.name, method) for method in methods]
    elif _is_left_out(node):
        return
    else:
        yield function, node
        children = [(function, child) for child in _inside(node)]
    for name, child in children:
        yield from _within(child, name)


def _is_left_out(node: ast.AST) -> bool:
    """What states something for people or for types, and what is logged."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node).startswith(_LOGGED)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__"
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.JoinedStr)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """What is changed in it by itself: nothing of an error, and no annotation."""
    if isinstance(node, ast.Raise):
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.AnnAssign) and child is node.annotation):
            yield child


class _Planting(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._old:
            return ast.copy_location(self._new, self._old)
        return self.generic_visit(node)


def _words(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:90]
