"""Courses for the benchmarks: one of the sets, or a small plain one, with right submissions; timing whole commands."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plain_notebooks import TEXTS, parts_of

ROOT = Path(__file__).resolve().parent.parent
STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\nc.ExecutePreprocessor.timeout = 60\n'
OURS = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Time:
    """Seconds of wall time, and of CPU with all children's."""

    wall: float
    cpu: float


def _cell(text: str, **marks: Any) -> dict[str, Any]:
    metadata = {"nbgrader": {"schema_version": 3, "task": False, **marks}} if marks else {}
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": text}


def plain_notebook(which: str) -> dict[str, Any]:
    """Return a plain notebook, with its solutions."""
    imports, functions = parts_of(which)
    cells = [_cell(imports)]
    for name, answer, test in functions:
        text = f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"
        cells.append(_cell(text, grade_id=name, grade=False, solution=True, locked=False))
        cells.append(_cell(test, grade_id=f"test_{name}", grade=True, solution=False, locked=True, points=1))
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}


def make_course(folder: Path, name: str, students: int, config: str) -> None:
    """Lay out a course with right submissions of one set, or of a plain notebook."""
    source = folder / "source" / name
    if name in TEXTS:
        source.mkdir(parents=True)
        (source / f"{name}.ipynb").write_text(json.dumps(plain_notebook(name)), encoding="utf-8")
    else:
        shutil.copytree(ROOT / "source" / name, source)
        ignored = shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
        shutil.copytree(ROOT / "solutions", folder / "solutions", ignore=ignored)
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for number in range(students):
        shutil.copytree(source, folder / "submitted" / f"student{number:05}" / name)


def environment(folder: Path) -> dict[str, str]:
    """Return the variables of a command that works on a course."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": programs, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def timed(command: list[str], folder: Path) -> Time:
    """Run a command in a course and return its times. Raises CalledProcessError if it fails."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, env=environment(folder), check=True, capture_output=True)  # noqa: S603
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Time(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def grade(name: str, *words: str) -> list[str]:
    """Return the command that grades an assignment."""
    return [sys.executable, "-m", "autograder", "grade", name, *words]


def nbgrader(*words: str) -> list[str]:
    """Return a command of nbgrader's."""
    return [sys.executable, "-m", "nbgrader", *words]
