"""Grading one submission, as the list of steps that it is.

    read the file → choose its assignment → restore the instructor's cells → plan what runs
    → judge the plan in a process of its own → gather the verdicts

Each step takes the last one's value. Nothing in here knows where submissions come from or where
verdicts go.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.callloop.limits import Limits
from autograder.judge.worker import Worker
from autograder.notebook.assignment import Assignment
from autograder.notebook.matching import Restored, notebook_json, plan_for, restore
from autograder.notebook.plan import Plan, Side
from autograder.notebook.reading import Notebook, NotebookError, read_notebook
from autograder.report import COULD_NOT_JUDGE, Check, Diagnosis, ExerciseResult, Resources, Status, SubmissionResult
from autograder.result_data import line_in, picture_in
from autograder.sandbox.backend import SandboxError

NOT_REACHED = Check(
    COULD_NOT_JUDGE, passed=False, message="the grader did not reach this test; grade this submission again"
)
UNPROTECTED = "graded without isolation: this notebook's code could read and change whatever the grader's user can"

FORGEABLE = (
    "cell {name!r} was run on the student's side, as the course's configuration says: its score could be forged, "
    "and its text was readable"
)


@dataclass(frozen=True)
class Submission:
    """What is to be graded: a file, as the user named it, and the seed of its hidden cases.

    choose: returns the assignment of a notebook, and a warning if it may be another one's.
    seed: returns the seed, in hexadecimal, from the assignment and the file's content.
    read: returns the notebook of a path, of at most so many bytes. settled: the assignment and the seed, where
    neither hangs on the file's content. beside: returns the files that were handed in with the notebook.
    """

    path: Path
    shown_path: str
    choose: Callable[[Notebook, Path], tuple[Assignment, list[str]]]
    seed: Callable[[Assignment, Notebook], str]
    read: Callable[[Path, int], Notebook] = read_notebook
    settled: tuple[Assignment, str] | None = None
    beside: Callable[[], Mapping[str, bytes]] = dict


def settled_submission(
    path: Path,
    shown_path: str,
    assignment: Assignment,
    seed: str,
    read: Callable[[Path, int], Notebook] = read_notebook,
    beside: Callable[[], Mapping[str, bytes]] = dict,
) -> Submission:
    """Return a submission whose assignment and seed are known before its file is read."""
    return Submission(path, shown_path, lambda *_: (assignment, []), lambda *_: seed, read, (assignment, seed), beside)


@dataclass(frozen=True)
class Graded:
    """A submission's result, and the notebook with its outputs where there is one.

    broke_down: True if the grader's own processes failed, so that another try may succeed.
    reading_seconds: how much of the result's time went by before the sandbox was asked. explained: how each
    test was run, by its exercise's name.
    """

    result: SubmissionResult
    notebook: dict[str, Any] | None = None
    assignment: Assignment | None = None
    broke_down: bool = False
    reading_seconds: float = 0.0
    explained: tuple[tuple[str, tuple[str, ...]], ...] = ()


def grade_submission(submission: Submission, worker: Worker, limits: Limits) -> Graded:
    """Grade one submission. A file that can't be graded is a result too, not an exception."""
    started = time.monotonic()
    try:
        notebook = submission.read(submission.path, limits.notebook_bytes)
        assignment, warnings = submission.choose(notebook, submission.path)
    except NotebookError as error:
        return refused(submission, f"{submission.path.name} {error}", started)
    restored = restore(notebook, assignment)
    restored.warnings[:0] = warnings if worker.setup.backend.is_a_boundary else [*warnings, UNPROTECTED]
    restored.warnings += [FORGEABLE.format(name=name) for name in sorted(assignment.on_students_side)]
    plan = plan_for(restored, assignment, submission.seed(assignment, notebook), submission.beside())
    read = time.monotonic() - started
    try:
        answer = worker.grade(plan)
    except SandboxError as error:
        return refused(submission, f"the grader broke down: {error}", started, broke_down=True)
    graded = _gathered(submission, assignment, notebook, restored, plan, answer, started)
    return replace(graded, reading_seconds=read)


def refused(submission: Submission, message: str, started: float, *, broke_down: bool = False) -> Graded:
    """Return what is said of a submission that was not graded.

    started: when it was taken up, by the monotonic clock.
    """
    seconds = time.monotonic() - started
    result = SubmissionResult(submission.shown_path, Status.ERROR, seconds=seconds, message=message)
    return Graded(result, broke_down=broke_down)


def _gathered(
    submission: Submission,
    assignment: Assignment,
    notebook: Notebook,
    restored: Restored,
    plan: Plan,
    answer: dict[str, Any],
    started: float,
) -> Graded:
    """Turn the judge's events into a result and a notebook."""
    events = [event for event in answer["events"] if isinstance(event, dict)]
    failed = next((str(event["failed"]) for event in events if "failed" in event), answer.get("problem"))
    if failed:
        return refused(submission, f"the grader broke down: {failed}", started, broke_down=True)
    verdicts = {event["test"]: event for event in events if "test" in event}
    outputs = {
        plan.cells[position].index: event["outputs"]
        for event in events
        for position in [event.get("cell", event.get("test"))]
        if position is not None
    }
    exercises = tuple(
        _exercise(assignment, plan, position, verdicts.get(position))
        for position, cell in enumerate(plan.cells)
        if cell.side is Side.TEST
    )
    last = next((event for event in reversed(events) if "done" in event), {})
    result = SubmissionResult(
        path=submission.shown_path,
        status=Status.GRADED,
        exercises=_in_assignment_order(exercises, assignment),
        seconds=time.monotonic() - started,
        warnings=tuple(restored.warnings),
        needs_manual=assignment.needs_manual,
        python_warnings=dict(last.get("warnings", {})),
        resources=Resources(**last.get("resources", {})),
    )
    explained = _explained(assignment, plan, verdicts)
    return Graded(result, notebook_json(restored, notebook, outputs), assignment, explained=explained)


def _explained(
    assignment: Assignment, plan: Plan, verdicts: dict[int, dict[str, Any]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return how each test was run, by its exercise's name."""
    return tuple(
        (assignment.exercise_name(plan.cells[position].grade_id), tuple(map(str, event.get("explained", ()))))
        for position, event in verdicts.items()
    )


def _exercise(assignment: Assignment, plan: Plan, position: int, verdict: dict[str, Any] | None) -> ExerciseResult:
    cell = plan.cells[position]
    name = assignment.exercise_name(cell.grade_id)
    if verdict is None:
        return ExerciseResult(name, cell.grade_id, 0.0, cell.points, (NOT_REACHED,))
    checks = tuple(Check(check["name"], check["passed"], check["message"]) for check in verdict["checks"])
    found = verdict.get("diagnosis")
    diagnosis = Diagnosis(found["id"], found["message"]) if found else None
    sight = picture_in(verdict.get("picture")), line_in(verdict.get("line"))
    return ExerciseResult(name, cell.grade_id, float(verdict["score"]), cell.points, checks, diagnosis, *sight)


def _in_assignment_order(exercises: tuple[ExerciseResult, ...], assignment: Assignment) -> tuple[ExerciseResult, ...]:
    order = {grade_id: position for position, grade_id in enumerate(assignment.tests)}
    return tuple(sorted(exercises, key=lambda exercise: order.get(exercise.grade_id, len(order))))
