"""Cells that need not run for a score: the instructor's demonstrations, whose results only a reader sees.

Figures and long trainings take far longer than all that is graded. A plain cell whose text is the
instructor's is left out where every test is of declared exercises, which make their own inputs, and
where nothing that runs mentions the data that the cell makes or might change. When in doubt it runs.
"""

import ast
import builtins
from collections.abc import Sequence
from functools import lru_cache

from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.notebook.reads import (
    HISTORY,
    LOOKS_AT_FILES,
    REFLECTION,
    look_names_up,
    names_mentioned,
    names_used,
    reads_and_binds,
)
from autograder.notebook.sources import assessed_names, bound_names, imported_names, parsed

_BUILTINS = frozenset(dir(builtins))


def superfluous(assignment: Assignment, cells: Sequence[tuple[Cell, bool]]) -> frozenset[int]:
    """Return the positions of the cells that need not run.

    cells: the code cells of a restored submission in order, each with whether it is the instructor's own.
    """
    if assignment.needs_manual or not _tests_make_their_inputs(assignment):
        return frozenset()
    shown = _demonstrations(assignment)
    candidates = {place for place, (cell, own) in enumerate(cells) if not own and cell.source in shown}
    needed = [one for place, one in enumerate(cells) if place not in candidates]
    if not candidates or look_names_up(cell.source for cell, own in needed if not own):
        return frozenset()
    used = frozenset().union(
        *(names_used(cell.source) if own else names_mentioned(cell.source) for cell, own in needed)
    )
    if any(map(HISTORY.fullmatch, used)):
        return frozenset()
    stays = assignment.imported_names | frozenset(assignment.solution_names)
    while True:
        needed_now = {place for place in candidates if used & _data(cells[place][0].source, stays)}
        if not needed_now:
            return frozenset(candidates)
        candidates -= needed_now
        used = used.union(*(_data(cells[place][0].source, stays) for place in needed_now))


def cells_that_run(assignment: Assignment) -> list[Cell]:
    """Return the code cells of an assignment that run where its own solutions are handed in."""
    code = [cell for cell in assignment.cells if cell.kind == "code"]
    left_out = superfluous(assignment, [(cell, cell.is_locked or cell.is_test) for cell in code])
    return [cell for place, cell in enumerate(code) if place not in left_out]


def _tests_make_their_inputs(assignment: Assignment) -> bool:
    tests = tuple(cell.source for cell in assignment.tests.values())
    return not assignment.on_students_side and bool(tests) and _assess_alone(tests)


@lru_cache(maxsize=64)
def _assess_alone(tests: tuple[str, ...]) -> bool:
    return not any(map(LOOKS_AT_FILES.search, tests)) and all(map(assessed_names, tests))


@lru_cache(maxsize=64)
def _demonstrations_in(sources: tuple[str, ...], imported: frozenset[str]) -> frozenset[str]:
    return frozenset(source for source in sources if _only_shows(source, imported))


def _demonstrations(assignment: Assignment) -> frozenset[str]:
    """Return the texts of the instructor's plain cells that do nothing lasting but to data."""
    plain = (cell for cell in assignment.cells if cell.kind == "code" and not cell.is_locked and not cell.is_solution)
    return _demonstrations_in(tuple(cell.source for cell in plain), assignment.imported_names)


def _only_shows(source: str, imported: frozenset[str]) -> bool:
    """Tell whether a text neither looks names up by their text nor changes a module."""
    if REFLECTION.search(source) or "random.seed" in source or LOOKS_AT_FILES.search(source):
        return False
    try:
        tree = parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    names = imported | imported_names(source)
    stored = (node for node in ast.walk(tree) if isinstance(node, (ast.Attribute, ast.Subscript)))
    return not any(_root(node) in names for node in stored if not isinstance(node.ctx, ast.Load))


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=512)
def _data(source: str, stays: frozenset[str]) -> frozenset[str]:
    """Return the names that a demonstration makes, and those of data that it may change.

    stays: names of modules and of functions, which a call does not change.
    """
    read = frozenset().union(*(reads | binds for reads, binds in map(reads_and_binds, parsed(source).body)))
    return (read - _BUILTINS - stays) | bound_names(source)
