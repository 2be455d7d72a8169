"""What can be read off a plan's texts, read once in the server: each judge that is forked finds it known.

The instructor's texts are the same for the whole class. A student's cells are another's each time; reading them here
spares the fork the pages of memory that it would copy.
"""

import contextlib

from autograder.judge.class_state import own_text
from autograder.judge.one_object import asks_for_objects, changes_objects
from autograder.judge.patches import replacements
from autograder.judge.statements import INSTRUCTORS_CELL, statements, test_name, visible_names
from autograder.judge.visible_definitions import definitions_in, names_read
from autograder.notebook.class_attributes import changed_attributes, read_attributes
from autograder.notebook.looking import helpers_with_files, looks_at_files
from autograder.notebook.plan import Plan, PlanCell, Side
from autograder.notebook.reads import names_in_functions, names_used


def read_ahead(plan: Plan) -> None:
    """Read everything that a judge will ask of a plan's texts."""
    changed_attributes(own_text(plan))
    names_read(plan)
    helpers = helpers_with_files(plan)
    for cell in plan.cells:
        if cell.side is Side.STUDENT:
            names_in_functions(cell.source)
            continue
        _read_statements(cell)
        if cell.side is Side.TEST:
            _read_test(cell, helpers)


def _read_statements(cell: PlanCell) -> None:
    name = test_name(cell.grade_id) if cell.side is Side.TEST else INSTRUCTORS_CELL
    # What is wrong with a cell is told where it is run.
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        visible_names(cell.visible)
        for statement in statements(cell.source, name):
            statement.read()


def _read_test(cell: PlanCell, helpers: frozenset[str]) -> None:
    read_attributes(cell.source)
    asks_for_objects(cell.source)
    changes_objects(cell.source)
    definitions_in(cell.visible)
    replacements(cell.source)
    looks_at_files(cell.source, helpers)
    names_used(cell.source)  # asked of tests that fail
