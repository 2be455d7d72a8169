"""Whether what two names of the student's hold is one object, and one with what holds it: `a is b`, `data["k"] is a`.

Each name comes as a value of its own, and equal values would be two objects. So where a test asks which are one, or
changes one and looks at another, lists, dicts, sets and arrays are held on both sides, under one number; and of all
else that two names hold the student's side is asked.
"""

import ast
from functools import lru_cache
from typing import TYPE_CHECKING, Any

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
    """Tell whether a test asks which names hold one object, or changes what a name that is not its own holds."""
    try:
        nodes = list(ast.walk(parsed(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(map(_asks, nodes)) or not _changed(nodes) <= bound_names(source)


def _asks(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        operands = (node.left, *node.comparators)
        is_one = any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)
        return is_one and not any(isinstance(one, ast.Constant) for one in operands)
    called = node.func if isinstance(node, ast.Call) else None
    return (isinstance(called, ast.Name) and called.id == "id") or (
        isinstance(called, ast.Attribute) and called.attr in ASSERTIONS
    )


def _changed(nodes: list[ast.AST]) -> set[str]:
    """Return the names that hold what a text may change in place."""
    changed = set()
    for node in nodes:
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed.add(root_of(node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
            changed.add(root_of(node.func))
    return changed - {""}


def is_one(namespace: "TestNamespace", session: "Session", one: Any, other: Any) -> bool:
    """Tell whether two values are one, as `is` does; of what two names of the student's hold, their side is asked."""
    if is_same(one, other):
        return True
    names = [namespace.name_of_copy(value) for value in (one, other)]
    if None in names or type(one) is not type(other):
        return False
    return session.apply("is", [StudentName(str(name)) for name in names]) is True
