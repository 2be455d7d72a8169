"""The one writer on nbgrader's gradebook: scores go through its API, a person's entries stay."""

import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import (
    AssignLatePenalties,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
    SaveCells,
)
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from autograder.course import Course, StudentFolder
from autograder.notebook.assignment import Assignment
from autograder.notebook.cells import Cell
from autograder.pipeline import Graded
from autograder.report import LOOKS_LIKE, Status

NO_RESPONSE = "No response."


class GradebookError(Exception):
    """The gradebook can't be used; the message says why and what to do."""


def open_gradebook(course: Course) -> Gradebook:
    """Open a course's gradebook. Raises GradebookError if that can't be done."""
    _make_alembic_findable()
    try:
        return Gradebook(course.database, course.directory.course_id)
    except (SQLAlchemyError, OSError) as error:
        first = str(error).splitlines()[0]
        msg = f"the gradebook {course.database} can't be opened: {first}"
        raise GradebookError(msg) from None


def _make_alembic_findable() -> None:
    """Put this environment's programs on the path: nbgrader calls `alembic` by its bare name."""
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"


def resources_for(course: Course, assignment: Assignment, student: str) -> dict[str, Any]:
    """Return the facts that nbgrader's preprocessors read."""
    names = {"notebook": assignment.notebook_name, "assignment": assignment.name, "student": student}
    return {"nbgrader": {**names, "db_url": course.database}, "unique_key": assignment.notebook_name}


def register(course: Course, gradebook: Gradebook, assignments: list[Assignment]) -> None:
    """Make sure that the gradebook knows the assignment's cells as they are, as generate_assignment would.

    Raises GradebookError if cells were added or removed after the first submission, which nbgrader
    does not allow.
    """
    name = assignments[0].name
    try:
        known = {notebook.name: notebook for notebook in gradebook.find_assignment(name).notebooks}
    except MissingEntry:
        gradebook.add_assignment(name)
        known = {}
    for assignment in assignments:
        notebook = known.get(assignment.notebook_name)
        if notebook is None or _graded_cells(notebook) != {one.grade_id: one.points for one in _graded(assignment)}:
            _save_cells(course, assignment)
    gradebook.db.expire_all()


def _graded(assignment: Assignment) -> list[Cell]:
    return [cell for cell in assignment.cells if cell.grade_id and (cell.is_grade or cell.marks.get("task") is True)]


def _graded_cells(notebook: Any) -> dict[str, float]:
    return {cell.name: float(cell.max_score) for cell in (*notebook.grade_cells, *notebook.task_cells)}


def _save_cells(course: Course, assignment: Assignment) -> None:
    name = assignment.notebook_name
    path = (assignment.course or Path()) / "source" / assignment.name / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    resources = resources_for(course, assignment, "")
    try:
        for step in (LockCells, ClearSolutions, ClearOutput, ComputeChecksums, SaveCells):
            notebook, resources = step(config=course.config).preprocess(notebook, resources)
    except RuntimeError as error:
        msg = (
            f"the cells of {name} in source/ are not those in the gradebook: {error}. Put the cells back, or remove "
            f"the assignment from the gradebook: nbgrader db assignment remove {assignment.name}"
        )
        raise GradebookError(msg) from None


def save(
    course: Course, gradebook: Gradebook, student: StudentFolder, graded: Mapping[str, Graded | None], assignment: str
) -> None:
    """Write one student's scores in one transaction.

    graded: by notebook; None for one that was not submitted, which earns 0.
    Manual scores, extra credit and a person's comments are left as they are.
    Raises GradebookError if the database refuses.
    """
    try:
        with warnings.catch_warnings():
            # nbgrader makes its objects in an order that newer SQLAlchemy remarks upon.
            warnings.simplefilter("ignore", SAWarning)
            submission = _saved(gradebook, student, graded, assignment)
    except SQLAlchemyError as error:
        gradebook.db.rollback()
        first = str(error).splitlines()[0]
        msg = f"the gradebook refused {student.student}'s scores: {first}; nothing of this submission was written"
        raise GradebookError(msg) from None
    if submission.total_seconds_late > 0:
        _assign_penalties(course, graded, student.student)


def _saved(gradebook: Gradebook, student: StudentFolder, graded: Mapping[str, Graded | None], assignment: str) -> Any:
    gradebook.update_or_create_student(student.student)
    extra = {"timestamp": student.timestamp} if student.timestamp else {}
    submission = gradebook.update_or_create_submission(assignment, student.student, **extra)
    for notebook in submission.notebooks:
        if notebook.name in graded:
            _save_notebook(gradebook, notebook, graded[notebook.name], assignment)
    gradebook.db.commit()
    return submission


def _save_notebook(gradebook: Gradebook, notebook: Any, graded: Graded | None, assignment: str) -> None:
    notebook.late_submission_penalty = None
    scores = _scores(graded)
    responses = _responses(gradebook, notebook.name, graded, assignment)
    for grade in notebook.grades:
        if grade.name in scores:
            grade.auto_score = scores[grade.name]
        else:
            # A cell that a person must grade, unless the student left it as it was.
            grade.auto_score = None if responses.get(grade.name, False) else 0.0
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    told = _diagnoses(graded)
    for comment in notebook.comments:
        comment.auto_comment = told.get(comment.name) if responses.get(comment.name, False) else NO_RESPONSE


def _scores(graded: Graded | None) -> dict[str, float]:
    if graded is None or graded.result.status is Status.ERROR:
        return {}
    return {exercise.grade_id: exercise.score for exercise in graded.result.exercises}


def _diagnoses(graded: Graded | None) -> dict[str, str]:
    """Return what wrong answers look like, by the function, which is also the solution cell's name."""
    exercises = graded.result.exercises if graded else ()
    return {one.name: f"{LOOKS_LIKE}: {one.diagnosis.message}" for one in exercises if one.diagnosis}


def _responses(gradebook: Gradebook, notebook: str, graded: Graded | None, assignment: str) -> dict[str, bool]:
    """Tell for each cell that students write in whether this one did."""
    if graded is None or graded.notebook is None:
        return {}
    checksums = {cell.name: cell.checksum for cell in gradebook.find_notebook(notebook, assignment).source_cells}
    wrote: dict[str, bool] = {}
    for data in graded.notebook["cells"]:
        cell = nbformat.from_dict({**data, "metadata": data.get("metadata", {})})
        name = _marks(cell).get("grade_id")
        if isinstance(name, str) and name in checksums and _is_written_in(cell):
            wrote[name] = wrote.get(name, False) or utils.compute_checksum(cell) != checksums[name]
    return wrote


def _marks(cell: NotebookNode) -> Mapping[str, Any]:
    found = cell.metadata.get("nbgrader", {})
    return found if isinstance(found, Mapping) else {}


def _is_written_in(cell: NotebookNode) -> bool:
    return _marks(cell).get("solution") is True or _marks(cell).get("task") is True


def _assign_penalties(course: Course, graded: Mapping[str, Graded | None], student: str) -> None:
    """Let nbgrader's own plugin decide what being late costs."""
    for one in graded.values():
        if one is not None and one.assignment is not None:
            penalties = AssignLatePenalties(config=course.config)
            penalties.preprocess(nbformat.v4.new_notebook(), resources_for(course, one.assignment, student))
