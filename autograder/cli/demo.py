"""`autograder demo`: a course with a class of sample submissions, graded, in a folder of its own."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.callloop.limits import Limits
from autograder.cli.errors import UsageError, in_plain_words, show
from autograder.cli.feedback import feedback
from autograder.cli.grade import grade
from autograder.cli.report import report
from autograder.cli.sample_class import SAMPLE_CLASS
from autograder.notebook.assignment import COURSE_MARK, assignment_names, installed_course
from autograder.writers.text import points

# Long enough for any right answer of the sets; the endless loop of one sample waits for it.
DEMO_SECONDS = 2.0
MARK_OF_OURS = ".autograder-demo"
CONFIG_TEXT = "c = get_config()\n"


def _source_course() -> Path:
    checkout = Path(__file__).resolve().parent.parent.parent
    place = checkout if (checkout / "source").is_dir() else installed_course()
    if place is None:
        msg = "the problem sets are not installed; type: pip install 'backprop-autograder[instructor]'"
        raise UsageError(msg)
    return place


def _own_command() -> str:
    """Return what to type to call this program again."""
    called = Path(sys.argv[0])
    return "python -m autograder" if called.name == "__main__.py" else os.path.relpath(called)


def _empty_folder(folder: Path) -> Path:
    """Return the demo's folder, emptied if it is an earlier demo's. Raises UsageError for any other."""
    if folder.exists():
        if not (folder / MARK_OF_OURS).is_file():
            msg = f"{folder} exists and is not an earlier demo's; name another folder: autograder demo FOLDER"
            raise UsageError(msg)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK_OF_OURS).touch()
    return folder.resolve()


def _copy_course(source: Path, folder: Path) -> None:
    shutil.copytree(source / "source", folder / "source", ignore=shutil.ignore_patterns(".*"))
    if (source / "solutions").is_dir():
        shutil.copytree(
            source / "solutions",
            folder / "solutions",
            ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"),
        )
    config = source / COURSE_MARK
    if config.is_file():
        shutil.copyfile(config, folder / COURSE_MARK)
    else:
        (folder / COURSE_MARK).write_text(CONFIG_TEXT)


def _submit(folder: Path, name: str, student: str, make: Callable[[dict[str, Any]], str]) -> None:
    notebook = json.loads((folder / "source" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    target = folder / "submitted" / student / name / f"{name}.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text(make(notebook), encoding="utf-8")


def _table(folder: Path, names: list[str]) -> str:
    """Return the class's scores: a row a student, a column a problem set."""
    scores: dict[str, dict[str, str]] = {sample.student: {} for sample in SAMPLE_CLASS}
    for name in names:
        report = json.loads((folder / "results" / f"{name}.json").read_text())
        for submission in report["submissions"]:
            student = Path(submission["path"]).parts[1]
            graded = submission["status"] == "graded"
            shown = f"{points(submission['score'])}/{points(submission['max_score'])}" if graded else "error"
            scores[student][name] = shown
    wide = max(map(len, scores))
    lines = [f"{'':<{wide}}  " + "  ".join(f"{name:>14}" for name in names)]
    for sample in SAMPLE_CLASS:
        cells = "  ".join(f"{scores[sample.student].get(name, '-'):>14}" for name in names)
        lines.append(f"{sample.student:<{wide}}  {cells}   {sample.story}")
    return "\n".join(lines)


@in_plain_words
def demo(folder: str, *, isolation: str, quiet: bool) -> int:
    """Make the demo's course, grade its class, report on it, and print the scores and where to look.

    Returns the exit status: 0, 2 if the folder is taken or isolation refused, 3 if grading failed.
    """
    source = _source_course()
    place = _empty_folder(Path(folder))
    _copy_course(source, place)
    (place / "results").mkdir()
    names = assignment_names(place)
    limits = Limits(cell_seconds=DEMO_SECONDS)
    for name in names:
        for sample in SAMPLE_CLASS:
            _submit(place, name, sample.student, sample.make)
        if not quiet:
            print(f"grading {name}: {len(SAMPLE_CLASS)} submissions", file=sys.stderr)
        result = place / "results" / f"{name}.json"
        status = grade(
            name, student=None, force=True, json=str(result), jobs=2, limits=limits, isolation=isolation,
            course=str(place), quiet=quiet, table=False,
        )  # fmt: skip
        if not result.exists():
            return status
        feedback(name, student=None, force=False, course=str(place), quiet=True, table=False)
    for page in (*names, None):
        status = report(page, course=str(place), out=None, anonymous=False, quiet=True, told=False)
        if status:
            return status
    show(_table(place, names))
    command = "autograder" if shutil.which("autograder") else _own_command()
    show(f"""
where to look, in {folder}:
  results/*.json                   every check of every exercise
  feedback/<student>/<set>/        the page that each student gets
  autograded/<student>/<set>/      each notebook with its outputs and what was found
  gradebook.db                     nbgrader's gradebook; nbgrader's formgrader shows it, started in this folder
  report/<set>.html, course.html   how the class did; open them in a browser
try:  {command} run {folder}/submitted/emmy""")
    return 0
