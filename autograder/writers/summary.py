"""The report as Markdown, for the summary of a CI job: a table, and below it what was found in each submission."""

import os
from pathlib import Path

from autograder.report import LOOKS_LIKE, ExerciseResult, Report, Status, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.markdown import block, code, plain, prose
from autograder.writers.text import points, unlike_commands

# GitHub drops a step's summary past 1 MiB altogether.
MOST_BYTES = 1024 * 1024
# A table of more rows is cut; what a page of it shows is no use to anybody.
MOST_ROWS = 1000
HUNDRED = 100.0


def _mark(exercise: ExerciseResult) -> str:
    if exercise.could_not_judge:
        return "❓"
    return "✅" if exercise.passed else "❌"


def _score(submission: SubmissionResult) -> str:
    if submission.status is Status.ERROR:
        return "could not be graded"
    return f"{points(submission.score)} / {points(submission.max_score)}"


def _head(report: Report) -> str:
    graded = [one for one in report.submissions if one.status is Status.GRADED]
    count = len(report.submissions)
    lines = [f"### {prose(report.assignment) or 'Grading'}", ""]
    told = f"{count} submission{'s' * (count != 1)}"
    if len(graded) > 1:
        shares = sorted(HUNDRED * one.score / one.max_score for one in graded if one.max_score)
        middle = f", median {shares[len(shares) // 2]:.0f} %" if shares else ""
        told += f"{middle}, {sum(one.score >= one.max_score for one in graded)} with all points"
    refused = count - len(graded)
    told += f", {refused} could not be graded" if refused else ""
    level = report.isolation.level
    warning = "" if level == "full" else " ⚠️ student code was not fully isolated"
    return "\n".join([*lines, f"{told}. Isolation: {plain(level)}{warning}.", "", ""])


def _row(submission: SubmissionResult) -> str:
    if submission.status is Status.ERROR:
        return f"| {code(submission.path)} | ❗ | could not be graded: {code(submission.message)} |\n"
    lost = [exercise for exercise in submission.exercises if not exercise.passed]
    told = ", ".join(f"{_mark(exercise)} {code(exercise.name)}" for exercise in lost) or "✅"
    return f"| {code(submission.path)} | {_score(submission)} | {told} |\n"


def _found(exercise: ExerciseResult) -> str:
    lines = [f"{check.name}: {check.message}" for check in exercise.checks if not check.passed]
    text = block("\n".join(lines)) if lines else ""
    told = f"<p>{LOOKS_LIKE}: {prose(exercise.diagnosis.message)}</p>" if exercise.diagnosis else ""
    score = f"{points(exercise.score)} / {points(exercise.max_score)}"
    return f"<p>{_mark(exercise)} {code(exercise.name)} {score}</p>\n{text}{told}\n"


def _details(submission: SubmissionResult, *, is_open: bool) -> str:
    """Return what was found in one submission, folded unless it is the only one."""
    # A blank line within the HTML would have what follows read as Markdown; there is none.
    said = [f"<p>⚠️ {code(warning)}</p>\n" for warning in submission.warnings]
    said += [f"<p>To be graded by a person: {code(', '.join(submission.needs_manual))}</p>\n"] * bool(
        submission.needs_manual
    )
    body = "".join([*map(_found, submission.exercises), *said])
    opened = " open" if is_open else ""
    return f"<details{opened}><summary>{code(submission.path)}: {_score(submission)}</summary>\n{body}</details>\n\n"


def _bytes(text: str) -> int:
    return len(text.encode())


def as_summary(report: Report, most_bytes: int = MOST_BYTES) -> str:
    """Return the report as Markdown of at most so many bytes; what has no room is counted."""
    room = most_bytes - 400  # for what is said of the rest
    text = _head(report) + "| submission | points | to look at |\n|---|---|---|\n"
    room -= _bytes(text) + 1
    rows, blocks = [], []
    for submission in report.submissions[:MOST_ROWS]:
        row = _row(submission)
        room -= _bytes(row)
        if room < 0:
            break
        rows.append(row)
    graded = [one for one in report.submissions if one.status is Status.GRADED]
    for submission in graded:
        details = _details(submission, is_open=len(report.submissions) == 1)
        room -= _bytes(details)
        if room < 0:
            break
        blocks.append(details)
    left = len(report.submissions) - len(rows)
    cut = f"\n{left} more submissions are left out of the table.\n" if left else ""
    left = len(graded) - len(blocks)
    cut += f"\nThe details of {left} submissions are left out; --json has them all.\n" if left else ""
    return unlike_commands(text + "".join(rows) + "\n" + "".join(blocks) + cut)


def write_summary(report: Report, path: Path) -> None:
    """Write the report as Markdown. Raises OSError if the file can't be written."""
    write_whole(path, as_summary(report))


def append_summary(report: Report, path: Path) -> None:
    """Add the report to the summary of a CI step, within what it may hold. Raises OSError if that can't be done."""
    held = path.stat().st_size if path.exists() else 0
    text = as_summary(report, MOST_BYTES - held)
    if held + _bytes(text) > MOST_BYTES:
        return  # The step has filled it with other things; one more byte, and GitHub shows none of it.
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if held else "") + text if held + _bytes(text) < MOST_BYTES else text)


def summary_of_step() -> Path | None:
    """Return the file of the present GitHub step's summary, or None elsewhere."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None
