"""What a run of `grade` adds up to, and how it is told at its end."""

import heapq
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from autograder.cli.errors import show
from autograder.cli.grading import Grading
from autograder.gradebook.errors import shown as shown_url
from autograder.report import (
    COULD_NOT_JUDGE,
    Change,
    ExerciseResult,
    Isolation,
    Report,
    Resources,
    Status,
    SubmissionResult,
)
from autograder.writers.terminal import summary_text
from autograder.writers.text import inert, points

if TYPE_CHECKING:
    from autograder.pipeline import Graded

SLOWEST = 3
SHOWN_CHANGES, SHOWN_FAILURES = 20, 5


@dataclass
class Tally:
    """What is counted while grading; times in seconds.

    reading, starting, judging, writing: by stage; judging is added up over all workers.
    refused: submissions that could not be saved. left_out: folders whose names can't be shown.
    known: students whose scores were in the gradebook before. at_once: how many were judged at once.
    """

    began: float = field(default_factory=time.monotonic)
    unchanged: int = 0
    refused: int = 0
    left_out: int = 0
    at_once: int = 1
    reading: float = 0.0
    starting: float = 0.0
    judging: float = 0.0
    writing: float = 0.0
    isolation: Isolation | None = None
    results: list[SubmissionResult] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    warnings: int = 0
    python_warnings: Counter[str] = field(default_factory=Counter)
    # Of what is alike in many results, the one that is kept.
    _alike: dict[Any, Any] = field(default_factory=dict)

    def elapsed(self) -> float:
        """Return how long the run has taken."""
        return time.monotonic() - self.began

    def note(self, graded: "Graded", *, keep: bool) -> None:
        """Count one notebook. keep: whether all of its checks will be asked for again."""
        result = graded.result
        self.reading += graded.reading_seconds
        self.judging += result.seconds - graded.reading_seconds
        self.warnings += len(result.warnings)
        self.python_warnings.update(result.python_warnings)
        heapq.heappush(self.slowest, (result.seconds, result.path))
        if len(self.slowest) > SLOWEST:
            heapq.heappop(self.slowest)
        self.results.append(result if keep else _in_short(result, self._alike))

    def shown(self, student: str, result: SubmissionResult) -> str:
        """Say in some words what came of one notebook."""
        if result.status is Status.ERROR:
            return f"{inert(student)} could not be graded"
        return f"{inert(student)} {points(result.score)} / {points(result.max_score)}"


def _in_short(result: SubmissionResult, alike: dict[Any, Any]) -> SubmissionResult:
    """Return a result without what nobody will ask for, so that a large class needs little memory.

    alike: what others had; of what is alike in many submissions, one is kept.
    """

    def kept(one: ExerciseResult) -> ExerciseResult:
        checks = tuple(check for check in one.checks if check.name == COULD_NOT_JUDGE and not check.passed)
        short = ExerciseResult(one.name, one.grade_id, one.score, one.max_score, checks)
        return alike.setdefault(short, short)

    exercises = tuple(map(kept, result.exercises))
    exercises = alike.setdefault(exercises, exercises)
    return replace(result, exercises=exercises, warnings=(), python_warnings={}, resources=Resources())


def _times(tally: Tally) -> str:
    stages = f"reading {tally.reading:.2f}, starting the sandbox {tally.starting:.2f}"
    work = f"sandbox and judging {tally.judging:.2f} ({tally.at_once} at once), writing {tally.writing:.2f}"
    return f"seconds: {tally.elapsed():.2f} in all; {stages}, {work}"


def _failures(report: Report) -> list[str]:
    failed = [one for one in report.submissions if one.status is Status.ERROR]
    unjudged = Counter(
        exercise.name for one in report.submissions for exercise in one.exercises if exercise.could_not_judge
    )
    lines = [f"failed: {inert(one.path)}: {inert(one.message)}" for one in failed[:SHOWN_FAILURES]]
    if len(failed) > SHOWN_FAILURES:
        lines.append(f"failed: {len(failed) - SHOWN_FAILURES} more")
    return lines + [f"the test of {inert(name)} could not judge {count} notebooks" for name, count in unjudged.items()]


def _changed(tally: Tally, *, dry_run: bool) -> list[str]:
    """Tell how scores differ: all of them where that was asked for, else those that were there before."""
    from autograder.cli.changes import changes_text

    changes = [one for one in tally.changes if dry_run or one.student in tally.known]
    students = len({change.student for change in changes})
    if dry_run:
        text = changes_text(changes, len(changes))
        head = f"{students} students' scores would change; this was a dry run, and nothing was written"
        return [*([text] if text else []), head]
    if not changes:
        return []
    return [f"scores that changed: {students} students'", changes_text(changes, SHOWN_CHANGES)]


def print_summary(grading: Grading, report: Report, tally: Tally, *, dry_run: bool) -> None:
    """Print the scores, what changed and what failed, and where the time went."""
    lines = []
    if report.submissions:
        text = summary_text(report)
        # Its last line is on the isolation, of which there was no need if nothing ran.
        lines.append(text if tally.isolation else text.rpartition("\n")[0])
    if dry_run or tally.changes:
        lines += _changed(tally, dry_run=dry_run)
    errors = sum(submission.status is Status.ERROR for submission in report.submissions)
    lines.append(
        f"graded: {len(report.submissions) - errors}, could not be graded: {errors}, unchanged: {tally.unchanged}"
    )
    lines += _failures(report)
    if len(report.submissions) > SLOWEST:
        slowest = sorted(tally.slowest, reverse=True)
        lines.append("slowest: " + ", ".join(f"{inert(path)} {seconds:.2f} s" for seconds, path in slowest))
    if tally.warnings or tally.python_warnings:
        kinds = ", ".join(f"{count} {inert(name)}" for name, count in tally.python_warnings.most_common())
        lines.append(f"warnings: {tally.warnings} on notebooks" + (f"; by students' code: {kinds}" if kinds else ""))
    if report.submissions:
        lines.append(_times(tally))
    lines.append(f"gradebook: {shown_url(grading.course.database)}")
    show("\n".join(lines))
