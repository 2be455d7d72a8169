"""What can be read off a cell's text without running it: names, definitions, hidden parts, magics."""

import ast
import re
from collections.abc import Collection

BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
_MAGIC_LINE = re.compile(r"^\s*[%!]")


def without_magics(source: str) -> str:
    """Blank out lines that are magics, which mean nothing on the grader's side."""
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join(
        "pass" if _MAGIC_LINE.match(line) and not line[0].isspace() else line for line in source.split("\n")
    )


def parsed(source: str) -> ast.Module:
    """Return the syntax tree of a cell. Raises SyntaxError."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse(without_magics(source))


def hidden_lines(source: str) -> frozenset[int]:
    """Return the numbers, from 1, of the lines in a test cell's hidden parts, with their marks."""
    found, hidden = set(), False
    for number, line in enumerate(source.split("\n"), start=1):
        if BEGIN_HIDDEN in line:
            hidden = True
        if hidden:
            found.add(number)
        if END_HIDDEN in line:
            found.add(number)
            hidden = False
    return frozenset(found)


def visible_part(source: str) -> str:
    """Return a test cell's text without its hidden parts."""
    hidden = hidden_lines(source)
    return "\n".join(line for number, line in enumerate(source.split("\n"), start=1) if number not in hidden)


def _targets(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)}


def bound_names(source: str, *, imports: bool = True) -> frozenset[str]:
    """Return the names that a cell binds at its top level: by definitions, assignments, and imports."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
            continue
        for node in ast.walk(statement):
            if imports and isinstance(node, (ast.Import, ast.ImportFrom)):
                names.update((alias.asname or alias.name.split(".")[0]) for alias in node.names)
        names |= _targets(statement)
    return frozenset(names)


def used_names(statement: ast.stmt) -> frozenset[str]:
    """Return every name that a statement reads anywhere in it, in the bodies of functions too."""
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    changed = (node.target for node in ast.walk(statement) if isinstance(node, ast.AugAssign))
    return frozenset(names | {target.id for target in changed if isinstance(target, ast.Name)})


def _root(node: ast.AST) -> str:
    """Return the name that an attribute or an item is of: `a` for `a.b[0]`; "" for anything else."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def made_names(statement: ast.stmt) -> frozenset[str]:
    """Return every name that a statement binds, or may change in place by an item, an attribute or a method."""
    names = set(bound_names(ast.unparse(statement)))
    for node in ast.walk(statement):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            names.add(_root(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            names.add(_root(node.value.func) if isinstance(node.value.func, ast.Attribute) else "")
    return frozenset(names - {""})


def definitions(source: str, *, imports_only: bool = False, without: Collection[str] = ()) -> str:
    """Return a cell's imports, and its functions and classes unless only imports are wanted.

    without: names of functions and classes to leave out.
    """
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""

    def wanted(statement: ast.stmt) -> bool:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return True
        is_definition = isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        return is_definition and not imports_only and statement.name not in without  # type: ignore[attr-defined]

    return "\n".join(ast.unparse(statement) for statement in tree.body if wanted(statement))


def imported_modules(source: str) -> frozenset[str]:
    """Return the full names of the modules that a cell imports anywhere."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return frozenset(names)
