"""Classes that the visible part of a test defines, and what of them students' code is to have.

A class that is derived from a student's, decorated by a function of theirs or made of their descriptors is theirs in
part. Objects of any other are passed to students' code. Neither holds a secret, because students can read that part;
what asserts something stays with the tests.
"""

import ast
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from autograder.notebook.class_attributes import changed_attributes
from autograder.notebook.reads import names_in_functions
from autograder.notebook.sources import bound_names, hidden_lines, made_names, parsed, used_names, visible_part

LEAVING_ALONE = frozenset((
    "__init__", "__new__", "__post_init__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__",
    "__repr__", "__str__", "__format__", "__len__", "__bool__",
))  # fmt: skip
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def asserts(node: ast.ClassDef) -> bool:
    """Tell whether a class asserts something itself."""
    if any("TestCase" in ast.unparse(base) for base in node.bases):
        return True
    for one in ast.walk(node):
        if isinstance(one, ast.Assert):
            return True
        word = one.attr if isinstance(one, ast.Attribute) else one.id if isinstance(one, ast.Name) else ""
        if word.lower().startswith("assert"):
            return True
    return False


def decides(node: ast.ClassDef) -> bool:
    """Tell whether a class compares with a value that it writes out; on the students' side it could be made to lie."""
    compared = [one for one in ast.walk(node) if isinstance(one, ast.Compare)]
    operands = [operand for one in compared for operand in (one.left, *one.comparators)]
    return any(isinstance(part, ast.Constant) and part.value is not None for one in operands for part in ast.walk(one))


def _names(nodes: Collection[ast.AST]) -> Iterator[str]:
    return (one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name))


def _deciding(node: ast.ClassDef, classes: Collection[str]) -> frozenset[str]:
    """Return the names that say what kind of class it is. classes: those that students are asked to define.

    What the body merely calls, as it makes the test's own data, does not.
    """
    found = set(_names([*node.bases, *(one.value for one in node.keywords), *node.decorator_list]))
    for one in node.body:
        if isinstance(one, FUNCTIONS):
            found |= set(_names(one.decorator_list))
        elif isinstance(one, ast.Assign | ast.AnnAssign) and isinstance(one.value, ast.Call):
            found |= set(_names([one.value.func])) & set(classes)
    return frozenset(found)


def students_in_part(node: ast.ClassDef, asked: Collection[str], classes: Collection[str]) -> frozenset[str]:
    """Return the students' names that make a test's class one of theirs. asked: names that they are asked to define."""
    return _deciding(node, classes) & frozenset(asked)


def acts(node: ast.ClassDef) -> bool:
    """Tell whether a class has methods that may be meant to change its objects."""
    return any(isinstance(one, FUNCTIONS) and one.name not in LEAVING_ALONE for one in node.body)


def changes_itself(node: ast.ClassDef, source: str) -> bool:
    """Tell whether a text changes what a class itself holds, of which either side would have its own."""
    return any(name == node.name for name, _ in changed_attributes(source))


def _changed_by_hidden(source: str) -> set[str]:
    """Return the names that the hidden part of a test binds or changes, or that hold what it has made."""
    hidden, secret = hidden_lines(source), set[str]()
    for one in parsed(source).body if hidden else ():
        lines = range(one.lineno, (one.end_lineno or one.lineno) + 1)
        if not hidden.isdisjoint(lines) or not used_names(one).isdisjoint(secret):
            secret |= made_names(one)
    return secret


@lru_cache(maxsize=512)
def classes_given(source: str) -> dict[str, ast.ClassDef]:
    """Return the classes that students' code may have, of those at the top level of a test, by their names."""
    try:
        found = [one for one in parsed(visible_part(source)).body if isinstance(one, ast.ClassDef)]
        secret = _changed_by_hidden(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    kept = {
        one.name for one in found
        if asserts(one) or not secret.isdisjoint({one.name, *names_in_functions(ast.unparse(one))})
    }  # fmt: skip
    return {one.name: one for one in found if one.name not in kept}


def names_hidden(cells: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Return the names that only hidden parts bind, which students' code never gets. cells: texts; whether a test's."""
    hidden, shown = set[str](), set[str]()
    for source, is_test in cells:
        visible = bound_names(visible_part(source) if is_test else source)
        shown |= visible
        hidden |= bound_names(source) - visible
    return frozenset(hidden - shown)


def classes_unmade(source: str, hidden: Collection[str]) -> frozenset[str]:
    """Return the classes of a test's visible part that work with what only hidden parts bind."""
    return frozenset(name for name, one in classes_given(source).items() if not used_names(one).isdisjoint(hidden))


def classes_kept(source: str) -> frozenset[str]:
    """Return the classes of a test that students' code can't have objects of."""
    given = {name for name, one in classes_given(source).items() if not changes_itself(one, source)}
    try:
        return frozenset(one.name for one in ast.walk(parsed(source)) if isinstance(one, ast.ClassDef)) - given
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
