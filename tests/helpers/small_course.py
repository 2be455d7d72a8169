"""A course whose one assignment is graded in a moment, and everything that grading leaves of it."""

import contextlib
import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.command import Ran, autograder
from helpers.course import submit
from helpers.notebooks import Json, check, hidden, notebook, released, replaced, solution, written

WEEK = "week1"
CONFIG = "c = get_config()\n"
ROWS = """
SELECT submission.student_id, notebook.name, cell.name, cell.type,
       grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade,
       comment.auto_comment, comment.manual_comment, submitted.late_submission_penalty
FROM submitted_assignment AS submission
JOIN submitted_notebook AS submitted ON submitted.assignment_id = submission.id
JOIN notebook ON notebook.id = submitted.notebook_id
JOIN base_cell AS cell ON cell.notebook_id = notebook.id
LEFT JOIN grade ON grade.cell_id = cell.id AND grade.notebook_id = submitted.id
LEFT JOIN comment ON comment.cell_id = cell.id AND comment.notebook_id = submitted.id
ORDER BY 1, 2, 3, 4
"""
TWICE = "from solutions.week1 import FACTOR\nassert f(3) == 3 * FACTOR"


def week(*more: Json) -> Json:
    """Return the instructor's notebook: a function, tested in sight and out of it, and more cells."""
    return notebook(
        solution("f", "### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"),
        check("test_f", "assert f(2) == 4, 'f doubles'\n" + hidden(TWICE), 2),
        *more,
    )


def answer(text: str, given: Json | None = None) -> Json:
    """Return the assignment as a student hands it in with this function."""
    return replaced(released(given or week()), {"f": text})


RIGHT = answer("def f(x):\n    return x + x")
WRONG = answer("def f(x):\n    return 4")


def small_course(folder: Path, students: int = 3, config: str = CONFIG) -> Path:
    """Make a course in which every third student is wrong."""
    (folder / "solutions").mkdir(parents=True)
    (folder / "solutions" / "__init__.py").touch()
    (folder / "solutions" / "week1.py").write_text("from solutions.numbers import TWO\n\nFACTOR = TWO\n")
    (folder / "solutions" / "numbers.py").write_text("TWO = 2\n")
    (folder / "solutions" / "week2.py").write_text("OTHER = 1\n")
    written(week(), folder / "source" / WEEK / f"{WEEK}.ipynb")
    (folder / "nbgrader_config.py").write_text(config)
    for number in range(students):
        submit(folder, f"s{number:02}", WEEK, WRONG if number % 3 == 2 else RIGHT)
    return folder


def grade(course: Path, *words: str, **variables: str) -> Ran:
    """Run `autograder grade` on the assignment, with one worker."""
    return autograder("grade", WEEK, "--jobs", "1", *words, folder=course, **variables)


def counts(ran: Ran) -> tuple[int, int]:
    """Return how many submissions a run graded, and how many it left unchanged."""
    line = next(line for line in ran.out.splitlines() if line.startswith("graded: "))
    graded, _, unchanged = (int(part.rpartition(" ")[2]) for part in line.split(", "))
    return graded, unchanged


@dataclass(frozen=True)
class Left:
    """What grading leaves: the gradebook's rows by names, and the graded files."""

    rows: list[tuple[Any, ...]]
    files: dict[str, bytes]


def rows_of(course: Path) -> list[tuple[Any, ...]]:
    """Return every cell of every submission in an SQLite gradebook, after checking that it is whole."""
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute(ROWS).fetchall()


def left(course: Path) -> Left:
    """Return what grading left of a course, but for the time and memory that each notebook took."""
    folder = course / "autograded"
    files = {str(path.relative_to(folder)): _untimed(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    return Left(rows_of(course), files)


def _untimed(path: Path) -> bytes:
    if path.suffix != ".ipynb":
        return path.read_bytes()
    notebook = json.loads(path.read_bytes())
    result = notebook["metadata"].get("autograder_result", {})
    for measured in ("seconds", "resources"):
        result.pop(measured, None)
    return json.dumps(notebook, sort_keys=True).encode()


def copied(course: Path, target: Path) -> Path:
    """Copy a course, its secret included."""
    shutil.copytree(course, target, symlinks=True)
    return target


def marks(course: Path) -> dict[str, Any]:
    """Return what each graded notebook says of its grading, by student."""
    found = {}
    for path in sorted((course / "autograded").glob(f"*/{WEEK}/{WEEK}.ipynb")):
        found[path.parts[-3]] = json.loads(path.read_text())["metadata"].get("autograder")
    return found


def auto_scores(course: Path) -> dict[str, float | None]:
    """Return what the gradebook has for the function's test, by student."""
    return {row[0]: row[4] for row in rows_of(course) if row[2:4] == ("test_f", "GradeCell")}
