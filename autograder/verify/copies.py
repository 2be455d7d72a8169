"""The notebook itself through the real sandbox: the source, the release, and one function missing at a time."""

import copy
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from autograder.batch import LocalCrew, grade_all, setup_for
from autograder.callloop.limits import Limits
from autograder.notebook.assignment import Assignment
from autograder.notebook.reading import Notebook
from autograder.pipeline import Submission
from autograder.report import ExerciseResult, Status, SubmissionResult
from autograder.sandbox.backend import Backend
from autograder.verify.results import CopyResult

NotebookJson = dict[str, Any]
SEED = "5eed" * 16
LINES_AT_MOST = 3


@dataclass(frozen=True)
class Copy:
    """One notebook to grade.

    due: takes an exercise's name, returns whether it must earn its points in this copy.
    """

    name: str
    assignment: Assignment
    content: str
    due: Callable[[str], bool]


def _as_json(assignment: Assignment) -> NotebookJson:
    read: NotebookJson = json.loads(assignment.notebook.content)
    for cell in read["cells"]:
        cell["source"] = "".join(cell["source"])
    return read


def _released(original: NotebookJson) -> NotebookJson:
    """Return what nbgrader would hand out."""
    notebook = nbformat.from_dict(copy.deepcopy(original))
    for step in (ClearSolutions(), ClearHiddenTests()):
        notebook, _ = step.preprocess(notebook, {})
    return json.loads(nbformat.writes(notebook))


def _grade_id(cell: NotebookJson) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _solved(original: NotebookJson, missing: NotebookJson | None = None, exercise: str = "") -> NotebookJson:
    """Return a copy with the instructor's solutions, but for one exercise as in `missing`."""
    notebook = copy.deepcopy(original)
    stubs = {_grade_id(cell): cell["source"] for cell in missing["cells"]} if missing else {}
    for cell in notebook["cells"]:
        cell["source"] = re.sub(r"[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", "", cell["source"])
        if exercise and _grade_id(cell) == exercise:
            cell["source"] = stubs[exercise]
    return notebook


def copies(assignments: list[Assignment], released: Path | None) -> Iterator[Copy]:
    """Yield the copies of an assignment's notebooks: those of the instructor, and what students get.

    released: the folder with what was handed out, if there is one.
    """
    for assignment in assignments:
        original = _as_json(assignment)
        stubs = _released(original)
        yield Copy("source", assignment, json.dumps(_solved(original)), lambda name: True)
        yield Copy("release", assignment, json.dumps(stubs), lambda name: False)
        handed_out = released / f"{assignment.notebook_name}.ipynb" if released else None
        if handed_out and handed_out.is_file():
            yield Copy("release/", assignment, handed_out.read_text(encoding="utf-8"), lambda name: False)
        for exercise in assignment.solutions:
            if f"test_{exercise}" in assignment.tests:
                text = json.dumps(_solved(original, stubs, exercise))
                yield Copy(f"without {exercise}", assignment, text, lambda name, gone=exercise: name != gone)  # type: ignore[misc]


def _fault(exercise: ExerciseResult, *, is_due: bool) -> str | None:
    if (exercise.score == exercise.max_score) if is_due else (exercise.score == 0):
        return None
    due = exercise.max_score if is_due else 0.0
    messages = [check.message for check in exercise.checks if not check.passed]
    told = ": " + " ".join(messages[0].split("\n")[:LINES_AT_MOST]) if messages else ""
    return f"{exercise.name} earns {exercise.score:g} where {due:g} are due{told}"


def _result(one: Copy, graded: SubmissionResult) -> CopyResult:
    if graded.status is Status.ERROR:
        return CopyResult(one.name, 0.0, one.assignment.max_score, (graded.message,), incomplete=True)
    faults = (_fault(exercise, is_due=one.due(exercise.name)) for exercise in graded.exercises)
    broken = any(exercise.could_not_judge for exercise in graded.exercises)
    return CopyResult(one.name, graded.score, graded.max_score, tuple(fault for fault in faults if fault), broken)


def graded_copies(prepared: list[Copy], backend: Backend, jobs: int) -> Iterator[CopyResult]:
    """Grade the copies in the sandbox; yield what came of each, in no certain order."""
    with tempfile.TemporaryDirectory(prefix="autograder-verify-") as folder:
        submissions = []
        for number, one in enumerate(prepared):
            path = Path(folder) / f"{number}.ipynb"
            path.write_text(one.content, encoding="utf-8")

            def choose(_: Notebook, __: Path, one: Copy = one) -> tuple[Assignment, list[str]]:
                return one.assignment, []

            submissions.append(Submission(path, one.name, choose, lambda *_: SEED))
        setup = setup_for([one.assignment for one in prepared], backend, Limits())
        for position, graded in grade_all(submissions, LocalCrew(setup, jobs)):
            yield _result(prepared[position], graded.result)
