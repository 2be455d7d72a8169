"""What the visible part of a test imports and defines, where students' code uses it: they have it in one process, too.

Students can read that part, and it runs on their side as an instructor's cell would; a hidden part never does.
"""

import ast
from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from autograder.notebook.plan import Plan, Side
from autograder.notebook.reads import names_mentioned
from autograder.notebook.sources import bound_names, parsed, used_names

if TYPE_CHECKING:
    from autograder.judge.namespace import TestNamespace
    from autograder.judge.session import Session

DEFINING = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _names_a_lambda(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Lambda):
        return False
    return all(isinstance(one, ast.Name) for one in statement.targets)


@lru_cache(maxsize=512)
def definitions_in(visible: str) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Return the imports and definitions of a text, each with the names that it binds and those that it uses."""
    try:
        statements = [one for one in parsed(visible).body if isinstance(one, DEFINING) or _names_a_lambda(one)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    texts = map(ast.unparse, statements)
    return tuple((text, bound_names(text), used_names(one)) for text, one in zip(texts, statements, strict=True))


def needed(visible: str, wanted: Collection[str], without: Collection[str] = ()) -> str:
    """Return those that bind what is wanted, and what they use themselves. without: the texts of some to leave out."""
    found, names = dict[str, None](), set(wanted)
    definitions = tuple(one for one in definitions_in(visible) if one[0] not in without)
    for _ in definitions:
        more = [(text, used) for text, bound, used in definitions if text not in found and bound & names]
        if not more:
            break
        found |= dict.fromkeys(text for text, _ in more)
        names = names.union(*(used for _, used in more))
    return "\n".join(text for text, _, _ in definitions if text in found)


def names_read(plan: Plan) -> frozenset[str]:
    """Return the global names that students' cells mention; more may be looked up by other means."""
    if plan.read_names is not None:
        return frozenset(plan.read_names)
    return frozenset().union(*(names_mentioned(cell.source) for cell in plan.cells if cell.side is Side.STUDENT))


def give(session: "Session", namespace: "TestNamespace", visible: str, read: Collection[str]) -> None:
    """Run on the student's side what they use and have not. read: the names that their code mentions."""
    bound = frozenset[str]().union(*(names for _, names, _ in definitions_in(visible)))
    wanted = {name for name in bound if name in read and name not in namespace and not namespace.asks_for(name)}
    if wanted and (text := needed(visible, wanted)):
        session.run_cell(text, own=True)
