"""The course that `nbgrader quickstart` makes, and most begin with, is graded as stock nbgrader grades it."""

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from helpers.course import through_api
from helpers.notebooks import replaced
from helpers.small_course import ROWS

ASSIGNMENT, NOTEBOOK = "ps1", "problem1"
LINES = "\nfrom autograder.configuration import use_sandbox\nuse_sandbox(c)\n"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"
CLASS = {
    "blank": {},
    "off_by_one": {"squares": "def squares(n):\n    return [i ** 2 for i in range(n)]", "sum_of_squares": SUM},
}

pytestmark = pytest.mark.xdist_group("quickstart")


def _course(folder: Path) -> Path:
    """Make the course, release its assignment, and hand in."""
    command = [sys.executable, "-m", "nbgrader", "quickstart", folder.name]
    subprocess.run(command, cwd=folder.parent, check=True, capture_output=True)
    through_api(folder, ("generate_assignment", ASSIGNMENT))
    for student, answers in CLASS.items():
        handed_in = folder / "submitted" / student / ASSIGNMENT
        shutil.copytree(folder / "release" / ASSIGNMENT, handed_in)
        path = handed_in / f"{NOTEBOOK}.ipynb"
        given = replaced(json.loads(path.read_text(encoding="utf-8")), answers)
        path.write_text(json.dumps(given), encoding="utf-8")
    return folder


def _graded(course: Path, lines: str) -> list[tuple[Any, ...]]:
    """Add lines to the course's configuration and grade; return the gradebook's rows."""
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(lines)
    through_api(course, *(("autograde", ASSIGNMENT, student) for student in CLASS))
    with sqlite3.connect(course / "gradebook.db") as database:
        return database.execute(ROWS).fetchall()


def test_the_first_course_is_graded_as_stock_grades_it(tmp_path: Path) -> None:
    """With the two lines, every score, every cell for a person and every comment is the one that stock gives."""
    stock = _course(tmp_path / "stock")
    shutil.copytree(stock, tmp_path / "ours")
    ours = _graded(tmp_path / "ours", LINES)
    assert ours == _graded(stock, "")
    points = {student: sum(row[4] or 0 for row in ours if row[0] == student) for student in CLASS}
    assert points == {"blank": 0, "off_by_one": 0.5}
