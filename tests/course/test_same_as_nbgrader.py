"""What is done here without nbgrader, for speed, is what nbgrader does: folders, tables, cells, checksums, times."""

import contextlib
import json
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers.course import ROOT, make_course, nbgrader
from helpers.notebooks import SETS, Json, check, code, locked, markdown, notebook, solution, written
from nbgrader.api import Base
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import compute_checksum, parse_utc

from autograder.course import PlainDirectory, open_course
from autograder.gradebook.cells import register
from autograder.gradebook.opening import open_gradebook
from autograder.gradebook.tables import METADATA
from autograder.gradebook.writing import checksum
from autograder.notebook.assignment import load_assignments
from autograder.notebook.cells import cell_from_json
from autograder.notebook.installing import INSTALLING

TASK = {"grade_id": "t", "grade": False, "solution": False, "locked": True, "task": True, "points": 3}
ESSAY = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 5}
VARIED = notebook(
    markdown("# Text"),
    locked("setup", "import math"),
    solution("f", "### BEGIN SOLUTION\ndef f(x):\n    return x\n### END SOLUTION"),
    check("test_f", "assert f(1) == 1", 2.5),
    markdown("write here", ESSAY),
    markdown("do this", TASK),
    code("free = 1"),
)


def test_the_tables_are_nbgraders() -> None:
    """Every table and column that is written to is one of nbgrader's, and every required one is written."""
    for table in METADATA.sorted_tables:
        theirs = Base.metadata.tables[table.name].columns
        assert set(table.c.keys()) <= set(theirs.keys())
        required = {column.name for column in theirs if not column.nullable}
        assert required <= set(table.c.keys()), table.name


@pytest.mark.parametrize(
    "given", [VARIED, *(json.loads((ROOT / "source" / s / f"{s}.ipynb").read_text()) for s in SETS)]
)
def test_checksums_are_nbgraders(given: Json) -> None:
    """A cell's checksum, which tells whether a student wrote in it, is the one that nbgrader computes."""
    for data in nbformat.from_dict(given).cells:
        data.source = "".join(data.source)
        if data.metadata.get("nbgrader", {}).get("grade_id"):
            assert checksum(cell_from_json(data)) == compute_checksum(data)


CONFIGURATIONS = {
    "nothing": "",
    "names": "c.CourseDirectory.course_id = 'a'\nc.CourseDirectory.submitted_directory = 'in'\n",
    "a structure": "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}/{student_id}'\n",
    "a database": "c.CourseDirectory.db_url = 'sqlite:////var/lib/grades.db'\n",
    "another root": "c.CourseDirectory.root = '/srv/course/../numerics'\n",
    "what only nbgrader reads": "c.CourseDirectory.groupshared = True\nc.CourseDirectory.source_directory = 'src'\n",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_folders_are_nbgraders(tmp_path: Path, name: str) -> None:
    """A configuration means the same folders and the same gradebook as it means to nbgrader."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n" + CONFIGURATIONS[name])
    course = open_course(tmp_path)
    theirs = CourseDirectory(config=course.config)
    ours = course.directory
    assert isinstance(ours, PlainDirectory) == (name != "what only nbgrader reads")
    for word in ("root", "course_id", "db_url", "source_directory", "submitted_directory", "autograded_directory"):
        assert getattr(ours, word) == getattr(theirs, word)
    for step in (ours.source_directory, ours.submitted_directory):
        assert ours.format_path(step, "ada", "week1") == theirs.format_path(step, "ada", "week1")


TIMES = [
    "2026-01-02 03:04:05 UTC",
    "2026-01-02 03:04:05.678901 UTC",
    "2026-01-02 03:04:05",
    "2026-01-02 03:04:05.5 Europe/Berlin",
    "2026-01-02T03:04:05+02:00",
    "2 January 2026 3 pm",
]


@pytest.mark.parametrize("text", TIMES)
def test_times_are_nbgraders(tmp_path: Path, text: str) -> None:
    """timestamp.txt is read as nbgrader reads it, in its usual form and in any other."""
    (tmp_path / "timestamp.txt").write_text(f"{text}\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, about zones
        assert open_course(tmp_path).timestamp(tmp_path) == parse_utc(text)


def _rows(course: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what a gradebook knows of the assignment's cells, without the rows' ids.

    The text of the cell that only a release has is left out: grading runs it nowhere, and registers it as nothing.
    """
    queries = {
        "cells": "SELECT n.name, c.name, c.type, g.max_score, g.cell_type, t.max_score, t.cell_type, s.id IS NULL "
        "FROM base_cell c JOIN notebook n ON n.id = c.notebook_id LEFT JOIN grade_cells g ON g.id = c.id "
        "LEFT JOIN task_cells t ON t.id = c.id LEFT JOIN solution_cells s ON s.id = c.id ORDER BY 1, 2, 3",
        "sources": "SELECT n.name, s.name, s.cell_type, s.locked, s.source, s.checksum FROM source_cell s "
        f"JOIN notebook n ON n.id = s.notebook_id WHERE s.name != '{INSTALLING}' ORDER BY 1, 2",
        "notebooks": "SELECT a.name, n.name, n.kernelspec FROM notebook n JOIN assignment a ON a.id = n.assignment_id",
    }
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as connection:
        return {name: connection.execute(query).fetchall() for name, query in queries.items()}


@pytest.mark.parametrize("name", ["ps1_chain_rule", "varied"])
def test_a_new_assignments_cells_are_nbgraders(tmp_path: Path, name: str) -> None:
    """Registering an assignment leaves the rows that generate_assignment leaves, which then changes none of them."""
    config = "c.CourseDirectory.course_id = 'numerics'\n"
    courses = [make_course(tmp_path / place, *SETS[:1], config=config) for place in ("ours", "theirs")]
    for course in courses:
        written(VARIED, course / "source" / "varied" / "varied.ipynb")
    ours, theirs = courses
    with warnings.catch_warnings(), open_gradebook(open_course(ours)) as opened:
        warnings.simplefilter("ignore")  # nbgrader's own, about cells without ids
        known = register(opened, load_assignments(ours, name))
        assert register(opened, load_assignments(ours, name), known) == known
    assert nbgrader("generate_assignment", name, folder=theirs).status == 0
    assert _rows(ours) == _rows(theirs)
    assert nbgrader("generate_assignment", name, folder=ours).status == 0
    assert _rows(ours) == _rows(theirs)
