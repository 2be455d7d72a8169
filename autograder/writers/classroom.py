"""The points in the form that GitHub Classroom's reporter reads: version 1 of its graders' results.

`classroom-resources/autograding-grading-reporter` takes such a result, as base64, from the output of a step.
"""

import base64
import json
from pathlib import Path
from typing import Any

from autograder.report import LOOKS_LIKE, ExerciseResult, Report, Status, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.text import inert, unlike_commands

VERSION = 1
OUTPUT = "result"
MOST_MESSAGE = 2000


def _told(text: str) -> str:
    # The reporter prints what it reads into the log of a step.
    return unlike_commands(inert(text, keep_newlines=True))[:MOST_MESSAGE]


def _test(submission: SubmissionResult, exercise: ExerciseResult, prefix: str) -> dict[str, Any]:
    lines = [f"{check.name}: {check.message}" for check in exercise.checks if not check.passed]
    lines += [f"{LOOKS_LIKE}: {exercise.diagnosis.message}"] if exercise.diagnosis else []
    status = "pass" if exercise.passed else "fail"
    return {
        "name": _told(prefix + exercise.name),
        "status": "error" if exercise.could_not_judge else status,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "message": _told("\n".join(lines)),
        "test_code": _told(exercise.name),
        "filename": _told(submission.path),
        "line_no": 0,
        "execution_time": 0,
    }


def as_classroom(report: Report) -> dict[str, Any]:
    """Return the report as a grader's result."""
    several = len(report.submissions) > 1
    tests = []
    for submission in report.submissions:
        prefix = f"{submission.path}: " if several else ""
        if submission.status is Status.ERROR:
            refused = {"name": _told(f"{prefix}notebook"), "status": "error", "score": 0, "max_score": 0}
            facts = {"test_code": "", "filename": _told(submission.path), "line_no": 0, "execution_time": 0}
            tests.append({**refused, "message": _told(submission.message), **facts})
        tests += [_test(submission, exercise, prefix) for exercise in submission.exercises]
    statuses = {test["status"] for test in tests}
    status = next((one for one in ("error", "fail") if one in statuses), "pass")
    most = sum(submission.max_score for submission in report.submissions)
    return {"version": VERSION, "status": status, "max_score": most, "tests": tests}


def write_classroom(report: Report, path: Path) -> None:
    """Write the points as JSON. Raises OSError if the file can't be written."""
    write_whole(path, json.dumps(as_classroom(report), indent=1, ensure_ascii=True) + "\n")


def append_output(report: Report, path: Path) -> None:
    """Set the output `result` of the present GitHub step to the points. Raises OSError if that can't be done."""
    encoded = base64.b64encode(json.dumps(as_classroom(report)).encode()).decode()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{OUTPUT}={encoded}\n")
