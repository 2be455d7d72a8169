"""The tables of nbgrader's gradebook, as far as grading uses them; a test holds them against nbgrader's own."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Boolean, Column, DateTime, Enum, Float, Interval, MetaData, String, Table, Text

METADATA = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, METADATA, *columns)


def _id() -> Column[Any]:
    return Column("id", String, primary_key=True)


def _kind(name: str) -> Column[Any]:
    return Column("cell_type", Enum("code", "markdown", name=name))


COURSE = _table("course", _id())
STUDENT = _table(
    "student",
    _id(),
    Column("first_name", String),
    Column("last_name", String),
    Column("email", String),
    Column("lms_user_id", String),
)
ASSIGNMENT = _table(
    "assignment", _id(), Column("name", String), Column("duedate", DateTime), Column("course_id", String)
)
NOTEBOOK = _table(
    "notebook", _id(), Column("name", String), Column("assignment_id", String), Column("kernelspec", String)
)
SUBMISSION = _table(
    "submitted_assignment",
    _id(),
    Column("assignment_id", String),
    Column("student_id", String),
    Column("timestamp", DateTime),
    Column("extension", Interval),
)
SUBMITTED_NOTEBOOK = _table(
    "submitted_notebook",
    _id(),
    Column("assignment_id", String),
    Column("notebook_id", String),
    Column("flagged", Boolean),
    Column("late_submission_penalty", Float),
)
CELL = _table("base_cell", _id(), Column("name", String), Column("notebook_id", String), Column("type", String))
GRADE_CELL = _table("grade_cells", _id(), Column("max_score", Float), _kind("grade_cell_type"))
TASK_CELL = _table("task_cells", _id(), Column("max_score", Float), _kind("grade_cell_type"))
SOLUTION_CELL = _table("solution_cells", _id())
SOURCE_CELL = _table(
    "source_cell",
    _id(),
    Column("name", String),
    _kind("source_cell_type"),
    Column("locked", Boolean),
    Column("source", Text),
    Column("checksum", String),
    Column("notebook_id", String),
)
GRADE = _table(
    "grade",
    _id(),
    Column("notebook_id", String),
    Column("cell_id", String),
    Column("auto_score", Float),
    Column("manual_score", Float),
    Column("extra_credit", Float),
    Column("needs_manual_grade", Boolean),
)
COMMENT = _table(
    "comment",
    _id(),
    Column("notebook_id", String),
    Column("cell_id", String),
    Column("auto_comment", Text),
    Column("manual_comment", Text),
)
# The kinds of cells as `base_cell.type` names them.
GRADED, WRITTEN, TASK = "GradeCell", "SolutionCell", "TaskCell"
TABLE_OF = {GRADED: GRADE_CELL, WRITTEN: SOLUTION_CELL, TASK: TASK_CELL}
WITH_GRADE, WITH_COMMENT = (GRADED, TASK), (WRITTEN, TASK)


def new_id() -> str:
    """Return a new row's id, as nbgrader makes them."""
    return uuid4().hex
