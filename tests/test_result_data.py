"""A result is stored whole with the notebook that it is of, and read back only as what it is."""

import json
from pathlib import Path

import pytest
from helpers.small_course import WEEK, counts, grade, small_course

from autograder.marks import RESULT, result_entry, stored_result
from autograder.report import (
    Check,
    CodeLine,
    Diagnosis,
    ErrorPattern,
    ExerciseResult,
    PartPattern,
    Resources,
    Status,
    SubmissionResult,
)

PATTERN = ErrorPattern(
    {"h": 2, "k": 3},
    (PartPattern("dW", ("h", "k"), (2, 3), (2, 3), ".~x-!."), PartPattern("db", ("1", "k"), (1, 3), (3,))),
)
RESULT_OF_ONE = SubmissionResult(
    "submitted/ada/week/week.ipynb",
    Status.GRADED,
    (
        ExerciseResult("f", "test_f", 0.0, 2.0, (Check("shape", passed=False, message="(2, 4)"),), Diagnosis("t", "?")),
        ExerciseResult("g", "test_g", 1.0, 1.0, (Check("value", passed=True),)),
        ExerciseResult("h", "test_h", 0.0, 1.0, (), None, PATTERN, CodeLine(3, "return x")),
    ),
    0.25,
    "",
    ("a cell was moved",),
    ("essay",),
    {"RuntimeWarning": 3},
    Resources(0.125, 50_000_000, 1),
)  # fmt: skip


def test_what_is_stored_reads_back_as_it_was() -> None:
    """A stored result comes back equal, through JSON, with nothing left out."""
    notebook = json.loads(json.dumps({"metadata": {RESULT: result_entry(RESULT_OF_ONE)}}))
    assert stored_result(notebook) == RESULT_OF_ONE


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0}, {"version": 1}, {"version": 3}, {"version": True}, {"status": "perfect"}, {"exercises": 3},
        {"seconds": "1"}, {"resources": {}}, {"warnings": "none"}, {"path": None},
    ],
)  # fmt: skip
def test_another_versions_result_is_not_read(change: dict[str, object]) -> None:
    """A result of another version, or one that was changed by hand, counts as none."""
    assert stored_result({"metadata": {RESULT: {**result_entry(RESULT_OF_ONE), **change}}}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"kinds": "....."}, {"kinds": "......."}, {"kinds": "....?."}, {"kinds": 6}, {"shape": [2, -3]},
        {"shape": [2.0, 3]}, {"got": [3, 2]}, {"axes": ["h"]}, {"name": None},
    ],
)  # fmt: skip
def test_a_pattern_that_does_not_fit_itself_is_not_read(change: dict[str, object]) -> None:
    """A picture with more or fewer entries than its shape, or of unknown kinds, makes the result count as none."""
    entry = json.loads(json.dumps(result_entry(RESULT_OF_ONE)))
    entry["exercises"][2]["picture"]["parts"][0].update(change)
    assert stored_result({"metadata": {RESULT: entry}}) is None


def test_a_graded_notebook_holds_its_result(tmp_path: Path) -> None:
    """What `grade` writes to autograded/ says how every check went and what the student's process used."""
    course = small_course(tmp_path / "course", students=1)
    assert counts(grade(course)) == (1, 0)
    notebook = json.loads((course / "autograded" / "s00" / WEEK / f"{WEEK}.ipynb").read_text())
    result = stored_result(notebook)
    assert result is not None
    assert (result.score, result.max_score) == (2.0, 2.0)
    assert all(one.checks for one in result.exercises)
    assert 0 < result.resources.cpu_seconds < 60
    assert 1_000_000 < result.resources.peak_bytes < 4_000_000_000
