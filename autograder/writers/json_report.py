"""The report as JSON: the form that programs read, and that other forms are made from.

All text is inert, so that a program may print what it reads; only `path` is as the user gave it,
because programs find the file by it.
"""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.report import SCHEMA, ExerciseResult, Report, SubmissionResult
from autograder.writers.files import write_whole
from autograder.writers.text import inert


def _number(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _told(text: str) -> str:
    return inert(text, keep_newlines=True)


def _exercise(exercise: ExerciseResult) -> dict[str, Any]:
    diagnosis = exercise.diagnosis
    return {
        "name": _told(exercise.name),
        "score": _number(exercise.score),
        "max_score": _number(exercise.max_score),
        "checks": [
            {"name": _told(one.name), "passed": one.passed, "message": _told(one.message)} for one in exercise.checks
        ],
        "diagnosis": {"id": _told(diagnosis.id), "message": _told(diagnosis.message)} if diagnosis else None,
    }


def _submission(submission: SubmissionResult) -> dict[str, Any]:
    data: dict[str, Any] = {
        "path": submission.path,
        "status": submission.status.value,
        "score": _number(submission.score),
        "max_score": _number(submission.max_score),
        "seconds": round(_number(submission.seconds), 4),
        "exercises": [_exercise(exercise) for exercise in submission.exercises],
        "warnings": [_told(warning) for warning in submission.warnings],
    }
    if submission.message:
        data["message"] = _told(submission.message)
    if submission.needs_manual:
        data["needs_manual"] = [_told(grade_id) for grade_id in submission.needs_manual]
    if submission.python_warnings:
        data["python_warnings"] = {_told(kind): count for kind, count in submission.python_warnings.items()}
    return data


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "assignment": _told(report.assignment),
        "isolation": {"level": report.isolation.level, "layers": list(report.isolation.layers)},
        "submissions": [_submission(submission) for submission in report.submissions],
    }
    if report.changes is not None:
        data["changes"] = [
            {**asdict(change), "student": _told(change.student), "exercise": _told(change.exercise)}
            for change in report.changes
        ]
    return data


def write_json(report: Report, path: Path) -> None:
    """Write the report as ASCII JSON. Raises OSError if the file can't be written."""
    write_whole(path, json.dumps(as_json(report), indent=1, ensure_ascii=True, allow_nan=False) + "\n")
