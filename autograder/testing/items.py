"""pytest's nodes for what grading found: a collector a submission, one an exercise, an item a check."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.report import COULD_NOT_JUDGE, LOOKS_LIKE, Check, ExerciseResult, Status, SubmissionResult
from autograder.writers.text import inert, points, unlike_commands


def told(text: str) -> str:
    """Return text of many lines that no terminal and no CI service takes for more than text."""
    return unlike_commands(inert(text, keep_newlines=True))


def node_name(text: str) -> str:
    """Return a name that can stand in the id of a test, between the colons that part it."""
    return inert(text).replace("::", ": :") or "?"


class CheckFailedError(Exception):
    """A check found something wrong, or could not be made; the message says what."""


class Message:
    """What pytest shows of a failed check: the message, and no traceback, which would be the grader's own."""

    def __init__(self, text: str) -> None:
        self.text = text
        # From here pytest takes what it says in the line of its summary.
        self.reprcrash = SimpleNamespace(message=text.partition("\n")[0])

    def __str__(self) -> str:
        return self.text

    def toterminal(self, writer: Any) -> None:
        """Write it for a person."""
        for line in self.text.split("\n"):
            writer.line(line, red=True)


class CheckItem(pytest.Item):
    """One check of one exercise of one submission, which was made already."""

    def __init__(self, *, check: Check, exercise: ExerciseResult | None, notebook: Path, **named: Any) -> None:
        super().__init__(**named)
        self.check, self.exercise, self.notebook = check, exercise, notebook

    @property
    def message(self) -> str:
        """What is shown if the check failed."""
        lines = [self.check.message or "failed"]
        if self.exercise and self.exercise.diagnosis and self.check.name != COULD_NOT_JUDGE:
            lines.append(f"{LOOKS_LIKE}: {self.exercise.diagnosis.message}")
        return told("\n".join(lines))

    def setup(self) -> None:
        """Fail before the test, which pytest calls an error, where nothing could be judged."""
        if self.exercise is None or (self.check.name == COULD_NOT_JUDGE and not self.check.passed):
            raise CheckFailedError(self.message)

    def runtest(self) -> None:
        """Fail if the check did."""
        if not self.check.passed:
            raise CheckFailedError(self.message)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Say where this is from, and what its failure is headed with."""
        return self.notebook, None, self.nodeid


class ManualItem(pytest.Item):
    """A cell that a person must grade."""

    def __init__(self, *, notebook: Path, **named: Any) -> None:
        super().__init__(**named)
        self.notebook = notebook

    def runtest(self) -> None:
        """Skip it."""
        pytest.skip("to be graded by a person")

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where this is from; the line is the file's first."""
        return self.notebook, 0, self.nodeid


class ExerciseNode(pytest.Collector):
    """One exercise of one submission."""

    def __init__(self, *, exercise: ExerciseResult, notebook: Path, **named: Any) -> None:
        super().__init__(**named)
        self.exercise, self.notebook = exercise, notebook

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its checks, and its points where they are fewer than its checks say."""
        exercise = self.exercise
        checks = list(exercise.checks)
        if exercise.score < exercise.max_score and all(check.passed for check in checks):
            message = f"{points(exercise.score)} of {points(exercise.max_score)} points"
            checks.append(Check("points", passed=False, message=message))
        counts: dict[str, int] = {}
        for check in checks:
            name = node_name(check.name)
            counts[name] = counts.get(name, 0) + 1
            unique = name if counts[name] == 1 else f"{name}-{counts[name]}"
            yield CheckItem.from_parent(self, name=unique, check=check, exercise=exercise, notebook=self.notebook)


class SubmissionNode(pytest.Collector):
    """One submission.

    Its path is not the notebook's: for that, pytest would run a conftest.py that a student put beside it.
    """

    def __init__(self, *, result: SubmissionResult, **named: Any) -> None:
        super().__init__(**named)
        self.result = result

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield its exercises, or what kept it from being graded."""
        result, notebook = self.result, Path(self.result.path)
        if result.status is Status.ERROR:
            refused = Check("notebook", passed=False, message=result.message)
            yield CheckItem.from_parent(self, name="notebook", check=refused, exercise=None, notebook=notebook)
        for exercise in result.exercises:
            name = node_name(exercise.name)
            yield ExerciseNode.from_parent(self, name=name, exercise=exercise, notebook=notebook)
        for grade_id in result.needs_manual:
            yield ManualItem.from_parent(self, name=node_name(grade_id), notebook=notebook)
