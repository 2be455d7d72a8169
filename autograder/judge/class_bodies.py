"""Names in the body of a test's class: Python looks them up past the names that a test gets from the student's side.

In a function it asks a test's namespace for each global name, in a class's body only for those that it holds already.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from typing import Any


class _Asking(ast.NodeTransformer):
    """Has names asked for by a function. bound: those that the class itself binds."""

    def __init__(self, bound: frozenset[str]) -> None:
        self._bound = bound

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Ask for a name that the class does not bind."""
        is_own = node.id in self._bound or node.id.startswith("__") or hasattr(builtins, node.id)
        if is_own or not isinstance(node.ctx, ast.Load):
            return node
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        return ast.Call(ast.Lambda(nothing, node), [], [])

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Of a method, only its decorators and its arguments' defaults are worked out in the class's body."""
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.args.defaults = [self.visit(one) for one in node.args.defaults]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Of a class in it, its bases."""
        node.bases = [self.visit(one) for one in node.bases]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Leave a function: it asks by itself."""
        return node

    def _short_loop(self, node: Any) -> ast.AST:
        node.generators[0].iter = self.visit(node.generators[0].iter)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Of a short loop, what it runs over."""
        return self._short_loop(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        """Of a short loop, what it runs over."""
        return self._short_loop(node)

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """Of a short loop, what it runs over."""
        return self._short_loop(node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """Of a short loop, what it runs over."""
        return self._short_loop(node)


def _bound_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that a class's body binds, without what its methods do."""
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
            continue
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        yield from _bound_in(ast.iter_child_nodes(node))


def asking(node: ast.ClassDef) -> ast.ClassDef:
    """Return a class whose body gets names of the student's side, as a function would."""
    visitor = _Asking(frozenset(_bound_in(node.body)))
    node.body = [visitor.visit(one) for one in node.body]
    return node
