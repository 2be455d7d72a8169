"""The statements of tests and of an instructor's cells, read once for all submissions.

A judge is forked for each submission; what the server that forks it has read already costs it nothing.
"""

import ast
import asyncio
import inspect
from dataclasses import dataclass
from functools import cached_property, lru_cache
from traceback import walk_tb
from types import CodeType
from typing import Any

from autograder.callloop import waiting_modules
from autograder.judge import lines_of_tests
from autograder.judge.rewriting import rewritten
from autograder.notebook.sources import bound_names, hidden_lines, made_names, parsed, used_names

MOST_CELLS = 1024
WITH_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True)
class Statement:
    """One statement at the top level of a cell.

    is_hidden: whether it stands in a hidden part, or touches one. made: the names that it binds or may
    change in place. used: those that it reads.
    """

    node: ast.stmt
    filename: str
    is_hidden: bool
    made: frozenset[str]
    used: frozenset[str]

    @cached_property
    def _code(self) -> CodeType:
        node = rewritten(self.node, is_visible=not self.is_hidden)
        if isinstance(node, ast.Expr):
            return compile(ast.Expression(node.value), self.filename, "eval", WITH_AWAIT)
        assert isinstance(node, ast.stmt)
        return compile(ast.Module([node], []), self.filename, "exec", WITH_AWAIT)

    def read(self) -> None:
        """Compile it. Raises SyntaxError."""
        _ = self._code

    def run(self, namespace: dict[str, Any]) -> Any:
        """Run it, and return its value if it is an expression, else None."""
        if waiting_modules.bind(self.node, namespace):
            return None
        value = eval(self._code, namespace)  # noqa: S307 - the instructor's own test
        # As in a notebook, where a cell may await what it likes.
        return asyncio.run(value) if self._code.co_flags & inspect.CO_COROUTINE else value

    def failed_assertion(self, error: BaseException) -> str:
        """Return the condition of its own that an AssertionError came from, as it is written; "" for any other."""
        lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == self.filename]
        own = [one for one in ast.walk(self.node) if isinstance(one, ast.Assert)] if lines else []
        found = next((one for one in own if one.lineno <= lines[-1] <= (one.end_lineno or one.lineno)), None)
        return ast.unparse(found.test) if found is not None else ""

    @property
    def is_assignment(self) -> bool:
        """Tell whether it does nothing but assign to names anew."""
        return isinstance(self.node, (ast.Assign, ast.AnnAssign))


@lru_cache(maxsize=MOST_CELLS)
def statements(source: str, filename: str) -> tuple[Statement, ...]:
    """Return the statements of a cell. Raises SyntaxError."""
    hidden = hidden_lines(source)
    tree = parsed(source, strict=True)
    lines_of_tests.look(filename, tree)
    return tuple(
        Statement(node, filename, _touches(node, hidden), made_names(node), used_names(node)) for node in tree.body
    )


def _touches(statement: ast.stmt, lines: frozenset[int]) -> bool:
    return any(line in lines for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))


visible_names = lru_cache(maxsize=MOST_CELLS)(bound_names)


TESTS = "<test "


def test_name(grade_id: str) -> str:
    """Return what a traceback calls a test."""
    return f"{TESTS}{grade_id}>"


INSTRUCTORS_CELL = "<instructor's cell>"
