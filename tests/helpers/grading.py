"""Grading in one running grader: whole submissions through the pipeline, in a few hundredths of a second each."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.batch import setup_for
from autograder.callloop.limits import MEGABYTE, Limits
from autograder.isolation import strongest
from autograder.judge.worker import Worker
from autograder.notebook.assignment import Assignment, load_assignments
from autograder.notebook.reading import Notebook, notebook_from_bytes
from autograder.pipeline import Graded, Submission, grade_submission
from autograder.report import ExerciseResult, Status, SubmissionResult
from helpers.notebooks import ROOT, SETS, Json, notebook, released, replaced, source, written

# A student's part and the part that all students of an assignment share.
SEED = "5eed" * 16 + "c0de" * 16
# For what a limit must end: each limit so low that it is reached at once.
LOW = Limits(cell_seconds=1.0, total_seconds=30.0, memory_bytes=256 * MEGABYTE)


def assignment_from(given: Json, name: str = "small") -> Assignment:
    """Return an assignment that is in no folder, with this notebook as the instructor's."""
    return Assignment(name, name, notebook_from_bytes(json.dumps(given).encode()), None)


def pristine(name: str) -> Assignment:
    """Return one of the five sets."""
    (found,) = load_assignments(ROOT, name)
    return found


@dataclass(frozen=True)
class Outcome:
    """What came of one submission."""

    graded: Graded

    @property
    def result(self) -> SubmissionResult:
        """The verdicts."""
        return self.graded.result

    def __getitem__(self, name: str) -> ExerciseResult:
        """Return the verdict on one exercise."""
        return next(exercise for exercise in self.result.exercises if exercise.name == name)

    @property
    def scores(self) -> dict[str, float]:
        """The points by exercise."""
        return {exercise.name: exercise.score for exercise in self.result.exercises}

    @property
    def lost(self) -> dict[str, float]:
        """The points that were lost, by exercise, where any were."""
        return {one.name: one.max_score - one.score for one in self.result.exercises if one.score != one.max_score}

    def message(self, name: str) -> str:
        """Return what an exercise's failed checks say."""
        return "\n".join(f"{check.name}: {check.message}" for check in self[name].checks if not check.passed)

    def outputs(self, position: int) -> list[dict[str, Any]]:
        """Return the outputs of a cell of the graded notebook."""
        assert self.graded.notebook is not None
        found: list[dict[str, Any]] = self.graded.notebook["cells"][position]["outputs"]
        return found

    def printed(self, position: int) -> str:
        """Return what a cell of the graded notebook printed."""
        return "".join(output["text"] for output in self.outputs(position) if output.get("name") == "stdout")


class Grader:
    """One running worker, and a folder for the files of submissions."""

    def __init__(self, limits: Limits, folder: Path) -> None:
        self.limits = limits
        self.folder = folder
        self.number = 0
        self.sets = {name: pristine(name) for name in SETS}
        backend, self.isolation = strongest("full")
        self.worker = Worker(setup_for(list(self.sets.values()), backend, limits))
        self.worker.begin()
        assert self.worker.wait_until_ready() == ""

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def path(self) -> Path:
        """Return a path for one more submission."""
        self.number += 1
        return self.folder / f"{self.number}.ipynb"

    def grade(self, given: Json, assignment: Assignment, seed: str = SEED) -> Outcome:
        """Grade a notebook as a submission of an assignment."""
        path = written(given, self.path())

        def choose(_: Notebook, __: Path) -> tuple[Assignment, list[str]]:
            return assignment, []

        submission = Submission(path, path.name, choose, lambda *_: seed)
        outcome = Outcome(grade_submission(submission, self.worker, self.limits))
        assert outcome.result.status is Status.GRADED, outcome.result.message
        return outcome

    def grade_set(self, name: str, given: Json) -> Outcome:
        """Grade a notebook as a submission of one of the five sets."""
        return self.grade(given, self.sets[name])

    def judge(self, *cells: Json, **texts: str) -> Outcome:
        """Grade a small assignment of these cells, submitted with other texts in the cells of these ids."""
        original = notebook(*cells)
        return self.grade(replaced(released(original), texts), assignment_from(original))

    def run(self, *texts: str) -> Outcome:
        """Run these texts as a student's cells, with no test, to look at their outputs."""
        return self.judge(*({**cell, "source": text} for cell, text in zip(_plain(len(texts)), texts, strict=True)))


def _plain(count: int) -> list[Json]:
    return [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": ""}
        for _ in range(count)
    ]


def solved_by(name: str, texts: dict[str, str]) -> Json:
    """Return a set's release with these texts in its solution cells."""
    return replaced(released(source(name)), texts)
