"""What grading finds, as frozen values: the only thing that writers ever see.

A Report holds no trace of how it came about, so a writer is a function of it and nothing else.
"""

from dataclasses import dataclass, field
from enum import Enum

SCHEMA = 1
# What stands before a diagnosis wherever a person reads it.
LOOKS_LIKE = "what this looks like"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at in one exercise, and what came of it."""

    name: str
    passed: bool
    message: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that a wrong answer agrees with."""

    id: str
    message: str


@dataclass(frozen=True)
class PartPattern:
    """Which entries of one number or array of an answer are wrong, and in what way; no value of either.

    name: the part's; "" where the answer is all of it. axes: what each axis counts, such as ("h", "k").
    shape: that it must have. got: that it has. kinds: the Entry of each entry, row by row; "" where the shapes differ.
    """

    name: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    got: tuple[int, ...]
    kinds: str = ""


class Entry:
    """The letters of PartPattern.kinds: how far an entry is off, beside the largest true one of its part."""

    RIGHT, CLOSE, FAR, OPPOSITE, NOT_FINITE = ".", "~", "x", "-", "!"
    ALL = RIGHT + CLOSE + FAR + OPPOSITE + NOT_FINITE


@dataclass(frozen=True)
class ErrorPattern:
    """What a wrong answer looks like on one set of inputs that was made for showing it.

    sizes: of the named dimensions.
    """

    sizes: dict[str, int]
    parts: tuple[PartPattern, ...]


@dataclass(frozen=True)
class CodeLine:
    """A line of a student's cell: its number, from 1, and its text."""

    number: int
    text: str


@dataclass(frozen=True)
class ExerciseResult:
    """The verdict on one graded cell.

    name: the function's name, or the cell's grade_id where it tests no single function.
    score, max_score: points.
    picture: of a wrong answer, where there is something to see. line: where the function raised an exception.
    """

    name: str
    grade_id: str
    score: float
    max_score: float
    checks: tuple[Check, ...]
    diagnosis: Diagnosis | None = None
    picture: ErrorPattern | None = None
    line: CodeLine | None = None

    @property
    def passed(self) -> bool:
        """True if all points were earned and no check failed."""
        return self.score >= self.max_score and all(check.passed for check in self.checks)

    @property
    def could_not_judge(self) -> bool:
        """True if the test itself was at fault, so that the score means nothing."""
        return any(check.name == COULD_NOT_JUDGE and not check.passed for check in self.checks)


COULD_NOT_JUDGE = "could_not_judge"


class Status(Enum):
    """Whether a submission was graded, or could not be read or run at all."""

    GRADED = "graded"
    ERROR = "error"


@dataclass(frozen=True)
class Resources:
    """What a notebook's own processes used, as the system counts it.

    cpu_seconds: of the student's code alone. peak_bytes: of the largest process. restarts: how often one ended
    before its time, by a limit or by itself, and was started anew.
    """

    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    restarts: int = 0


@dataclass(frozen=True)
class SubmissionResult:
    """One notebook's verdicts.

    path: as the user gave it.
    seconds: wall time.
    needs_manual: grade_ids of the cells that a person must grade; max_score leaves them out.
    python_warnings: how often student code warned, by category.
    """

    path: str
    status: Status
    exercises: tuple[ExerciseResult, ...] = ()
    seconds: float = 0.0
    message: str = ""
    warnings: tuple[str, ...] = ()
    needs_manual: tuple[str, ...] = ()
    python_warnings: dict[str, int] = field(default_factory=dict)
    resources: Resources = Resources()

    @property
    def score(self) -> float:
        """The points earned."""
        return float(sum(exercise.score for exercise in self.exercises))

    @property
    def max_score(self) -> float:
        """The points that could be earned without a person's judgment."""
        return float(sum(exercise.max_score for exercise in self.exercises))


@dataclass(frozen=True)
class Isolation:
    """How student code was kept apart: the level, and the layers that held."""

    level: str
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One exercise's points that differ from those in the gradebook.

    old, new: points; None where there was none, or is none any more.
    """

    student: str
    exercise: str
    old: float | None
    new: float | None


@dataclass(frozen=True)
class Report:
    """The verdicts on a batch of submissions of one assignment.

    changes: how they differ from the gradebook; None where nobody asked.
    """

    assignment: str
    isolation: Isolation
    submissions: tuple[SubmissionResult, ...]
    changes: tuple[Change, ...] | None = None

    @property
    def incomplete(self) -> bool:
        """True if some submission or some test could not be graded."""
        return any(
            submission.status is Status.ERROR or any(exercise.could_not_judge for exercise in submission.exercises)
            for submission in self.submissions
        )
