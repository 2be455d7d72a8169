"""What the gradebook holds of an assignment, read at a glance and without changing anything."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.gradebook.backups import FOLDER
from autograder.gradebook.errors import WAIT_SECONDS, GradebookError, in_plain_words, sqlite_file

# By student, by notebook, by cell: the score of the tests, and the one that counts.
Scores = dict[str, dict[str, dict[str, tuple[float | None, float]]]]
_QUERY = """
SELECT submission.student_id, notebook.name, cell.name, grade.auto_score, grade.manual_score, grade.extra_credit,
       grade.needs_manual_grade, submitted.late_submission_penalty
FROM assignment
JOIN submitted_assignment AS submission ON submission.assignment_id = assignment.id
JOIN submitted_notebook AS submitted ON submitted.assignment_id = submission.id
JOIN notebook ON notebook.id = submitted.notebook_id
LEFT JOIN grade ON grade.notebook_id = submitted.id
LEFT JOIN base_cell AS cell ON cell.id = grade.cell_id
WHERE assignment.name = :name"""
_STUDENTS = "SELECT id, first_name, last_name FROM student"
Rows = list[tuple[Any, ...]]


@dataclass
class Standing:
    """What counts of one submitted notebook.

    scores: points by cell, a person's and extra credit included. waiting: cells that a person has not graded yet.
    penalty: points lost for being late.
    """

    scores: dict[str, float] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    penalty: float = 0.0


def _gathered(rows: Iterable[Any]) -> Scores:
    found: Scores = {}
    for student, notebook, cell, auto, manual, extra, *_ in rows:
        cells = found.setdefault(student, {}).setdefault(notebook, {})
        if cell is not None:
            cells[cell] = (auto, _counting(auto, manual, extra))
    return found


def _counting(auto: float | None, manual: float | None, extra: float | None) -> float:
    score = manual if manual is not None else auto
    return score + (extra or 0.0) if score is not None else 0.0


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    # Not "ro": what a killed writer left half done must be undone before anything can be read.
    uri = f"{file.resolve().as_uri()}?mode=rw"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS)) as connection:
        yield connection


def _sqlite_rows(file: Path, query: str, named: dict[str, str]) -> Rows:
    if not file.exists():
        return []
    with _opened(file) as connection:
        try:
            return connection.execute(query, named).fetchall()
        except sqlite3.OperationalError as error:
            if "no such" in str(error):  # a new one, or one that nbgrader must upgrade first
                return []
            raise


def _server_rows(url: str, query: str, named: dict[str, str]) -> Rows:
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("grade"):
                return []
            return [tuple(row) for row in connection.execute(text(query), named)]
    finally:
        engine.dispose()


def rows_in(url: str, root: Path, query: str, **named: str) -> Rows:
    """Return the rows of a query with named parameters; none if there is no gradebook.

    root: the course's folder. Raises GradebookError if the gradebook can't be read.
    """
    file = sqlite_file(url)
    try:
        return _sqlite_rows(file, query, named) if file else _server_rows(url, query, named)
    except ModuleNotFoundError as error:
        remedy = "pip install 'backprop-autograder[postgresql]'"
        msg = f"the gradebook needs {error.name}, which is not installed: {remedy}"
        raise GradebookError(msg) from None
    except Exception as error:
        if not isinstance(error, sqlite3.Error) and "sqlalchemy" not in type(error).__module__:
            raise
        problem = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise GradebookError(in_plain_words(url, problem, root / FOLDER)) from None


def scores_in(url: str, assignment: str, root: Path) -> Scores:
    """Return the scores of every student who has a submission of an assignment in the gradebook.

    root: the course's folder. Raises GradebookError if the gradebook can't be read.
    """
    return _gathered(rows_in(url, root, _QUERY, name=assignment))


def standings_in(url: str, assignment: str, root: Path) -> dict[str, dict[str, Standing]]:
    """Return what counts of every submission of an assignment, by student and by notebook.

    root: the course's folder. Raises GradebookError if the gradebook can't be read.
    """
    found: dict[str, dict[str, Standing]] = {}
    for student, notebook, cell, auto, manual, extra, waits, penalty in rows_in(url, root, _QUERY, name=assignment):
        standing = found.setdefault(student, {}).setdefault(notebook, Standing(penalty=penalty or 0.0))
        if cell is not None:
            standing.scores[cell] = _counting(auto, manual, extra)
            # What could not be graded at all wants a person, too, but has its 0.
            standing.waiting += [cell] if waits and auto is None else []
    return found


def students_in(url: str, root: Path) -> dict[str, str]:
    """Return the course's students by id, with what each is called, or "".

    root: the course's folder. Raises GradebookError if the gradebook can't be read.
    """
    return {
        student: " ".join(part for part in (first, last) if part)
        for student, first, last in rows_in(url, root, _STUDENTS)
    }
