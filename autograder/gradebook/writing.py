"""Scores into the gradebook, many students in one transaction; a person's entries are never touched."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, insert, select, update

from autograder.course import StudentFolder
from autograder.gradebook.completing import complete
from autograder.gradebook.errors import GradebookError
from autograder.gradebook.late import late_seconds
from autograder.gradebook.opening import Gradebook
from autograder.gradebook.tables import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    GRADE,
    NOTEBOOK,
    SOURCE_CELL,
    STUDENT,
    SUBMISSION,
    SUBMITTED_NOTEBOOK,
    TASK,
    new_id,
)
from autograder.notebook.cells import Cell, cell_from_json
from autograder.pipeline import Graded
from autograder.report import LOOKS_LIKE, Status

NO_RESPONSE = "No response."
# By notebook, by cell: the score that was written; None where a person decides.
Written = dict[str, dict[str, float | None]]


@dataclass(frozen=True)
class Result:
    """What came of one student's submission.

    graded: by notebook; None for one that was not submitted, which earns 0.
    """

    student: StudentFolder
    graded: Mapping[str, Graded | None]


def save(gradebook: Gradebook, assignment: str, results: Sequence[Result]) -> dict[str, Written]:
    """Write the scores of some students in one transaction, and return them by student.

    Manual scores, extra credit and a person's comments are left as they are.
    Raises GradebookError if the database refuses; then nothing is written.
    """
    with gradebook.transaction() as connection:
        place = connection.execute(select(ASSIGNMENT.c.id, ASSIGNMENT.c.duedate).where(ASSIGNMENT.c.name == assignment))
        row = place.first()
        if row is None:
            msg = f"the gradebook does not know the assignment {assignment}; type: nbgrader generate_assignment"
            raise GradebookError(msg)
        return _Batch(gradebook, connection, row.id, row.duedate, results).write()


class _Batch:
    """Some students' results on their way into the gradebook."""

    def __init__(
        self, gradebook: Gradebook, connection: Connection, assignment: str, due: Any, results: Sequence[Result]
    ) -> None:
        self.gradebook, self.connection, self.assignment, self.due = gradebook, connection, assignment, due
        self.results = {result.student.student: result for result in results}
        self.checksums = self._checksums()
        self.grades: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.penalties: list[dict[str, Any]] = []

    def write(self) -> dict[str, Written]:
        """Write everything, and return the scores."""
        self._write_submissions()
        complete(self.connection, self.assignment, list(self.results))
        rows = self._rows(GRADE, GRADE.c.auto_score, GRADE.c.manual_score, GRADE.c.extra_credit)
        comments = self._rows(COMMENT, COMMENT.c.auto_comment)
        written: dict[str, Written] = {}
        for (student, notebook, submitted), late in self._submitted().items():
            graded = self.results[student].graded
            if notebook in graded:
                key = (student, notebook)
                responses = _responses(graded[notebook], self.checksums.get(notebook, {}))
                scores, total = self._take_grades(rows.get(key, []), graded[notebook], responses)
                written.setdefault(student, {})[notebook] = scores
                self._take_comments(comments.get(key, []), responses, _diagnoses(graded[notebook]))
                lost = self.gradebook.penalties.lost(student, total, late)
                self.penalties.append({"row": submitted, "lost": lost})
        self._update()
        return written

    def _write_submissions(self) -> None:
        known = select(STUDENT.c.id).where(STUDENT.c.id.in_(self.results))
        new = set(self.results) - set(self.connection.execute(known).scalars())
        if new:
            self.connection.execute(insert(STUDENT), [{"id": student} for student in sorted(new)])
        query = select(SUBMISSION.c.student_id, SUBMISSION.c.id).where(
            SUBMISSION.c.assignment_id == self.assignment, SUBMISSION.c.student_id.in_(self.results)
        )
        there = dict(self.connection.execute(query).tuples().all())
        rows = [
            {"id": new_id(), "assignment_id": self.assignment, "student_id": name, "timestamp": one.student.timestamp}
            for name, one in self.results.items()
            if name not in there
        ]
        if rows:
            self.connection.execute(insert(SUBMISSION), rows)
        times = [
            {"row": there[name], "time": one.student.timestamp}
            for name, one in self.results.items()
            if name in there and one.student.timestamp
        ]
        if times:
            change = update(SUBMISSION).where(SUBMISSION.c.id == bindparam("row"))
            self.connection.execute(change.values(timestamp=bindparam("time")), times)

    def _mine(self, query: Select[Any]) -> Select[Any]:
        """Restrict a query to this batch's submissions and their notebooks."""
        return query.where(
            SUBMISSION.c.assignment_id == self.assignment,
            SUBMISSION.c.student_id.in_(self.results),
            SUBMITTED_NOTEBOOK.c.assignment_id == SUBMISSION.c.id,
            SUBMITTED_NOTEBOOK.c.notebook_id == NOTEBOOK.c.id,
        )

    def _submitted(self) -> dict[tuple[str, str, str], float]:
        """Return how late each notebook is, in seconds, by student, name, and its row's id."""
        columns = (SUBMISSION.c.student_id, NOTEBOOK.c.name, SUBMITTED_NOTEBOOK.c.id)
        times = (SUBMISSION.c.timestamp, SUBMISSION.c.extension)
        rows = self.connection.execute(self._mine(select(*columns, *times)))
        return {
            (student, name, row): late_seconds(timestamp, self.due, extension)
            for student, name, row, timestamp, extension in rows
        }

    def _rows(self, table: Any, *columns: Any) -> dict[tuple[str, str], list[Any]]:
        cell = (CELL.c.name.label("cell"), CELL.c.type.label("kind"))
        query = select(SUBMISSION.c.student_id, NOTEBOOK.c.name, *cell, table.c.id, *columns).where(
            table.c.notebook_id == SUBMITTED_NOTEBOOK.c.id, table.c.cell_id == CELL.c.id
        )
        found: dict[tuple[str, str], list[Any]] = {}
        for row in self.connection.execute(self._mine(query)):
            found.setdefault((row[0], row[1]), []).append(row)
        return found

    def _checksums(self) -> dict[str, dict[str, str]]:
        query = select(NOTEBOOK.c.name, SOURCE_CELL.c.name, SOURCE_CELL.c.checksum).where(
            SOURCE_CELL.c.notebook_id == NOTEBOOK.c.id, NOTEBOOK.c.assignment_id == self.assignment
        )
        found: dict[str, dict[str, str]] = {}
        for notebook, cell, checksum in self.connection.execute(query):
            found.setdefault(notebook, {})[cell] = checksum
        return found

    def _take_grades(
        self, rows: list[Any], graded: Graded | None, responses: dict[str, bool]
    ) -> tuple[dict[str, float | None], float]:
        """Note each cell's new score; return them, and the notebook's points as they count.

        A notebook that could not be graded earns 0, and nbgrader's lists say that a person must look at it.
        """
        given: dict[str, float | None] = {}
        total, scores, refused = 0.0, _scores(graded), _is_refused(graded)
        for row in rows:
            # A cell that a person must grade, unless the student left it as it was.
            auto = scores[row.cell] if row.cell in scores else None if responses.get(row.cell, False) else 0.0
            needs = row.manual_score is not None or auto is None or refused
            is_task = row.kind == TASK and graded is not None and not refused
            if is_task:
                # Its answer stands in cells of the student's own; what a person has graded stays graded.
                auto, needs = None, row.manual_score is None
            given[row.cell] = auto
            if not is_task or row.auto_score is not None:
                self.grades.append({"row": row.id, "auto": auto, "needs": needs})
            counts = row.manual_score if row.manual_score is not None else auto
            total += counts + (row.extra_credit or 0.0) if counts is not None else 0.0
        return given, total

    def _take_comments(self, rows: list[Any], responses: dict[str, bool], told: Mapping[str, str]) -> None:
        for row in rows:
            text = told.get(row.cell) if row.kind == TASK or responses.get(row.cell, False) else NO_RESPONSE
            if text != row.auto_comment:
                self.comments.append({"row": row.id, "text": text})

    def _update(self) -> None:
        updates: tuple[tuple[Table, list[dict[str, Any]], dict[str, Any]], ...] = (
            (GRADE, self.grades, {"auto_score": bindparam("auto"), "needs_manual_grade": bindparam("needs")}),
            (COMMENT, self.comments, {"auto_comment": bindparam("text")}),
            (SUBMITTED_NOTEBOOK, self.penalties, {"late_submission_penalty": bindparam("lost")}),
        )
        for table, rows, values in updates:
            if rows:
                self.connection.execute(update(table).where(table.c.id == bindparam("row")).values(**values), rows)


