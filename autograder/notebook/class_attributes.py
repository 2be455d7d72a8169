"""Attributes of classes themselves, as a text reads and changes them."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from autograder.notebook.sources import parsed

CHANGING = frozenset((
    "append", "add", "extend", "update", "pop", "popitem", "remove", "clear", "insert", "setdefault", "discard", "sort",
))  # fmt: skip


def _of_own_class(node: ast.expr) -> bool:
    """Tell whether an expression in a method is its object's class: cls, type(self) or self.__class__."""
    return ast.unparse(node) in ("cls", "type(self)", "self.__class__", "__class__")


def _changed_nodes(tree: ast.AST) -> Iterator[ast.Attribute]:
    """Yield the attributes that a text assigns to, item by item or as a whole, or calls a changing method of."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        elif isinstance(node, ast.Delete):
            targets = node.targets
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
            targets = [node.func.value]
        for target in targets:
            held = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(held, ast.Attribute):
                yield held


@lru_cache(maxsize=64)
def changed_attributes(source: str) -> frozenset[tuple[str, str]]:
    """Return the attributes of classes that a text changes, each with the class's name."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found = {(node.value.id, node.attr) for node in _changed_nodes(tree) if isinstance(node.value, ast.Name)}
    for kind in ast.walk(tree):
        if isinstance(kind, ast.ClassDef):
            own = {node.attr for node in _changed_nodes(kind) if _of_own_class(node.value)}
            # On `self`, a list of the class's is changed in place, where no method assigns one of the object's own.
            on_self = [node for node in _changed_nodes(kind) if ast.unparse(node.value) == "self"]
            given = {node.attr for node in ast.walk(kind) if isinstance(node, ast.Attribute) and _is_given(node)}
            own |= {node.attr for node in on_self} - given
            found |= {(kind.name, name) for name in own}
    return frozenset(found)


def _is_given(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name) and node.value.id == "self"


@lru_cache(maxsize=512)
def read_attributes(source: str) -> frozenset[tuple[str, str]]:
    """Return the attributes of names that a text mentions."""
    try:
        nodes = [node for node in ast.walk(parsed(source)) if isinstance(node, ast.Attribute)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(
        (node.value.id, node.attr)
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    )
