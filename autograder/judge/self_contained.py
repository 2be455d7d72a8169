"""Functions of a test that need nothing but their arguments, such as `lambda x: np.exp(x) - 2`.

Called back here, each of a thousand calls would take as long as a whole test. What stands in a visible part, and uses
no name but its own, Python's plain functions and those of the modules below, is the same on either side: so its text
travels, and the student's side makes the function of it. Whatever is expected of an answer is still reckoned here.
"""

import ast
import sys
import types
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

AS_TEXT, WITH_TEXT = "__as_text__", "__with_text__"
MOST_CHARACTERS = 2000
FUNCTIONS = frozenset((
    "abs", "all", "any", "bool", "complex", "divmod", "enumerate", "float", "int", "len", "list", "max", "min", "pow",
    "range", "reversed", "round", "sorted", "str", "sum", "tuple", "zip",
))  # fmt: skip
MODULES = ("numpy", "math", "cmath")
# Of NumPy, beside its ufuncs: what reckons with its arguments, and neither draws, reads, writes nor sets anything.
OF_NUMPY = frozenset((
    "pi", "e", "inf", "nan", "newaxis", "array", "asarray", "zeros", "ones", "eye", "zeros_like", "ones_like", "diag",
    "concatenate", "stack", "vstack", "hstack", "dot", "outer", "cross", "sum", "prod", "mean", "var", "std", "max",
    "min", "argmax", "argmin", "where", "clip", "cumsum", "linspace", "arange", "float64", "abs", "transpose", "trace",
    "linalg", "fft",
))  # fmt: skip
_EXPRESSIONS = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Constant, ast.Name, ast.Attribute, ast.Call,
    ast.Subscript, ast.Slice, ast.Tuple, ast.List, ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.keyword,
    ast.Starred, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context,
)  # fmt: skip
_STATEMENTS = (ast.Return, ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Break, ast.Continue)
_KINDS = (*_EXPRESSIONS, *_STATEMENTS, ast.arguments, ast.arg)

Uses = dict[str, frozenset[str]]
# The text of each such function, and what it uses of which module, by the name that it has for that.
_TEXTS: WeakKeyDictionary[Any, tuple[str, Uses]] = WeakKeyDictionary()


def uses_of(function: ast.Lambda | ast.FunctionDef) -> Uses | None:
    """Return what a self-contained function uses of modules, by each one's name in the text; None for any other."""
    inside = [node for part in _parts(function) for node in ast.walk(part)]
    given = [*function.args.defaults, *(one for one in function.args.kw_defaults if one is not None)]
    if not all(isinstance(node, _KINDS) for node in inside) or not all(isinstance(one, ast.Constant) for one in given):
        return None
    names = [node for node in inside if isinstance(node, ast.Name)]
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in inside if isinstance(node, ast.arg)}
    attributes = [node for node in inside if isinstance(node, ast.Attribute)]
    if any(node.attr.startswith("_") or not isinstance(node.ctx, ast.Load) for node in attributes):
        return None
    uses: dict[str, set[str]] = {}
    for node in attributes:
        if isinstance(node.value, ast.Name) and node.value.id not in own:
            uses.setdefault(node.value.id, set()).add(node.attr)
    free = {node.id for node in names} - own - FUNCTIONS - uses.keys()
    of_modules = sum(isinstance(node.value, ast.Name) and node.value.id in uses for node in attributes)
    bare = sum(node.id in uses for node in names) != of_modules
    return None if free or bare else {name: frozenset(found) for name, found in uses.items()}


def _parts(function: ast.Lambda | ast.FunctionDef) -> Iterator[ast.AST]:
    yield function.args
    if isinstance(function, ast.Lambda):
        yield function.body
    else:
        yield from function.body
        yield from function.decorator_list
        yield from [function.returns] if function.returns else []


class Marking(ast.NodeTransformer):
    """Has each self-contained function of a text remembered with its text, as it is made."""

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Have a lambda remembered."""
        told = _told(node)
        self.generic_visit(node)
        return node if told is None else ast.Call(ast.Name(AS_TEXT, ast.Load()), [node, *told], [])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Have a function remembered that has no decorator."""
        told = None if node.decorator_list else _told(node)
        self.generic_visit(node)
        if told is not None:
            node.decorator_list = [ast.Call(ast.Name(WITH_TEXT, ast.Load()), told, [])]
        return node


def _told(function: ast.Lambda | ast.FunctionDef) -> list[ast.expr] | None:
    uses, text = uses_of(function), ast.unparse(function)
    if uses is None or len(text) > MOST_CHARACTERS:
        return None
    of_each: list[ast.expr] = [
        ast.Tuple([ast.Constant(one) for one in sorted(uses[name])], ast.Load()) for name in uses
    ]
    return [ast.Constant(text), ast.Dict([ast.Constant(name) for name in uses], of_each)]


def as_text(function: Any, text: str, uses: dict[str, tuple[str, ...]]) -> Any:
    """Remember a function's text, and return the function."""
    _TEXTS[function] = text, {name: frozenset(found) for name, found in uses.items()}
    return function


def with_text(text: str, uses: dict[str, tuple[str, ...]]) -> Any:
    """Return the decorator that remembers a function's text."""
    return lambda function: as_text(function, text, uses)


def text_of(function: types.FunctionType) -> list[Any] | None:
    """Return a function's text, and the names of the modules that it uses by what it calls them; None if it has none.

    None as well where a name means another module now than one that reckons, or what is used is of another kind.
    """
    text, uses = _TEXTS.get(function, ("", {}))
    modules = {name: _module_of(function, name, used) for name, used in uses.items()}
    return [text, modules] if text and None not in modules.values() else None


def _module_of(function: types.FunctionType, name: str, used: frozenset[str]) -> str | None:
    try:
        held = function.__globals__[name]
    except KeyError:
        return None
    found = next((module for module in MODULES if held is sys.modules.get(module)), None)
    if found == "numpy" and not all(one in OF_NUMPY or isinstance(getattr(np, one, None), np.ufunc) for one in used):
        return None
    return found