def _is_refused(graded: Graded | None) -> bool:
    return graded is not None and graded.result.status is Status.ERROR


def _scores(graded: Graded | None) -> dict[str, float]:
    if graded is None or _is_refused(graded):
        return {}
    return {exercise.grade_id: exercise.score for exercise in graded.result.exercises}


def _diagnoses(graded: Graded | None) -> dict[str, str]:
    """Return what wrong answers look like, by the function, which is also the solution cell's name."""
    exercises = graded.result.exercises if graded else ()
    return {one.name: f"{LOOKS_LIKE}: {one.diagnosis.message}" for one in exercises if one.diagnosis}


def _responses(graded: Graded | None, checksums: Mapping[str, str]) -> dict[str, bool]:
    """Tell for each cell that students write in whether this one did."""
    if graded is None or graded.notebook is None:
        return {}
    wrote: dict[str, bool] = {}
    for data in graded.notebook["cells"]:
        cell = cell_from_json(data)
        name = cell.grade_id
        if name in checksums and cell.is_solution:
            wrote[name] = wrote.get(name, False) or checksum(cell) != checksums[name]
    return wrote


def checksum(cell: Cell) -> str:
    """Return what nbgrader's compute_checksum gives for a cell; a test holds the two against each other."""
    digest = hashlib.md5(usedforsecurity=False)
    parts = [cell.source, cell.kind]
    locked = False if cell.is_solution else True if cell.is_grade else cell.marks.get("locked", False)
    parts += [str(cell.marks.get("grade", False)), str(cell.marks.get("solution", False)), str(locked), cell.grade_id]
    if cell.is_grade:
        parts.append(str(cell.points))
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
