"""Which functions of the instructor's keep what they are given in something global: a list of handlers, a registry.

What such a function is given it is meant to use in later calls, or to have others use.
"""

import ast
from collections.abc import Iterable

from autograder.notebook.purity import MUTATING, defined, new_names, parameters_of, root_of


def keeping_functions(sources: Iterable[str]) -> frozenset[str]:
    """Return the names of the functions in these cells that keep an argument of theirs outside themselves."""
    functions = [one for source in sources for one in defined(source, ast.FunctionDef)]
    return frozenset(one.name for one in functions if _keeps(one))


def _keeps(function: ast.FunctionDef) -> bool:
    given = parameters_of(function)
    new = new_names(function)
    outside = {name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names}
    return any(_is_kept(node, given, new, outside) for node in ast.walk(function))


def _is_kept(node: ast.AST, given: set[str], new: set[str], outside: set[str]) -> bool:
    if isinstance(node, ast.Assign) and _mentions(node.value, given):
        return any(
            one.id in outside if isinstance(one, ast.Name) else root_of(one) not in new | given for one in node.targets
        )
    if isinstance(node, ast.AugAssign) and _mentions(node.value, given):
        return root_of(node.target) in outside or root_of(node.target) not in new | given
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
        return root_of(node.func) not in new | given and any(_mentions(one, given) for one in node.args)
    return False


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(node))
