"""What a worker of a cluster sends back: plain data, looked at piece by piece before anything is made of it."""

import json
import math
import zlib
from dataclasses import asdict, dataclass
from typing import Any

from autograder.notebook.assignment import Assignment
from autograder.pipeline import Graded
from autograder.report import Check, Diagnosis, ExerciseResult, Status, SubmissionResult


class AnswerError(Exception):
    """What came back is not of the right form; the message says what is wrong with it."""


@dataclass(frozen=True)
class Answer:
    """What a worker says of one submission.

    graded: the result, or None. refused: why this worker grades nothing, or "". worker: its address.
    level, layers: the isolation that held.
    """

    graded: Graded | None
    refused: str
    worker: str
    level: str
    layers: tuple[str, ...]


def packed_refusal(worker: str, why: str) -> bytes:
    """Return the answer of a worker that can't grade."""
    return _packed({"worker": worker, "refused": why})


def packed_result(worker: str, graded: Graded, level: str, layers: tuple[str, ...]) -> bytes:
    """Return the answer of a worker that graded."""
    result = {**asdict(graded.result), "status": graded.result.status.value}
    data = {
        "worker": worker,
        "level": level,
        "layers": layers,
        "result": result,
        "notebook": graded.notebook,
        "broke_down": graded.broke_down,
        "reading_seconds": graded.reading_seconds,
    }
    return _packed(data)


def _packed(data: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(data).encode(), 1)


def unpacked(packed: object, shown_path: str, assignment: Assignment) -> Answer:
    """Return the answer that bytes hold, for a submission of this assignment. Raises AnswerError."""
    if not isinstance(packed, bytes):
        msg = f"the answer was {type(packed).__name__}, not bytes"
        raise AnswerError(msg)
    try:
        data = json.loads(zlib.decompress(packed))
        if "refused" in data:
            return Answer(None, _text(data["refused"]), _text(data["worker"]), "", ())
        result = _result(data["result"], shown_path, assignment)
        is_graded = result.status is Status.GRADED
        notebook = _notebook(data["notebook"]) if is_graded else None
        graded = Graded(
            result,
            notebook,
            assignment if is_graded else None,
            _truth(data["broke_down"]),
            _seconds(data["reading_seconds"]),
        )
        return Answer(graded, "", _text(data["worker"]), _text(data["level"]), _texts(data["layers"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, zlib.error) as error:
        msg = f"the answer was not of the right form ({type(error).__name__}: {error})"
        raise AnswerError(msg) from None


def _result(data: dict[str, Any], shown_path: str, assignment: Assignment) -> SubmissionResult:
    status = Status(data["status"])
    exercises = tuple(_exercise(one) for one in data["exercises"])
    if status is Status.GRADED and {one.grade_id for one in exercises} != set(assignment.tests):
        msg = "these are not the assignment's tests"
        raise ValueError(msg)
    warned = {_text(name): int(count) for name, count in data["python_warnings"].items()}
    return SubmissionResult(
        shown_path,
        status,
        exercises,
        _seconds(data["seconds"]),
        _text(data["message"]),
        _texts(data["warnings"]),
        _texts(data["needs_manual"]),
        warned,
    )


def _exercise(data: dict[str, Any]) -> ExerciseResult:
    checks = tuple(Check(_text(one["name"]), _truth(one["passed"]), _text(one["message"])) for one in data["checks"])
    found = data["diagnosis"]
    diagnosis = Diagnosis(_text(found["id"]), _text(found["message"])) if found is not None else None
    score, most = _number(data["score"]), _number(data["max_score"])
    return ExerciseResult(_text(data["name"]), _text(data["grade_id"]), score, most, checks, diagnosis)


def _notebook(data: Any) -> dict[str, Any]:
    kinds = {"cells": list, "metadata": dict, "nbformat": int, "nbformat_minor": int}
    if not isinstance(data, dict) or not all(isinstance(data.get(name), kind) for name, kind in kinds.items()):
        msg = "the graded notebook is none"
        raise ValueError(msg)
    return data


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(values)
    return tuple(map(_text, values))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _seconds(value: Any) -> float:
    return max(0.0, _number(value))
