"""Submissions with every row that nbgrader expects of them, also for cells that were added later."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from autograder.gradebook.tables import (
    CELL,
    COMMENT,
    GRADE,
    NOTEBOOK,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
    WITH_COMMENT,
    WITH_GRADE,
    new_id,
)


def complete(connection: Connection, assignment: str, students: Sequence[str] | None = None) -> None:
    """Give submissions every row that nbgrader expects: one a notebook, a grade and a comment a cell.

    assignment: the row's id. students: whose; None for all.
    """
    mine = [SUBMISSION.c.assignment_id == assignment]
    if students is not None:
        mine.append(SUBMISSION.c.student_id.in_(students))
    submissions = connection.execute(select(SUBMISSION.c.id).where(*mine)).scalars().all()
    notebooks = connection.execute(select(NOTEBOOK.c.id).where(NOTEBOOK.c.assignment_id == assignment)).scalars().all()
    query = select(SUBMITTED_NOTEBOOK.c.assignment_id, SUBMITTED_NOTEBOOK.c.notebook_id).where(
        SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id, *mine
    )
    there = {(submission, notebook) for submission, notebook in connection.execute(query)}
    rows = [
        {"id": new_id(), "assignment_id": submission, "notebook_id": notebook, "flagged": False}
        for submission in submissions
        for notebook in notebooks
        if (submission, notebook) not in there
    ]
    if rows:
        connection.execute(insert(SUBMITTED_NOTEBOOK), rows)
    _complete_cells(connection, assignment, mine)


def _complete_cells(connection: Connection, assignment: str, mine: list[Any]) -> None:
    cells: dict[str, list[tuple[str, str]]] = {}
    query = select(CELL.c.notebook_id, CELL.c.id, CELL.c.type).where(
        CELL.c.notebook_id == NOTEBOOK.c.id, NOTEBOOK.c.assignment_id == assignment
    )
    for notebook, cell, kind in connection.execute(query):
        cells.setdefault(notebook, []).append((cell, kind))
    to_mine = (SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id, *mine)
    submitted = connection.execute(
        select(SUBMITTED_NOTEBOOK.c.id, SUBMITTED_NOTEBOOK.c.notebook_id).where(*to_mine)
    ).all()
    for table, kinds, more in ((GRADE, WITH_GRADE, {"needs_manual_grade": True}), (COMMENT, WITH_COMMENT, {})):
        pairs = select(table.c.notebook_id, table.c.cell_id).where(
            table.c.notebook_id == SUBMITTED_NOTEBOOK.c.id, *to_mine
        )
        there = {(notebook, cell) for notebook, cell in connection.execute(pairs)}
        rows = [
            {"id": new_id(), "notebook_id": one, "cell_id": cell, **more}
            for one, notebook in submitted
            for cell, kind in cells.get(notebook, [])
            if kind in kinds and (one, cell) not in there
        ]
        if rows:
            connection.execute(insert(table), rows)
