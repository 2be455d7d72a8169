"""Notebooks as older courses have them: nbgrader's metadata of earlier versions, other kernels, cells without ids."""

from typing import Any

import pytest
from helpers.grading import Grader, assignment_from
from helpers.notebooks import Json, code, notebook

OLD: dict[int, dict[str, Any]] = {
    1: {"schema_version": 1},
    2: {"schema_version": 2, "cell_type": "code"},
}


def _cell(version: int, grade_id: str, text: str, **marks: Any) -> Json:
    cell = code(text)
    cell["metadata"] = {"nbgrader": {**OLD[version], "grade_id": grade_id, **marks}}
    return cell


@pytest.mark.parametrize("version", OLD)
def test_metadata_of_earlier_versions_count(grader: Grader, version: int) -> None:
    """Cells that were marked by an earlier nbgrader are what they were marked as."""
    cells = (
        _cell(version, "f", "f = 2", grade=False, solution=True, locked=False),
        _cell(version, "test_f", "assert f == 2", grade=True, solution=False, locked=True, points=3),
    )
    given = notebook(*cells)
    assert grader.grade(given, assignment_from(given)).scores == {"f": 3}
    given["cells"][1]["source"] = "pass"
    given["cells"][0]["source"] = "f = 1"
    assert grader.grade(given, assignment_from(notebook(*cells))).scores == {"f": 0}


@pytest.mark.parametrize("kernel", ["python2", "conda-env-py311", "xpython"])
def test_any_kernel_of_python_will_do(grader: Grader, kernel: str) -> None:
    """A notebook of another Python kernel is graded as any other."""
    specification = {"display_name": "Mine", "language": "python", "name": kernel}
    given = notebook(
        _cell(1, "f", "f = 2", solution=True), _cell(1, "test_f", "assert f == 2", grade=True, points=1),
        kernelspec=specification,
    )  # fmt: skip
    assert grader.grade(given, assignment_from(given)).scores == {"f": 1}
