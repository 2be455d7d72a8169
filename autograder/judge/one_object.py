"""Whether what two names of the student's hold is one object, and one with what holds it: `a is b`, `data["k"] is a`.

Each name comes as a value of its own, and equal values would be two objects. So where a test asks which are one,
lists, dicts, sets and arrays are held on both sides, under one number; and of all else that two names hold, or where a
test changes what one of them holds, the student's side is asked.
"""

import ast
import builtins
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from autograder.callloop.kept import KINDS
from autograder.judge.asking import asked_aside
from autograder.judge.proxies import is_same
from autograder.judge.student_name import StudentName
from autograder.notebook.purity import MUTATING, root_of
from autograder.notebook.sources import bound_names, parsed

if TYPE_CHECKING:
    from autograder.judge.namespace import TestNamespace
    from autograder.judge.session import Session

ASSERTIONS = frozenset(("assertIs", "assertIsNot", "is_", "is_not"))


@lru_cache(maxsize=512)
def asks_for_objects(source: str) -> bool:
    """Tell whether a test asks which names hold one object."""
    return any(map(_asks, _nodes(source)))


@lru_cache(maxsize=512)
def changes_objects(source: str) -> bool:
    """Tell whether a test changes what a name that is not its own holds, which another name may hold as well."""
    return not _changed(_nodes(source)) <= bound_names(source)


def _nodes(source: str) -> list[ast.AST]:
    try:
        return list(ast.walk(parsed(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _asks(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        is_one = any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)
        return is_one and not any(map(_is_known, (node.left, *node.comparators)))
    called = node.func if isinstance(node, ast.Call) else None
    return (isinstance(called, ast.Name) and called.id == "id") or (
        isinstance(called, ast.Attribute) and called.attr in ASSERTIONS
    )


def _is_known(node: ast.expr) -> bool:
    """Tell whether an expression is one of a kind: a constant, a class, NumPy's NaN."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "type"
    is_class = isinstance(node, ast.Name) and hasattr(builtins, node.id)
    return is_class or isinstance(node, ast.Constant | ast.Attribute)


def _changed(nodes: list[ast.AST]) -> set[str]:
    """Return the names that hold what a text may change in place."""
    changed = set()
    for node in nodes:
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed.add(root_of(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
            changed.add(root_of(node.func))
    return changed - {""}


def begin_test(session: "Session", namespace: "TestNamespace", source: str) -> None:
    """Take note of what a test that is about to run asks of objects, and does with them."""
    session.keeps_objects, namespace.changes_objects = asks_for_objects(source), changes_objects(source)


def is_one(namespace: "TestNamespace", session: "Session", one: Any, other: Any) -> bool:
    """Tell whether two values are one, as `is` does; of what two names of the student's hold, their side is asked."""
    if is_same(one, other):
        return True
    names = [namespace.name_of_copy(value) for value in (one, other)]
    if None in names or type(one) is not type(other):
        return False
    return session.apply("is", [StudentName(str(name)) for name in names]) is True


def held_already(session: "Session", name: str, copies: Mapping[str, Any]) -> Any:
    """Return the copy that a test has of another name's object, if this name holds that very one; else None."""
    for other, held in copies.items():
        if type(held) in KINDS and asked_aside(session, "is", StudentName(name), StudentName(other)) is True:
            return held
    return None
