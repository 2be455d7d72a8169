"""Loops over an answer in which a test looks its expected values up: `for i, v in enumerate(answer): v == expected[i]`.

Over an answer without entries such a loop says nothing.
"""

import ast
from collections.abc import Iterator, Sequence

from autograder.notebook.purity import MUTATING, root_of

OVER = "__over__"


def watched(target: ast.expr, iterable: ast.expr, body: Sequence[ast.AST]) -> ast.expr:
    """Return what a loop runs over, such that nothing is not looked up in what the loop's body has something in."""
    names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
    found = sorted(set(_looked_up_in(names, body)) - names - set(_changed_in(body)))
    if not found:
        return iterable
    return _inner(iterable, found)


def _looked_up_in(names: set[str], body: Sequence[ast.AST]) -> Iterator[str]:
    for node in (one for part in body for one in ast.walk(part)):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=place):
                if any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(place)):
                    yield name


def _changed_in(body: Sequence[ast.AST]) -> Iterator[str]:
    """Yield the names of what a loop changes in place: no expected values, but what it works on."""
    for node in (one for part in body for one in ast.walk(part)):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            yield root_of(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
            yield root_of(node.func)


def _inner(iterable: ast.expr, found: list[str], *, counts: bool = False) -> ast.expr:
    """Look through `enumerate(x)`, `range(len(x))` and `x.items()`."""
    if isinstance(iterable, ast.Call) and not iterable.keywords:
        function = iterable.func
        if isinstance(function, ast.Name) and function.id in ("enumerate", "range", "len") and iterable.args:
            iterable.args[0] = _inner(iterable.args[0], found, counts=function.id == "len")
            return iterable
        if isinstance(function, ast.Attribute) and function.attr in ("items", "keys") and not iterable.args:
            function.value = _inner(function.value, found)
            return iterable
    held = ast.Tuple([ast.Name(name, ast.Load()) for name in found], ast.Load())
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Call(ast.Name(OVER, ast.Load()), [iterable, ast.Lambda(nothing, held), ast.Constant(counts)], [])
