"""A mutant's code, put into the place of the code that is loaded: nothing is imported a second time."""

import ast
import sys
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant


class NotPlanted(Exception):
    """There is no loaded code that the mutant could take the place of."""


def plant(mutant: Mutant) -> None:
    """From now on this process runs the mutant. Raises NotPlanted."""
    module = import_module(mutant.module)  # some are imported by a door, which a test opens when it begins
    if mutant.function:
        _plant_function(module, mutant)
    else:
        _plant_name(module, mutant)


def _plant_function(module: ModuleType, mutant: Mutant) -> None:
    outer = mutant.function.split(".")
    owner = vars(module).get(outer[0])
    is_method = isinstance(owner, type)
    name = ".".join(outer[:2]) if is_method else outer[0]
    found = vars(owner).get(outer[1]) if isinstance(owner, type) else owner
    function = _function(found)
    code = _inner(mutant.code(), name)
    if function is None or code is None or code.co_freevars != function.__code__.co_freevars:
        raise NotPlanted(mutant.name)
    function.__code__ = code


def _plant_name(module: ModuleType, mutant: Mutant) -> None:
    """A module's own constant; whoever imported it by its name gets the other one, too."""
    statement = next(
        each for each in mutant.tree.body if each.lineno <= mutant.line <= (each.end_lineno or 0)
    )
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    value = getattr(statement, "value", None)
    if not isinstance(target, ast.Name) or value is None:
        raise NotPlanted(mutant.name)
    old = vars(module)[target.id]
    new = eval(compile(ast.Expression(value), str(mutant.path), "eval"), vars(module))
    for other in list(sys.modules.values()):
        if vars(other).get(target.id) is old and other.__name__.startswith("chalicelib."):
            setattr(other, target.id, new)


def _function(found: Any) -> FunctionType | None:
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, classmethod | staticmethod):
        found = found.__func__
    return found if isinstance(found, FunctionType) else None


def _inner(code: CodeType, name: str) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if found := _inner(constant, name):
                return found
    return None
