"""Which tests look at files: by their own text, or by what they use of an instructor's that does."""

import ast
import base64
import re
from functools import lru_cache

from autograder.notebook.plan import Plan, Side
from autograder.notebook.reads import LOOKS_AT_FILES
from autograder.notebook.sources import bound_names, parsed

_WORD = re.compile(r"[^\W\d]\w*")


def _imported_from(source: str, modules: frozenset[str]) -> set[str]:
    """Return the names that a text has of some modules."""
    names = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            found = [one for one in node.names if one.name.partition(".")[0] in modules]
            names |= {one.asname or one.name.partition(".")[0] for one in found}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in modules:
            names |= {one.asname or one.name for one in node.names}
    return names


def helpers_with_files(plan: Plan) -> frozenset[str]:
    """Return the names in an instructor's cells and modules that look at files."""
    cells = tuple(cell.source for cell in plan.cells if cell.side in (Side.INSTRUCTOR, Side.DEFINITIONS))
    return _names_for_files(cells, plan.modules)


@lru_cache(maxsize=64)
def _names_for_files(cells: tuple[str, ...], modules: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Return the names of instructors that look at files. modules: each one's path, and its text in base 64."""
    looking = frozenset(
        name.partition("/")[0].removesuffix(".py")
        for name, text in modules
        if LOOKS_AT_FILES.search(base64.b64decode(text).decode("utf-8", "replace"))
    )
    names = set(looking)
    for source in cells:
        try:
            functions = [node for node in parsed(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
            names |= {one.name for one in functions if LOOKS_AT_FILES.search(ast.unparse(one))}
            names |= _imported_from(source, looking)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            names |= bound_names(source) if LOOKS_AT_FILES.search(source) else set()
    return frozenset(names)


@lru_cache(maxsize=4096)
def looks_at_files(source: str, helpers: frozenset[str]) -> bool:
    """Tell whether a test looks at files. helpers: the instructor's names that do."""
    return bool(LOOKS_AT_FILES.search(source)) or not helpers.isdisjoint(_WORD.findall(source))
