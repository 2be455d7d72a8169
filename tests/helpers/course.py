"""nbgrader courses in folders of their own: made from the checkout, graded by real commands, read back."""

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from helpers.command import Ran, environment
from helpers.notebooks import ROOT, Json, grade_id_of, marks_of, released, replaced, source
from helpers.started import Starter

SECONDS = 300
# Calls nbgrader's own interface for programs, many times in one process.
API = """
import json, sys
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

app = NbGrader()
app.initialize([])
api = NbGraderAPI(config=app.config)
for method, *arguments in json.loads(sys.argv[1]):
    outcome = getattr(api, method)(*arguments)
    assert outcome["success"], (method, arguments, outcome)
"""
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", ".*")


# --- making ---------------------------------------------------------------------------------------


def make_course(folder: Path, *sets: str, config: str = "") -> Path:
    """Make a course of some of the checkout's sets, with lines added to its configuration."""
    for name in sets:
        shutil.copytree(ROOT / "source" / name, folder / "source" / name, ignore=NOT_COPIED)
    shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=NOT_COPIED)
    ours = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(ours + config, encoding="utf-8")
    return folder


def submit(course: Path, student: str, name: str, given: Json | bytes, notebook: str = "") -> Path:
    """Put what a student hands in into `submitted/`, and return its folder."""
    folder = course / "submitted" / student / name
    folder.mkdir(parents=True, exist_ok=True)
    content = given if isinstance(given, bytes) else json.dumps(given).encode()
    (folder / f"{notebook or name}.ipynb").write_bytes(content)
    return folder


def handed_in(name: str, **texts: str) -> Json:
    """Return a set's release with these texts in its solution cells, and stubs in the others."""
    return replaced(released(source(name)), texts)


# --- running --------------------------------------------------------------------------------------


def course_environment(place: Path, **more: str) -> dict[str, str]:
    """Return an environment whose Jupyter folders are below a place, so that no other course is seen."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    folders = {
        name: str(place / f".{name.lower()}")
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    }
    return environment(**{"PATH": programs, **folders, **more})


def nbgrader(*words: str | Path, folder: Path) -> Ran:
    """Run nbgrader's own command in a folder."""
    ended = _starter().run("nbgrader", [*map(str, words)], folder, course_environment(folder), SECONDS)
    return Ran(ended.status, ended.out.decode(), ended.err.decode())


@cache
def _starter() -> Starter:
    return Starter(("nbgrader.apps", "nbgrader.preprocessors"), environment())


def through_api(course: Path, *calls: tuple[str, ...]) -> None:
    """Call methods of nbgrader's API, each given by its name and arguments, in the course's folder."""
    done = subprocess.run(
        [sys.executable, "-c", API, json.dumps(calls)],
        cwd=course,
        env=course_environment(course),
        capture_output=True,
        timeout=SECONDS,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A graded cell's entry in the gradebook."""

    score: float
    auto: float | None
    manual: float | None
    extra: float | None
    needs_manual: bool


@contextmanager
def gradebook(course: Path) -> Iterator[Any]:
    """Open a course's gradebook with nbgrader's API."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own, about SQLAlchemy's ways
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as opened:
            yield opened


def cells_of(course: Path, name: str) -> dict[str, dict[str, Cell]]:
    """Return every graded cell of an assignment, by student and by the cell's id."""
    with gradebook(course) as opened:
        return {
            submission.student_id: {
                grade.name: Cell(
                    grade.score,
                    grade.auto_score,
                    grade.manual_score,
                    grade.extra_credit,
                    bool(grade.needs_manual_grade),
                )
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in opened.assignment_submissions(name)
        }


def scores_of(course: Path, name: str) -> dict[str, dict[str, float]]:
    """Return the points of every graded cell, by student and by the cell's id."""
    return {
        student: {cell: found.score for cell, found in cells.items()}
        for student, cells in cells_of(course, name).items()
    }


def points_of(name: str) -> dict[str, float]:
    """Return what each test cell of a set is worth."""
    cells = source(name)["cells"]
    return {grade_id_of(cell): float(marks_of(cell)["points"]) for cell in cells if marks_of(cell).get("grade")}


def except_for(name: str, *lost: str) -> dict[str, float]:
    """Return full points for each test cell of a set, but 0 for those of these functions."""
    return {test: 0.0 if test.removeprefix("test_") in lost else points for test, points in points_of(name).items()}
