"""A result as plain data, for what is stored and for what crosses a network, and back, looked at piece by piece."""

import math
from dataclasses import asdict
from typing import Any

from autograder.report import (
    Check,
    CodeLine,
    Diagnosis,
    Entry,
    ErrorPattern,
    ExerciseResult,
    PartPattern,
    Resources,
    Status,
    SubmissionResult,
)


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
    return ExerciseResult(
        text_in(data["name"]), text_in(data["grade_id"]), score, most, checks, diagnosis,
        picture_in(data.get("picture")), line_in(data.get("line")),
    )  # fmt: skip


def picture_in(data: Any) -> ErrorPattern | None:
    """Return the pattern of an error that was made plain; None for None. Raises as `result_from` does."""
    if data is None:
        return None
    parts = tuple(_part(one) for one in data["parts"])
    return ErrorPattern({text_in(name): _size(size) for name, size in data["sizes"].items()}, parts)


def _part(data: dict[str, Any]) -> PartPattern:
    shape, got = (tuple(_size(size) for size in data[name]) for name in ("shape", "got"))
    axes, kinds = texts_in(list(data["axes"])), text_in(data["kinds"])
    due = math.prod(shape) if shape == got else 0
    if len(axes) != len(shape) or len(kinds) != due or set(kinds) - set(Entry.ALL):
        raise ValueError(data)
    return PartPattern(text_in(data["name"]), axes, shape, got, kinds)


def _size(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value


def line_in(data: Any) -> CodeLine | None:
    """Return the line that was made plain; None for None. Raises as `result_from` does."""
    return None if data is None else CodeLine(_size(data["number"]), text_in(data["text"]))


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
