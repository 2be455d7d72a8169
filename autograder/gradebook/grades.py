"""What every student of a course has earned, as nbgrader counts it: for gradebooks, and for finding students by name.

A score is a person's where there is one, else the tests', and extra credit on top; what being late costs is taken off
the sum, which is never below 0 (`nbgrader export` does the same).
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from autograder.gradebook.backups import FOLDER
from autograder.gradebook.errors import WAIT_SECONDS, GradebookError, in_plain_words, shown, sqlite_file
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    GRADE,
    GRADED,
    NOTEBOOK,
    STUDENT,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
    TABLE_OF,
    TASK,
    WITH_GRADE,
    WRITTEN,
)


class UnknownNameError(GradebookError):
    """The gradebook has no assignment, exercise or student of that name; the message says which it has."""


@dataclass(frozen=True)
class Student:
    """A student as the gradebook knows them. lms_id: nbgrader's `lms_user_id`."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""


@dataclass(frozen=True)
class Exercise:
    """One graded cell: its name, as results call it, and its points."""

    name: str
    max_score: float


@dataclass
class Earned:
    """What one student has on one assignment.

    scores: points by exercise. waiting: the exercises that a person must still grade. late: points taken off.
    """

    scores: dict[str, float] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    late: float = 0.0
    submitted: datetime | None = None


@dataclass(frozen=True)
class SetGrades:
    """What a class has on one assignment.

    exercises: in the notebooks' order where it is known, else by name. earned: by student, of those who submitted.
    """

    name: str
    exercises: tuple[Exercise, ...]
    earned: dict[str, Earned]

    @property
    def max_score(self) -> float:
        """The points that can be earned."""
        return sum(exercise.max_score for exercise in self.exercises)

    def score(self, student: str) -> float | None:
        """Return the points that count; None for a student without a submission."""
        earned = self.earned.get(student)
        if earned is None:
            return None
        return max(0.0, sum(earned.scores[one.name] for one in self.exercises) - earned.late)

    def without(self, names: Sequence[str]) -> "SetGrades":
        """Return the same without some exercises."""
        return SetGrades(self.name, tuple(one for one in self.exercises if one.name not in names), self.earned)


