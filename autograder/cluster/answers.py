"""What a worker of a cluster sends back: plain data, looked at piece by piece before anything is made of it."""

import json
import zlib
from dataclasses import dataclass, replace
from typing import Any

from autograder.notebook.assignment import Assignment
from autograder.pipeline import Graded
from autograder.report import Status
from autograder.result_data import data_of, result_from, seconds_in, text_in, texts_in, truth_in


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
    data = {
        "worker": worker,
        "level": level,
        "layers": layers,
        "result": data_of(graded.result),
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
            return Answer(None, text_in(data["refused"]), text_in(data["worker"]), "", ())
        result = replace(result_from(data["result"]), path=shown_path)
        is_graded = result.status is Status.GRADED
        if is_graded and {one.grade_id for one in result.exercises} != set(assignment.tests):
            msg = "these are not the assignment's tests"
            raise ValueError(msg)  # noqa: TRY301 - one place says what is wrong with an answer
        notebook = _notebook(data["notebook"]) if is_graded else None
        graded = Graded(
            result,
            notebook,
            assignment if is_graded else None,
            truth_in(data["broke_down"]),
            seconds_in(data["reading_seconds"]),
        )
        return Answer(graded, "", text_in(data["worker"]), text_in(data["level"]), texts_in(data["layers"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, zlib.error) as error:
        msg = f"the answer was not of the right form ({type(error).__name__}: {error})"
        raise AnswerError(msg) from None


def _notebook(data: Any) -> dict[str, Any]:
    kinds = {"cells": list, "metadata": dict, "nbformat": int, "nbformat_minor": int}
    if not isinstance(data, dict) or not all(isinstance(data.get(name), kind) for name, kind in kinds.items()):
        msg = "the graded notebook is none"
        raise ValueError(msg)
    return data
