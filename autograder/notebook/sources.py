"""What can be read off a cell's text without running it: names, definitions, hidden parts, magics."""

import ast
import re
import threading
from collections.abc import Collection
from functools import lru_cache

BEGIN_HIDDEN, END_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
# What makes, when it is called, a function or an object that compares answers.
TOOL_MAKERS = frozenset({"partial", "TestCase"})
_ASSESSED = re.compile(r"""\.assess\(\s*["'](\w+)["']""")
_MAGIC_LINE = re.compile(r"^(\s*)%(\w+)\s*(.*)$")
# Magics that change nothing about what a test says of an answer; those that run what stands after them; and
# those of a whole cell, which run what stands below.
HARMLESS_MAGICS = frozenset((
    "matplotlib", "load_ext", "reload_ext", "autoreload", "config", "precision", "pylab", "reset_selective",
))  # fmt: skip
RUNNING_MAGICS = frozenset(("time", "timeit", "prun", "memit"))
RUNNING_CELL_MAGICS = frozenset(("time", "timeit", "capture"))
_OPTIONS = re.compile(r"^(?:-[a-z]\S*\s+(?:\d+\s+)?)+")


def assessed_names(source: str) -> frozenset[str]:
    """Return the names of the exercises that a test cell has assessed."""
    return frozenset(_ASSESSED.findall(source))


def without_magics(source: str) -> str:
    """Return a cell with its magics as plain Python: harmless ones as nothing, others as what they run.

    What means anything else, such as a shell command, stays and is no Python.
    """
    head, _, rest = source.lstrip().partition("\n")
    if head.startswith("%%"):
        if head[2:].split(maxsplit=1)[:1] and head[2:].split(maxsplit=1)[0] in RUNNING_CELL_MAGICS:
            before = source[: len(source) - len(source.lstrip())]
            return f"{before}\n{without_magics(rest)}"
        return source
    return "\n".join(map(_without_magic, source.split("\n")))


def _without_magic(line: str) -> str:
    found = _MAGIC_LINE.match(line)
    if found is None:
        return line
    space, name, rest = found.groups()
    if name in RUNNING_MAGICS:
        return space + (_OPTIONS.sub("", rest) or "pass")
    return f"{space}pass" if name in HARMLESS_MAGICS else line


# Python before 3.11.5 counts the depth of a tree in one place for all threads, and raises SystemError where
# two of them make trees at once (python/cpython#106905).
_one_at_a_time = threading.Lock()


def parsed(source: str, *, strict: bool = False) -> ast.Module:
    """Return the syntax tree of a cell. Raises SyntaxError.

    strict: whether a magic or shell command that means something is an error too, and not left out.
    """
    with _one_at_a_time:
        try:
            return ast.parse(source)
        except SyntaxError:
            plain = without_magics(source)
        try:
            return ast.parse(plain)
        except SyntaxError:
            if strict:
                raise
            return ast.parse(_blanked(plain))


def _blanked(source: str) -> str:
    if source.lstrip().startswith("%%"):
        return ""
    return "\n".join("pass" if line[:1] in ("%", "!") else line for line in source.split("\n"))


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


