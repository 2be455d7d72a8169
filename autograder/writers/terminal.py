"""The report as text for a person at a terminal."""

from autograder.report import LOOKS_LIKE, ExerciseResult, Report, Status, SubmissionResult
from autograder.writers.text import inert, points

FULL_ISOLATION = "full"


def _mark(exercise: ExerciseResult) -> str:
    if exercise.could_not_judge:
        return "?"
    return "✓" if exercise.passed else "✗"


def _messages(exercise: ExerciseResult) -> list[str]:
    told = [check for check in exercise.checks if not check.passed or check.message]
    lines = [f"{check.name}: {check.message}" for check in told]
    return lines + ([f"{LOOKS_LIKE}: {exercise.diagnosis.message}"] if exercise.diagnosis else [])


def _exercise(exercise: ExerciseResult, width: int) -> list[str]:
    score = f"{points(exercise.score):>4} / {points(exercise.max_score)}"
    lines = [f"  {_mark(exercise)} {inert(exercise.name):<{width}}  {score}"]
    return lines + [f"      {inert(message)}" for message in _messages(exercise)]


def submission_text(submission: SubmissionResult) -> str:
    """Return one submission's table: exercises, points, and what was found."""
    name = inert(submission.path)
    if submission.status is Status.ERROR:
        return f"{name}\n  ! could not be graded: {inert(submission.message)}"
    total = f"{points(submission.score)} / {points(submission.max_score)}"
    width = max((len(inert(exercise.name)) for exercise in submission.exercises), default=0)
    lines = [f"{name}   {total} points   ({submission.seconds:.2f} s)"]
    for exercise in submission.exercises:
        lines += _exercise(exercise, width)
    lines += [f"  ! {inert(warning)}" for warning in submission.warnings]
    if submission.needs_manual:
        lines.append(f"  … to be graded by a person: {inert(', '.join(submission.needs_manual))}")
    return "\n".join(lines)


def explanation_text(explained: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    """Say how each test of a submission was run."""
    lines = [f"  how {inert(name)} was run: {inert('; '.join(told))}" for name, told in explained]
    return "".join(f"\n{line}" for line in lines)


def summary_text(report: Report) -> str:
    """Return one line a submission, for a class, and a line on the whole."""
    width = max((len(inert(submission.path)) for submission in report.submissions), default=0)
    lines = []
    for submission in report.submissions:
        name = inert(submission.path)
        if submission.status is Status.ERROR:
            lines.append(f"{name:<{width}}      !  {inert(submission.message)}")
            continue
        wrong = [exercise.name for exercise in submission.exercises if exercise.score < exercise.max_score]
        lost = f"   lost: {inert(', '.join(wrong))}" if wrong else ""
        lines.append(f"{name:<{width}}  {points(submission.score):>5} / {points(submission.max_score):<5}{lost}")
    return "\n".join([*lines, isolation_text(report)])


def isolation_text(report: Report) -> str:
    """Say how student code was kept apart."""
    level = report.isolation.level
    told = f"isolation: {level} ({', '.join(report.isolation.layers)})"
    return told if level == FULL_ISOLATION else f"{told}; student code was NOT fully isolated"
