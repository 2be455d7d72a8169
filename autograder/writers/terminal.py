"""The report as text for a person at a terminal: a table, then below it what was found of each failure.

Without a width, as for a pipe or a file, every fact is one line; with one, long lines are wrapped. Colours
are added on request, and only repeat what words and marks say.
"""

import textwrap
from dataclasses import dataclass

from autograder.report import LOOKS_LIKE, ExerciseResult, Report, Status, SubmissionResult
from autograder.writers.text import inert, points

FULL_ISOLATION = "full"
NARROWEST = 40
NOT_WRITTEN = "not written yet"
EXERCISE, POINTS, VERDICT = "exercise", "points", "verdict"
RIGHT, WRONG, PARTLY, UNSURE = "right", "wrong", "partly right", "could not be judged"
MARKS = {RIGHT: "✓", WRONG: "✗", PARTLY: "~", UNSURE: "?"}
# Why an answer is wrong, by the first check that failed; what is not here is just wrong.
REASONS = {
    "shape": "wrong shape",
    "type": "wrong type",
    "finite": "not finite",
    "runs": "raised an error",
    "defined": "not defined",
    "limit": "stopped at a limit",
    "purity": "changed its arguments",
}
# Select graphic rendition, ECMA-48, section 8.3.117: green, red, yellow, bold, faint.
COLOURS = {RIGHT: "32", WRONG: "31", PARTLY: "33", UNSURE: "33", "strong": "1", "faint": "2"}


@dataclass(frozen=True)
class Style:
    """How text is laid out. width: of the terminal in characters, None where lines may be as long as they are."""

    width: int | None = None
    colour: bool = False

    def painted(self, text: str, kind: str) -> str:
        """Return text in the colour of a kind, where colours are wanted."""
        return f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if self.colour else text

    def wrapped(self, text: str, first: str, rest: str) -> list[str]:
        """Return text as lines within the width, the first and the others indented by these."""
        if self.width is None:
            return [first + text]
        width = max(self.width, NARROWEST)
        return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=rest) or [first.rstrip()]


PLAIN = Style()


def _outcome(exercise: ExerciseResult) -> str:
    if exercise.could_not_judge:
        return UNSURE
    if exercise.passed:
        return RIGHT
    return PARTLY if exercise.score > 0 else WRONG


def _verdict(exercise: ExerciseResult) -> str:
    """Say in words what came of an exercise."""
    outcome = _outcome(exercise)
    if outcome != WRONG:
        return outcome
    failed = next((check for check in exercise.checks if not check.passed), None)
    if failed is None:
        return WRONG
    return NOT_WRITTEN if failed.message.startswith(NOT_WRITTEN) else REASONS.get(failed.name, WRONG)


def _table(exercises: tuple[ExerciseResult, ...], style: Style) -> list[str]:
    names = [inert(exercise.name) for exercise in exercises]
    if not exercises:
        return []
    width = max(len(EXERCISE), *map(len, names))
    got = max((len(points(exercise.score)) for exercise in exercises), default=0)
    most = max((len(points(exercise.max_score)) for exercise in exercises), default=0)
    room = max(len(POINTS), got + most + 3)
    lines = [style.painted(f"    {EXERCISE:<{width}}  {POINTS:<{room}}  {VERDICT}", "faint")]
    for name, exercise in zip(names, exercises, strict=True):
        outcome = _outcome(exercise)
        score = f"{points(exercise.score):>{got}} / {points(exercise.max_score)}"
        mark, verdict = style.painted(MARKS[outcome], outcome), style.painted(_verdict(exercise), outcome)
        lines.append(f"  {mark} {name:<{width}}  {score:<{room}}  {verdict}")
    return lines


def _messages(exercise: ExerciseResult) -> list[str]:
    """Return what there is to tell of an exercise, the diagnosis first."""
    told = [check for check in exercise.checks if not check.passed or check.message]
    first = [f"{LOOKS_LIKE}: {exercise.diagnosis.message}"] if exercise.diagnosis else []
    return first + [f"{check.name}: {check.message}" for check in told]


def _details(exercises: tuple[ExerciseResult, ...], style: Style) -> list[str]:
    """Return what was found of each exercise that has something to tell."""
    lines = []
    for exercise in exercises:
        messages = _messages(exercise)
        if not messages:
            continue
        outcome = _outcome(exercise)
        lines += ["", f"  {style.painted(MARKS[outcome], outcome)} {style.painted(inert(exercise.name), 'strong')}"]
        for message in messages:
            lines += style.wrapped(inert(message), "      ", "        ")
    return lines


def _heading(name: str, submission: SubmissionResult, style: Style) -> list[str]:
    """Return the name with the points and the time, on two lines where one would be too long."""
    total = f"{points(submission.score)} / {points(submission.max_score)} points"
    seconds = f"({submission.seconds:.2f} s)"
    shown, faint = style.painted(name, "strong"), style.painted(seconds, "faint")
    fits = style.width is None or len(f"{name}   {total}   {seconds}") <= max(style.width, NARROWEST)
    return [f"{shown}   {total}   {faint}"] if fits else [shown, f"    {total}   {faint}"]


def submission_text(submission: SubmissionResult, style: Style = PLAIN) -> str:
    """Return one submission's table: exercises, points, verdicts; below it, what was found."""
    name = inert(submission.path)
    if submission.status is Status.ERROR:
        told = style.wrapped(f"could not be graded: {inert(submission.message)}", "  ! ", "    ")
        return "\n".join([style.painted(name, "strong"), *told])
    lines = _heading(name, submission, style)
    lines += _table(submission.exercises, style) + _details(submission.exercises, style)
    notes = [("! ", warning) for warning in submission.warnings]
    if submission.needs_manual:
        notes.append(("… ", f"to be graded by a person: {', '.join(submission.needs_manual)}"))
    if notes:
        lines.append("")
    for mark, note in notes:
        lines += style.wrapped(inert(note), f"  {mark}", "    ")
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


def isolation_text(report: Report, style: Style = PLAIN) -> str:
    """Say how student code was kept apart."""
    level = report.isolation.level
    told = f"isolation: {level} ({', '.join(report.isolation.layers)})"
    told = told if level == FULL_ISOLATION else f"{told}; student code was NOT fully isolated"
    return "\n".join(style.wrapped(told, "", "  "))
