"""Tests as they are run: `type(x)`, `x.__class__` and `x is y` look through a proxy, as no class of proxies could do.

`x > y`, `max(x, y)` and their like are watched, for what NaN makes of them; `zip(x, y)`, for what nothing makes of it.
"""

import ast
import copy
from collections.abc import Sequence
from itertools import count
from typing import Any

from autograder.judge.class_bodies import asking
from autograder.judge.looping import OVER, watched
from autograder.judge.not_a_number import EXTREMES, NAMED_ORDERS, ORDERS
from autograder.judge.self_contained import AS_TEXT, WITH_TEXT, Marking

TYPE_OF, IS, COMPARED, ORDERED = "__type_of__", "__is__", "__compared__", "__ordered__"
EXTREME, TOGETHER, OF_CLASS, SUPER = "__extreme__", "__together__", "__of_class__", "__super__"
# What an object or a class is asked for that a proxy's own class would answer.
ASKED_OF_CLASSES = ("__class__", "__bases__", "__base__", "__mro__")
PAIRING = ("zip", "map")
NAMES = (TYPE_OF, IS, COMPARED, ORDERED, EXTREME, TOGETHER, OF_CLASS, SUPER, OVER, AS_TEXT, WITH_TEXT)
_SITES = count()
_REWRITTEN = (
    "ClassDef(",
    "For(",
    "Comp(",
    "GeneratorExp(",
    "id='type'",
    "id='super'",
    "Is()",
    "IsNot()",
    *(f"{one}()" for one in ORDERS),
    *(f"id='{one}'" for one in (*EXTREMES, *PAIRING)),
)
_REWRITTEN += tuple(f"attr='{one}'" for one in (*NAMED_ORDERS, *ASKED_OF_CLASSES))


def _fails(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a test's statements are there to have it fail."""
    found = [node for one in body for node in ast.walk(one)]
    return any(isinstance(node, (ast.Raise, ast.Assert)) for node in found) or any(
        isinstance(node, ast.Constant) and node.value is False for node in found
    )


class _Rewriting(ast.NodeTransformer):
    """Has `type(x)` and `x is y` look at what a proxy stands for, and comparisons watched."""

    def __init__(self) -> None:
        # Whether what is visited has the test fail where it holds.
        self._decides = False

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Have a class get the student's names in its body."""
        self.generic_visit(node)
        return asking(node)

    def visit_For(self, node: ast.For) -> ast.AST:
        """Have a loop watched in which expected values are looked up."""
        node.iter = watched(node.target, node.iter, node.body)
        self.generic_visit(node)
        return node

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        """Have a loop in brackets watched."""
        return self._short_loop(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Have a loop that makes a list watched."""
        return self._short_loop(node)

    def _short_loop(self, node: Any) -> ast.AST:
        first = node.generators[0]
        first.iter = watched(first.target, first.iter, [node.elt])
        self.generic_visit(node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        """Rewrite a condition, on which a test may fail."""
        before, self._decides = self._decides, _fails(node.body)
        node.test = self.visit(node.test)
        self._decides = before
        node.body = [self.visit(one) for one in node.body]
        node.orelse = [self.visit(one) for one in node.orelse]
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """Rewrite an assertion: the test fails where what `not` denies holds."""
        before = self._decides
        self._decides = isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not)
        self.generic_visit(node)
        self._decides = before
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Rewrite `type(x)`, and have `max(x, y)` watched."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in NAMED_ORDERS:
            known = [node.func, ast.Constant(next(_SITES)), ast.Constant(self._decides)]
            return ast.Call(ast.Name(ORDERED, ast.Load()), [*known, *node.args], node.keywords)
        if isinstance(node.func, ast.Name) and node.func.id in PAIRING and len(node.args) > 1:
            return ast.Call(ast.Name(TOGETHER, ast.Load()), [node.func, *node.args], node.keywords)
        if isinstance(node.func, ast.Name) and node.func.id in EXTREMES:
            name = ast.Name(EXTREME, ast.Load())
            return ast.Call(name, [ast.Constant(next(_SITES)), node.func, *node.args], node.keywords)
        if isinstance(node.func, ast.Name) and node.func.id == "type" and len(node.args) == 1 and not node.keywords:
            node.func.id = TYPE_OF
        if isinstance(node.func, ast.Name) and node.func.id == "super" and len(node.args) > 1:
            node.func.id = SUPER
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Rewrite `x.__class__` and `X.__bases__`."""
        self.generic_visit(node)
        if node.attr not in ASKED_OF_CLASSES or not isinstance(node.ctx, ast.Load):
            return node
        return ast.Call(ast.Name(OF_CLASS, ast.Load()), [node.value, ast.Constant(node.attr)], [])

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Rewrite `x is y` and `x is not y`, where neither is a constant, and have `x > y` watched."""
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        if len(node.ops) == 1 and (order := type(node.ops[0]).__name__) in ORDERS:
            told: list[ast.expr] = [ast.Constant(one) for one in (order, next(_SITES), self._decides)]
            return ast.Call(ast.Name(COMPARED, ast.Load()), [*told, *operands], [])
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Is | ast.IsNot):
            return node
        if any(isinstance(one, ast.Constant) for one in operands):
            return node
        same = ast.Call(ast.Name(IS, ast.Load()), operands, [])
        return same if isinstance(node.ops[0], ast.Is) else ast.UnaryOp(ast.Not(), same)


def rewritten(node: ast.AST, *, is_visible: bool = False) -> ast.AST:
    """Return a statement, or a value's expression, that looks at proxies as at the objects behind them.

    is_visible: whether students may read it, so that functions that it makes can travel as their texts.
    """
    told = ast.dump(node)
    marks = is_visible and ("Lambda(" in told or "FunctionDef(" in told)
    if not marks and not any(one in told for one in _REWRITTEN):
        return node
    changed = copy.deepcopy(node)
    # First: what is remembered of a function is the text as it was written.
    changed = _Rewriting().visit(Marking().visit(changed) if marks else changed)
    return ast.fix_missing_locations(changed)