@contextlib.contextmanager
def connected(url: str, root: Any) -> Iterator[Connection]:
    """Open a gradebook for reading. root: the course's folder. Raises GradebookError, also for what is done with it."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        msg = f"there is no gradebook {shown(url)} yet: grade something first, with autograder grade SET"
        raise GradebookError(msg)
    try:
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS} if file else {})
    except ModuleNotFoundError as error:
        remedy = "pip install 'backprop-autograder[postgresql]'"
        msg = f"the gradebook {shown(url)} needs {error.name}, which is not installed: {remedy}"
        raise GradebookError(msg) from None
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("grade"):
                msg = f"the gradebook {shown(url)} is empty: grade something first, with autograder grade SET"
                raise GradebookError(msg)
            yield connection
    except SQLAlchemyError as error:
        problem = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise GradebookError(in_plain_words(url, problem, root / FOLDER)) from None
    finally:
        engine.dispose()


def students_in(connection: Connection) -> dict[str, Student]:
    """Return every student of the gradebook, by id."""
    names = (STUDENT.c.first_name, STUDENT.c.last_name, STUDENT.c.email, STUDENT.c.lms_user_id)
    rows = connection.execute(select(STUDENT.c.id, *names).order_by(STUDENT.c.id))
    return {row[0]: Student(row[0], *(str(part or "").strip() for part in row[1:])) for row in rows}


def assignments_in(connection: Connection) -> list[str]:
    """Return the names of the assignments that the gradebook knows, by due date, then by name."""
    rows = connection.execute(select(ASSIGNMENT.c.name, ASSIGNMENT.c.duedate)).all()
    return [name for name, _ in sorted(rows, key=lambda row: (row[1] is None, row[1] or datetime.min, row[0]))]  # noqa: DTZ901


def _cells(connection: Connection, name: str) -> dict[tuple[str, str], tuple[str, float]]:
    """Return every graded cell of an assignment: its exercise and points, by notebook and cell."""
    mine = (ASSIGNMENT.c.name == name, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id, CELL.c.notebook_id == NOTEBOOK.c.id)
    written = set(
        connection.execute(select(NOTEBOOK.c.name, CELL.c.name).where(*mine, CELL.c.type == WRITTEN)).tuples()
    )
    found: dict[tuple[str, str], tuple[str, float]] = {}
    for kind in WITH_GRADE:
        table = TABLE_OF[kind]
        query = select(NOTEBOOK.c.name, CELL.c.name, table.c.max_score).where(*mine, table.c.id == CELL.c.id)
        for notebook, cell, most in connection.execute(query):
            function = cell.removeprefix("test_")
            tests_it = kind == GRADED and function != cell and (notebook, function) in written
            found[notebook, cell] = (function if tests_it else cell, float(most or 0.0))
    counts = [exercise for exercise, _ in found.values()]
    return {
        (notebook, cell): (exercise if counts.count(exercise) == 1 else f"{notebook}: {cell}", most)
        for (notebook, cell), (exercise, most) in found.items()
    }


def grades_of(connection: Connection, name: str, order: Sequence[tuple[str, str]] = ()) -> SetGrades:
    """Return what a class has on an assignment.

    order: notebooks and cells, as they stand there. Raises UnknownNameError if the gradebook does not know it.
    """
    if connection.execute(select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == name)).first() is None:
        known = ", ".join(assignments_in(connection)) or "none"
        msg = f"the gradebook has no assignment {name!r}; it has: {known}. To grade it: autograder grade {name}"
        raise UnknownNameError(msg)
    cells = _cells(connection, name)
    places = {key: place for place, key in enumerate(order)}
    keys = sorted(cells, key=lambda key: (places.get(key, len(places)), key))
    exercises = tuple(Exercise(*cells[key]) for key in keys)
    return SetGrades(name, exercises, _earned(connection, name, cells))


def _earned(connection: Connection, name: str, cells: dict[tuple[str, str], tuple[str, float]]) -> dict[str, Earned]:
    mine = (
        ASSIGNMENT.c.name == name,
        SUBMISSION.c.assignment_id == ASSIGNMENT.c.id,
        SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id,
    )
    found: dict[str, Earned] = {}
    query = select(SUBMISSION.c.student_id, SUBMISSION.c.timestamp, SUBMITTED_NOTEBOOK.c.late_submission_penalty)
    for student, submitted, late in connection.execute(query.where(*mine)):
        earned = found.setdefault(student, Earned({exercise: 0.0 for exercise, _ in cells.values()}))
        earned.late += late or 0.0
        earned.submitted = submitted
    grades = select(
        SUBMISSION.c.student_id, NOTEBOOK.c.name, CELL.c.name, GRADE.c.auto_score, GRADE.c.manual_score,
        GRADE.c.extra_credit, GRADE.c.needs_manual_grade,
    ).where(
        *mine, SUBMITTED_NOTEBOOK.c.notebook_id == NOTEBOOK.c.id, GRADE.c.notebook_id == SUBMITTED_NOTEBOOK.c.id,
        GRADE.c.cell_id == CELL.c.id, CELL.c.type.in_([GRADED, TASK]),
    )  # fmt: skip
    for student, notebook, cell, auto, manual, extra, needs_manual in connection.execute(grades):
        exercise = cells[notebook, cell][0]
        score = manual if manual is not None else auto
        found[student].scores[exercise] = score + (extra or 0.0) if score is not None else 0.0
        # What could not be graded at all wants a person, too, but has its 0.
        if needs_manual and auto is None and manual is None:
            found[student].waiting.append(exercise)
    return found
