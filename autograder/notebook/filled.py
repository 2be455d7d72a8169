"""What the instructor's own code keeps and students' cells fill: a module's registry, a class's list of its classes.

It is filled where the students' code runs. So it is to be read there, unlike anything else of the instructor's: what
the assignment's own answers fill nothing of, no student's code changes for the tests.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from autograder.notebook.class_attributes import changed_attributes
from autograder.notebook.purity import MUTATING, root_of
from autograder.notebook.sources import parsed

# A module's name or "", a class's name or "", and the name of what is kept there.
Place = tuple[str, str, str]
Definition = ast.FunctionDef | ast.ClassDef


def filled_places(
    own_cells: Iterable[str], modules: Iterable[tuple[str, str]], solutions: Iterable[str]
) -> frozenset[Place]:
    """Return what the instructor's cells and modules keep that their own answers fill. modules: names and texts."""
    used = frozenset().union(*map(_mentioned, solutions))
    found = [("", kind, name) for filler, kind, name in _fillers("\n".join(own_cells)) if kind and filler in used]
    for module, text in modules:
        found += [(module, kind, name) for filler, kind, name in _fillers(text) if filler in used]
    return frozenset(found)


@lru_cache(maxsize=64)
def _mentioned(source: str) -> frozenset[str]:
    try:
        nodes = list(ast.walk(parsed(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(names | {node.attr for node in nodes if isinstance(node, ast.Attribute)})


def _fillers(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the functions and classes of a text, each with a class or "" and the name of what it changes there."""
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    held = {one.id for node in tree.body for one in _targets(node) if isinstance(one, ast.Name)}
    for definition in tree.body:
        if isinstance(definition, Definition):
            for name in _changed(definition) & held:
                yield definition.name, "", name
            for kind, name in changed_attributes(ast.unparse(definition)):
                yield definition.name, kind, name


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        parts = [one.elts if isinstance(one, ast.Tuple | ast.List) else [one] for one in node.targets]
        return [target for part in parts for target in part]
    return [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else []


def _changed(definition: Definition) -> set[str]:
    """Return the names of what a function or the methods of a class may change outside themselves."""
    outside = {name for node in ast.walk(definition) if isinstance(node, ast.Global) for name in node.names}
    changed = set()
    for node in ast.walk(definition):
        changed |= {root_of(one) for one in _targets(node) if isinstance(one, ast.Subscript)}
        changed |= {one.id for one in _targets(node) if isinstance(one, ast.Name)} & outside
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATING:
            inner = node.func.value
            # As in `handlers.setdefault(name, []).append(function)`.
            changed.add(root_of(inner.func if isinstance(inner, ast.Call) else inner))
    return changed
