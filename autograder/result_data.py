"""A result as plain data, for what is stored and for what crosses a network, and back, looked at piece by piece."""

import math
from dataclasses import asdict
from typing import Any

from autograder.report import Check, Diagnosis, ExerciseResult, Resources, Status, SubmissionResult


def data_of(result: SubmissionResult) -> dict[str, Any]:
    """Return a result as plain data that JSON can hold."""
    return {**asdict(result), "status": result.status.value}


def result_from(data: Any) -> SubmissionResult:
    """Return the result that `data_of` made plain. Raises KeyError, TypeError, ValueError or AttributeError."""
    warned = {text_in(name): int(count) for name, count in data["python_warnings"].items()}
    used = data["resources"]
    resources = Resources(seconds_in(used["cpu_seconds"]), int(used["peak_bytes"]), int(used["restarts"]))
    return SubmissionResult(
        path=text_in(data["path"]),
        status=Status(data["status"]),
        exercises=tuple(_exercise(one) for one in data["exercises"]),
        seconds=seconds_in(data["seconds"]),
        message=text_in(data["message"]),
        warnings=texts_in(data["warnings"]),
        needs_manual=texts_in(data["needs_manual"]),
        python_warnings=warned,
        resources=resources,
    )


def _exercise(data: dict[str, Any]) -> ExerciseResult:
    checks = tuple(
        Check(text_in(one["name"]), truth_in(one["passed"]), text_in(one["message"])) for one in data["checks"]
    )
    found = data["diagnosis"]
    diagnosis = Diagnosis(text_in(found["id"]), text_in(found["message"])) if found is not None else None
    score, most = number_in(data["score"]), number_in(data["max_score"])
    return ExerciseResult(text_in(data["name"]), text_in(data["grade_id"]), score, most, checks, diagnosis)


def text_in(value: Any) -> str:
    """Return a text. Raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def texts_in(values: Any) -> tuple[str, ...]:
    """Return a list of texts as a tuple. Raises TypeError for anything else."""
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(map(text_in, values))


def truth_in(value: Any) -> bool:
    """Return a bool. Raises TypeError for anything else."""
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def number_in(value: Any) -> float:
    """Return a finite number as a float. Raises TypeError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def seconds_in(value: Any) -> float:
    """Return a time in seconds, at least 0. Raises TypeError for anything else."""
    return max(0.0, number_in(value))
