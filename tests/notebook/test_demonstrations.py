"""What only a reader would see does not run while grading, and whatever could matter for a score does."""

import json

import pytest
from helpers.grading import Grader, assignment_from, pristine
from helpers.notebooks import (
    Json,
    check,
    code,
    hidden,
    inserted,
    locked,
    notebook,
    released,
    replaced,
    solution,
    source,
)

from autograder.notebook.matching import plan_for, restore
from autograder.notebook.plan import Side
from autograder.notebook.reading import notebook_from_bytes

ASSESSED = hidden('from solutions.small import EXERCISES\nEXERCISES.assess("f", globals())')
SHOWN = "W = np.ones((2, 2))\nfor row in W:\n    print(f(row))"


def small(*more: Json, test: str = ASSESSED, demonstration: str = SHOWN) -> Json:
    """Return an instructor's notebook with one demonstration, and more cells after it."""
    return notebook(
        locked("setup", "import numpy as np"), solution("f"), check("test_f", test), code(demonstration), *more
    )  # fmt: skip


def left_out(original: Json, given: Json | None = None) -> list[str]:
    """Return the texts of the cells that do not run."""
    assignment = assignment_from(original)
    read = notebook_from_bytes(json.dumps(given or released(original)).encode())
    return [cell.source for cell in plan_for(restore(read, assignment), assignment, "00").cells
            if cell.side is Side.NOWHERE]  # fmt: skip


def test_a_demonstration_is_left_out() -> None:
    """A plain cell with the instructor's text, whose data nothing else mentions, does not run."""
    assert left_out(small()) == [SHOWN]


def test_demonstrations_that_use_each_others_data_go_together() -> None:
    """Data that only demonstrations share keeps none of them."""
    assert left_out(small(code("print(W.sum())"))) == [SHOWN, "print(W.sum())"]


@pytest.mark.parametrize(
    "more",
    [
        solution("g", "def g():\n    return W"),
        solution("g", "total = W.sum()"),
        solution("g", "g = eval('W')"),
        solution("g", "def g():\n    return globals()['W']"),
        solution("g", "%time f(1)"),
        solution("g", "def g():\n    return _"),
        locked("later", "print(W)"),
        check("test_g", ASSESSED.replace('"f"', '"g"') + "\nassert W.shape == (2, 2)"),
        check("test_g", ASSESSED.replace('"f"', '"g"') + "\nfor V in [1]:\n    W += V"),
    ],
    ids=["global", "top", "eval", "globals", "magic", "history", "locked", "test", "added"],
)
def test_what_may_matter_runs(more: Json) -> None:
    """A cell runs if anything that runs mentions its data, or could look it up by name."""
    original = small(more)
    given = replaced(released(original), {"g": more["source"]}) if more["metadata"]["nbgrader"]["solution"] else None
    assert left_out(original, given) == []


@pytest.mark.parametrize(
    "demonstration",
    ["np.array = None", "import sys\nprint(sys.path)", "exec('W = 1')", "%matplotlib inline\nW = 1",
     "np.random.seed(1)", "from solutions import nothing as np"],
)  # fmt: skip
def test_a_cell_that_does_something_lasting_runs(demonstration: str) -> None:
    """What changes a module, looks names up by text, seeds what all share or rebinds a name in use is not left out."""
    assert left_out(small(test=ASSESSED + "\nnp.ones(1)", demonstration=demonstration)) == []


def test_a_students_own_cells_run() -> None:
    """A cell that a student changed or added is theirs, and runs."""
    original = small()
    given = released(original)
    given["cells"][3]["source"] += "\nprint('mine')"
    assert left_out(original, given) == []
    assert left_out(original, inserted(released(original), code("mine = 1"))) == [SHOWN]


@pytest.mark.parametrize("test", ["assert f(1) == 2", ASSESSED.replace(".assess", ".look_at")])
def test_where_tests_may_use_anything_everything_runs(test: str) -> None:
    """With a test that does not make its own inputs, every cell runs."""
    assert left_out(small(test=test)) == []


def test_where_a_person_grades_everything_runs() -> None:
    """Somebody who grades by looking sees every output."""
    essay = code(
        "", {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 1}
    )
    assert left_out(small(essay)) == []


def test_a_graded_set_says_what_was_left_out(grader: Grader) -> None:
    """The graded notebook of a set has full marks and a note where a demonstration's output would be."""
    outcome = grader.grade(source("ps2_linear"), pristine("ps2_linear"))
    assert outcome.lost == {}
    shown = [position for position, cell in enumerate(source("ps2_linear")["cells"])
             if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader")]  # fmt: skip
    assert shown
    assert {outcome.printed(position) for position in shown} == {
        "(not run while grading: nothing that is graded depends on this cell)\n"
    }
