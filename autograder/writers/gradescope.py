"""The report as Gradescope's results.json: what its "Autograder Specifications" name, and nothing else.

Gradescope shows names as text and outputs as Markdown. What a message quotes of a student's stands in code spans and
blocks, in which Markdown has no links, pictures or HTML (CommonMark 0.31, sections 4.5 and 6.1).
"""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.report import LOOKS_LIKE, Check, ExerciseResult, Report, Status, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.text import inert, points

# When students see a test's result; from the "Controlling test case visibility" of the specification.
VISIBLE, HIDDEN, AFTER_DUE_DATE, AFTER_PUBLISHED = "visible", "hidden", "after_due_date", "after_published"
VISIBILITIES = (HIDDEN, AFTER_DUE_DATE, AFTER_PUBLISHED, VISIBLE)
# What Markdown could take for its own within a line, dialects with formulas, tables and bare addresses included.
_MARKDOWN = re.compile(r"[!$&*<>@\[\\\]^_`|~]|[:.](?=\S)")
_BACKTICKS = re.compile("`+")


def plain(text: str) -> str:
    """Return text as Markdown that shows it as it is, within a line: what is special as character references."""
    return _MARKDOWN.sub(lambda found: f"&#{ord(found.group())};", inert(text))


def code(text: str) -> str:
    """Return text as a Markdown code span, or as a block where it has several lines; "" for none."""
    text = inert(text, keep_newlines=True)
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    if not text.strip():
        return ""
    if "\n" not in text:
        fence = "`" * (longest + 1)
        return f"{fence} {text} {fence}"
    fence = "`" * max(3, longest + 1)
    lines = "\n".join(f"  {line}" for line in text.split("\n"))
    return f"\n\n  {fence}text\n{lines}\n  {fence}\n"


def _check(check: Check) -> str:
    mark = "✓" if check.passed else "✗"
    return f"- {mark} {plain(check.name)} {code(check.message)}".rstrip(" ")


def _output(exercise: ExerciseResult) -> str:
    if exercise.could_not_judge:
        lines = ["**The test itself failed, so these points say nothing about your answer. Tell your instructor.**", ""]
    else:
        lines = []
    lines += [_check(check) for check in exercise.checks if not check.passed or check.message]
    if exercise.diagnosis:
        lines += ["", f"**{LOOKS_LIKE.capitalize()}:** {plain(exercise.diagnosis.message)}"]
    return "\n".join(lines) or "All checks passed."


def _number(value: float) -> float:
    return round(value, 6) if math.isfinite(value) else 0.0


def _test(exercise: ExerciseResult, prefix: str, number: str, visibility: str) -> dict[str, Any]:
    return {
        "name": inert(f"{prefix}{exercise.name}"),
        "name_format": "text",
        "number": number,
        "score": _number(exercise.score),
        "max_score": _number(exercise.max_score),
        "status": "passed" if exercise.passed else "failed",
        "output": _output(exercise),
        "output_format": "md",
        "visibility": visibility,
    }


def _told(submission: SubmissionResult, later: int) -> list[str]:
    """Return what a student is told of a notebook as a whole."""
    if submission.status is Status.ERROR:
        return [f"**This could not be graded.** {code(submission.message)}", ""]
    exercises = submission.exercises
    lines = [f"{code(Path(submission.path).name)} was graded: {len(exercises)} exercises."]
    if later:
        lines.append(f"What the tests found on {later} of them is not shown yet; your instructor decides when it is.")
    else:
        lines.append(f"{points(submission.score)} of {points(submission.max_score)} points.")
    if submission.needs_manual:
        lines.append(f"A person grades besides: {', '.join(map(code, submission.needs_manual))}.")
    lines += ["", *(f"- {code(warning)}" for warning in submission.warnings)]
    return [*lines, ""] if submission.warnings else lines


def as_gradescope(report: Report, visibility: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a report as Gradescope's results, as plain data.

    report: on what one student submitted: one notebook, or those of one assignment.
    visibility: when a test is shown, by its grade_id; "visible" for the others.
    """
    shown = visibility or {}
    several = len(report.submissions) > 1
    tests, told, seconds = [], [], 0.0
    for place, submission in enumerate(report.submissions, start=1):
        prefix = f"{Path(submission.path).stem}: " if several else ""
        whens = [shown.get(exercise.grade_id, VISIBLE) for exercise in submission.exercises]
        for position, (exercise, when) in enumerate(zip(submission.exercises, whens, strict=True), start=1):
            tests.append(_test(exercise, prefix, f"{place}.{position}" if several else str(position), when))
        told += _told(submission, sum(when != VISIBLE for when in whens))
        seconds += submission.seconds
    results: dict[str, Any] = {
        "execution_time": math.ceil(_number(seconds)),
        "output": "\n".join(told).strip(),
        "output_format": "md",
        "stdout_visibility": HIDDEN,
        "tests": tests,
    }
    return results if tests else {"score": 0.0, **results}


def refusal(message: str) -> dict[str, Any]:
    """Return the results of a submission that was not graded: 0 points, and why.

    message: for the student; shown as it is.
    """
    return {
        "score": 0.0,
        "output": f"**This could not be graded.** {code(message)}",
        "output_format": "md",
        "stdout_visibility": HIDDEN,
        "tests": [],
    }


def gradescope_text(results: Mapping[str, Any]) -> str:
    """Return results as the text of the file."""
    return json.dumps(results, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def write_gradescope(report: Report, path: Path, visibility: Mapping[str, str] | None = None) -> None:
    """Write the report as results.json. Raises OSError if the file can't be written."""
    write_whole(path, gradescope_text(as_gradescope(report, visibility)))
