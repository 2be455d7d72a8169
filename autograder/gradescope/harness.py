"""What run_autograder does: finds the notebook, has it graded by a process of its own, and writes results.json.

The layout of the folder is that of Gradescope's "Autograder Specifications": `source`, `submission`, `results`.
"""

import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from autograder.callloop.limits import Limits
from autograder.gradescope.settings import Settings
from autograder.notebook.reading import NotebookError, notebooks_below, read_notebook
from autograder.writers.files import write_whole
from autograder.writers.gradescope import gradescope_text, refusal
from autograder.writers.text import inert

TOLD_NAMES = 5
# Of `autograder run`: graded, or graded but for something.
WITH_RESULTS = (0, 3)
ASK = "Submit again; if that does not help, tell your instructor."


class RefusedError(Exception):
    """A submission can't be graded; the message is for the student."""


def _listed(paths: Sequence[Path], above: Path) -> str:
    names = [inert(str(path.relative_to(above))) for path in paths[:TOLD_NAMES]]
    more = len(paths) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def _tests_in(path: Path, tests: frozenset[str]) -> int:
    """Return how many of these tests a notebook has; 0 for a file that can't be read."""
    try:
        notebook = read_notebook(path, Limits().notebook_bytes)
    except NotebookError:
        return 0
    return len(tests & {cell.grade_id for cell in notebook.cells})


def _tests_of(folder: Path, name: str) -> frozenset[str]:
    notebook = read_notebook(folder / f"{name}.ipynb", Limits().notebook_bytes)
    return frozenset(cell.grade_id for cell in notebook.cells if cell.is_test)


def submitted_notebook(name: str, paths: Sequence[Path], submission: Path, source: Path) -> Path:
    """Return which of the submitted files is a notebook of the assignment: the one so named, or the one with its tests.

    paths: of all submitted notebooks. source: the folder of the instructor's notebooks.
    Raises RefusedError if it is none of them, or may be several.
    """
    named = [path for path in paths if path.name == f"{name}.ipynb"]
    if len(named) == 1:
        return named[0]
    tests = _tests_of(source, name)
    having = [path for path in named or paths if _tests_in(path, tests)]
    if len(having) == 1:
        return having[0]
    if len(paths) == 1 and not having:
        return paths[0]  # `autograder run` says what is wrong with it
    msg = (
        f"There are {len(paths)} notebooks, and it is not clear which one is to be graded: "
        f"{_listed(paths, submission)}. Submit one, by the name {name}.ipynb."
    )
    raise RefusedError(msg)


def found_notebooks(settings: Settings, submission: Path, source: Path) -> list[Path]:
    """Return the submitted notebooks, in the order of the assignment's. Raises RefusedError if they can't be told."""
    paths = notebooks_below(submission) if submission.is_dir() else []
    if not paths:
        others = sorted(path for path in submission.rglob("*") if path.is_file()) if submission.is_dir() else []
        got = f"these files: {_listed(others, submission)}" if others else "nothing"
        msg = (
            f"No notebook was submitted (a file that ends in .ipynb), but {got}. Submit {settings.notebooks[0]}.ipynb."
        )
        raise RefusedError(msg)
    if len(settings.notebooks) == 1:
        return [submitted_notebook(settings.notebooks[0], paths, submission, source)]
    found = [path for name in settings.notebooks for path in paths if path.name == f"{name}.ipynb"]
    missing = [name for name in settings.notebooks if name not in {path.stem for path in found}]
    if len(found) != len(settings.notebooks):
        wanted = ", ".join(f"{name}.ipynb" for name in settings.notebooks)
        what = f"missing: {', '.join(missing)}" if missing else "some are there more than once"
        msg = f"This assignment has {len(settings.notebooks)} notebooks, {wanted}; {what}. Submit one of each."
        raise RefusedError(msg)
    return found


def _command(settings: Settings, notebooks: Sequence[Path], course: Path, results: Path) -> list[str]:
    words = [sys.executable, "-I", "-m", "autograder", "run", *map(str, notebooks)]
    words += ["--assignment", settings.assignment, "--course", str(course), "--gradescope", str(results)]
    words += [word for rule in settings.visibility for word in ("--visibility", rule)]
    words += ["--timeout", f"{settings.cell_seconds:g}", "--total-timeout", f"{settings.total_seconds:g}"]
    # A container mostly forbids user namespaces; where it does not, they are used.
    return [*words, "--isolation", "container", "--jobs", "1", "--quiet"]


def _grade(root: Path) -> None:
    """Write the results of a submission. Raises RefusedError, with a message for the student, if there are none."""
    settings = Settings.read(root / "source")
    course, submission = root / "source" / "course", root / "submission"
    notebooks = found_notebooks(settings, submission, course / "source" / settings.assignment)
    new = root / "results" / "new.json"
    new.unlink(missing_ok=True)
    try:
        command = _command(settings, notebooks, course, new)
        done = subprocess.run(command, check=False, cwd=root, timeout=settings.run_seconds)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        msg = f"Grading took longer than {settings.run_seconds:g} seconds. Is there an endless loop? {ASK}"
        raise RefusedError(msg) from None
    if done.returncode not in WITH_RESULTS or not new.is_file():
        print(f"autograder run ended with status {done.returncode}", flush=True)  # noqa: T201 - for the instructor
        msg = f"The autograder failed; that is not your fault. {ASK}"
        raise RefusedError(msg)
    new.replace(root / "results" / "results.json")


def grade_here(root: Path) -> None:
    """Grade what lies in `submission`, and write `results/results.json` whatever comes of it.

    root: Gradescope's folder. What only the instructor should see goes to standard output.
    """
    try:
        _grade(root)
    except Exception as error:  # noqa: BLE001 - a student must be told something, and nothing of the inside
        told = (
            str(error) if isinstance(error, RefusedError) else f"The autograder failed; that is not your fault. {ASK}"
        )
        if not isinstance(error, RefusedError):
            traceback.print_exc(file=sys.stdout)
        write_whole(root / "results" / "results.json", gradescope_text(refusal(told)))
