"""Changes to what is called and to what it is called with: axes, arguments, one function for another."""

import ast
from collections.abc import Iterator

from autograder.verify.operators import operator
from autograder.verify.scope import Scope

OTHER_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "sum": ("mean", "max", "prod"),
    "mean": ("sum", "median", "max"),
    "max": ("min", "mean", "sum"),
    "min": ("max", "mean", "sum"),
    "maximum": ("minimum", "add", "fmax"),
    "minimum": ("maximum", "add"),
    "exp": ("expm1", "exp2", "log"),
    "log": ("log1p", "log2", "log10", "exp"),
    "abs": ("sign", "negative", "square"),
    "zeros_like": ("ones_like",),
    "zeros": ("ones",),
    "eye": ("ones", "zeros"),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "tanh": ("sinh", "tan"),
    "sqrt": ("square",),
    "sin": ("cos",),
    "cos": ("sin",),
    "diag": ("sum", "tril"),
}
# Exchanging these functions' arguments changes nothing.
SYMMETRIC = {"maximum", "minimum", "add", "multiply", "hypot", "isclose"}
MOST_AXES = 2


def _named(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


@operator("another function", "call")
def _other_function(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for other in OTHER_FUNCTIONS.get(node.func.attr, ()):
            keywords = [one for one in node.keywords if other not in {"ones", "zeros"} or one.arg == "dtype"]
            yield ast.Call(ast.Attribute(node.func.value, other, ast.Load()), node.args, keywords)


@operator("another exercise's function", "call")
def _sibling(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        for other, count in scope.siblings.items():
            if other != node.func.id and count >= len(node.args) and node.func.id in scope.siblings:
                yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)


@operator("call dropped", "call")
def _call_dropped(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        if node.args and not isinstance(node.args[0], ast.Starred):
            yield node.args[0]
        if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
            yield node.func.value


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"np", "numpy", "math"}


@operator("arguments exchanged", "order")
def _arguments(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Call) or _named(node) in SYMMETRIC:
        return
    for place in range(len(node.args) - 1):
        changed = list(node.args)
        changed[place], changed[place + 1] = changed[place + 1], changed[place]
        yield ast.Call(node.func, changed, node.keywords)


@operator("argument dropped", "drop")
def _argument_dropped(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        for place in range(1, len(node.args)):
            yield ast.Call(node.func, node.args[:place] + node.args[place + 1 :], node.keywords)
        for place in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:place] + node.keywords[place + 1 :])


def _with_keyword(node: ast.Call, name: str, value: ast.expr) -> ast.Call:
    changed = [ast.keyword(one.arg, value) if one.arg == name else one for one in node.keywords]
    return ast.Call(node.func, node.args, changed)


@operator("another axis", "axis")
def _axis(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        if keyword.arg == "axis":
            was = ast.literal_eval(keyword.value) if isinstance(keyword.value, (ast.Constant, ast.UnaryOp)) else None
            others: tuple[int | None, ...] = (0, None) if was in (1, -1) else (1, None)
            for axis in others:
                yield _with_keyword(node, "axis", ast.Constant(axis))


@operator("keepdims changed", "axis")
def _keepdims(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        if keyword.arg == "keepdims" and isinstance(keyword.value, ast.Constant):
            yield _with_keyword(node, "keepdims", ast.Constant(not keyword.value.value))
    if any(one.arg == "axis" for one in node.keywords) and all(one.arg != "keepdims" for one in node.keywords):
        yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("keepdims", ast.Constant(value=True))])


@operator("dimension of another axis", "axis")
def _dimension(node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """Count along another axis: len(X) for X.shape[1], X.shape[1] for X.shape[0], and all entries."""
    match node:
        case ast.Subscript(value=ast.Attribute(value=array, attr="shape"), slice=ast.Constant(value=int(axis))):
            if scope.axes_of(array) == MOST_AXES:
                yield ast.Subscript(ast.Attribute(array, "shape", ast.Load()), ast.Constant(1 - axis), ast.Load())
        case ast.Call(func=ast.Name(id="len"), args=[array]) if scope.axes_of(array) == MOST_AXES:
            yield ast.Subscript(ast.Attribute(array, "shape", ast.Load()), ast.Constant(1), ast.Load())
        case _:
            return
    if scope.axes_of(array) == MOST_AXES:
        yield ast.Attribute(array, "size", ast.Load())