def definition_of(name: str, source: str) -> str | None:
    """Return the text of the last definition of a function, lambda or class in a cell; None if there is none."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    named = [node for node in ast.walk(tree) if isinstance(node, kinds) and node.name == name]
    named += [node for node in tree.body if isinstance(node, ast.Assign) and name in _targets(node)]  # type: ignore[misc]
    if not named:
        return None
    node = named[-1]
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    return "\n".join(source.split("\n")[first - 1 : node.end_lineno]) + "\n"


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


def global_names(source: str) -> frozenset[str]:
    """Return the names that functions of a cell bind outside themselves, by `global`."""
    try:
        found = (node.names for node in ast.walk(parsed(source)) if isinstance(node, ast.Global))
        return frozenset(name for names in found for name in names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


def class_names(source: str) -> frozenset[str]:
    """Return the names of the classes that a cell defines at its top level."""
    try:
        return frozenset(one.name for one in parsed(source).body if isinstance(one, ast.ClassDef))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()


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


def imported_names(source: str) -> frozenset[str]:
    """Return the names that a cell binds by imports, anywhere."""
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    nodes = (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))
    return frozenset(alias.asname or alias.name.split(".")[0] for node in nodes for alias in node.names)


def _made_tool(statement: ast.stmt, known: Collection[str], classes: Collection[str]) -> ast.stmt | None:
    """Return what binds a name to a tool of the tests, or None for any other statement.

    A lambda, another name of a function that was imported, a partial, an object of a class that checks.
    known: names that were imported, and those of other tools. classes: names of the instructor's classes.
    """
    if not isinstance(statement, ast.Assign) or not all(isinstance(one, ast.Name) for one in statement.targets):
        return None
    value = statement.value
    if isinstance(value, ast.Lambda):
        return statement
    if isinstance(value, ast.Call):
        made = value.func.attr if isinstance(value.func, ast.Attribute) else _root(value.func)
        return statement if made in TOOL_MAKERS or made in classes else None
    if isinstance(value, (ast.Name, ast.Attribute)) and _root(value) in known:
        is_function = ast.Call(ast.Name("callable", ast.Load()), [value], [])
        return ast.If(is_function, [statement], [])
    return None


def definitions(
    source: str, *, imports_only: bool = False, without: Collection[str] = (), imported: Collection[str] = ()
) -> str:
    """Return a cell's imports, and its functions, classes and tools of the tests unless only imports are wanted.

    without: names to leave out. imported: names that other cells import.
    """
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    classes = {one.name for one in tree.body if isinstance(one, ast.ClassDef)}
    known = set(imported)

    def kept(statement: ast.stmt) -> ast.stmt | None:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return statement
        if imports_only:
            return None
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return statement if statement.name not in without else None
        if isinstance(statement, (ast.If, ast.Try)):
            inner = [one for one in _statements_in(statement) if not isinstance(one, ast.Pass)]
            return statement if inner and all(kept(one) for one in inner) else None
        tool = None if _targets(statement) & set(without) else _made_tool(statement, known, classes)
        known.update(_targets(statement) if tool is not None else ())
        return tool

    found = (kept(statement) for statement in tree.body)
    return "\n".join(ast.unparse(statement) for statement in found if statement is not None)


def perhaps_data(source: str) -> frozenset[str]:
    """Return the names that `definitions` gives to another name of what was imported, which may be plain data."""
    conditional = (one for one in parsed(source).body if isinstance(one, ast.If) and isinstance(one.test, ast.Call))
    names = (
        _targets(one) for one in conditional if isinstance(one.test, ast.Call) and _root(one.test.func) == "callable"
    )
    return frozenset().union(*names)


def derived_names(source: str, names: Collection[str]) -> frozenset[str]:
    """Return the classes at a text's top level whose bases mention any of the names."""
    classes = [one for one in parsed(source).body if isinstance(one, ast.ClassDef)]
    mentioned = {
        one.name: {part.id for base in one.bases for part in ast.walk(base) if isinstance(part, ast.Name)}
        for one in classes
    }
    return frozenset(name for name, used in mentioned.items() if used & set(names))


def _statements_in(statement: ast.If | ast.Try) -> list[ast.stmt]:
    """Return what the branches of a statement hold."""
    branches = [statement.body, statement.orelse]
    if isinstance(statement, ast.Try):
        branches += [statement.finalbody, *(handler.body for handler in statement.handlers)]
    return [one for branch in branches for one in branch]


def import_aliases(source: str) -> dict[str, str]:
    """Return the modules that a text of plain import statements binds to names, by name, wherever they stand."""
    found = re.findall(r"^[^\S\n]*import ([\w.]+)(?: as (\w+))?", source, re.MULTILINE)
    return {alias or module.partition(".")[0]: module if alias else module.partition(".")[0] for module, alias in found}


@lru_cache(maxsize=1024)
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
