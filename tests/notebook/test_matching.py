"""Matching a submission with its assignment: locked cells are the instructor's, once, each at its place."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from helpers.grading import assignment_from
from helpers.notebooks import (
    Json,
    check,
    code,
    duplicated,
    hidden,
    inserted,
    locked,
    markdown,
    moved,
    notebook,
    released,
    remarked,
    replaced,
    solution,
    without,
)

from autograder.notebook.matching import Restored, notebook_json, plan_for, restore
from autograder.notebook.plan import Plan, Side
from autograder.notebook.reading import notebook_from_bytes

ORIGINAL = notebook(
    markdown("# Title"),
    locked("setup", "import numpy as np"),
    solution("f"),
    check("test_f", hidden("assert f(1) == 1") + "\nassert f(2) == 4", 3),
    code("print('between')"),
    solution("g"),
    check("test_g", "assert g(1) == 1", 2),
)
ASSIGNMENT = assignment_from(ORIGINAL)
GIVEN = released(ORIGINAL)
TEST_F, TEST_G = ORIGINAL["cells"][3]["source"], ORIGINAL["cells"][6]["source"]


def _restored(given: Json) -> Restored:
    return restore(notebook_from_bytes(json.dumps(given).encode()), ASSIGNMENT)


def _plan(given: Json) -> Plan:
    return plan_for(_restored(given), ASSIGNMENT, "00")


def _order(given: Json) -> list[str]:
    """Return what runs, by id or text, in order."""
    return [cell.grade_id or cell.source for cell in _plan(given).cells if cell.side is not Side.DEFINITIONS]


def _tests(given: Json) -> dict[str, tuple[str, float]]:
    cells = [cell for cell in _plan(given).cells if cell.side is Side.TEST]
    assert len(cells) == 2
    return {cell.grade_id: (cell.source, cell.points) for cell in cells}


USUAL = ["setup", "f", "test_f", "print('between')", "g", "test_g"]


def test_an_honest_copy_runs_in_its_order_without_a_warning() -> None:
    """A released notebook as it is has nothing odd, and its hidden parts are put back."""
    assert _order(GIVEN) == USUAL
    assert _restored(GIVEN).warnings == []
    assert _tests(GIVEN) == {"test_f": (TEST_F, 3.0), "test_g": (TEST_G, 2.0)}


def test_white_space_at_line_ends_is_no_change() -> None:
    """What editors do to white space at the ends of lines and cells is not called a change."""
    assert (
        _restored(replaced(GIVEN, {"test_g": "assert g(1) == 1  \n\n", "setup": "\nimport numpy as np"})).warnings == []
    )


TAMPERED: dict[str, tuple[Callable[[Json], Json], str]] = {
    "edited": (lambda given: replaced(given, {"test_f": "pass"}), "test_f.*text was changed"),
    "emptied": (lambda given: replaced(given, {"test_f": ""}), "test_f.*text was changed"),
    "hidden part guessed": (lambda given: replaced(given, {"test_f": hidden("pass")}), "test_f.*text was changed"),
    "setup edited": (lambda given: replaced(given, {"setup": "np = None"}), "setup.*text was changed"),
    "deleted": (lambda given: without(given, "test_f"), "test_f.*missing"),
    "all deleted": (lambda given: without(given, "setup", "test_f", "test_g"), "test_g.*missing"),
    "a second copy": (lambda given: duplicated(given, "test_f"), "test_f.*more than once"),
    "a second copy that passes": (lambda given: duplicated(given, "test_f", "pass"), "test_f.*more than once"),
    "an easy copy before it": (
        lambda given: inserted(given, {**check("test_f", "pass", 3)}, before="f"),
        "test_f.*text was changed",
    ),
    "more points": (lambda given: remarked(given, "test_f", points=100), "points"),
    "no points": (lambda given: remarked(given, "test_g", points=0), "points"),
    "points of a wrong type": (lambda given: remarked(given, "test_f", points=[3]), "points"),
    "unlocked": (lambda given: remarked(given, "test_f", locked=False), "locked"),
    "not graded": (lambda given: remarked(given, "test_f", grade=False), "grade"),
    "made a solution": (lambda given: remarked(given, "test_f", solution=True), "solution"),
    "made text": (lambda given: _retyped(given, "test_f", "markdown"), "type was changed"),
    "made raw": (lambda given: _retyped(given, "test_g", "raw"), "type was changed"),
    "re-pointed": (lambda given: remarked(given, "test_f", grade_id="test_g"), "grade_id.*changed"),
    "renamed": (lambda given: remarked(given, "test_f", grade_id="test_x"), "test_f.*missing"),
    "exchanged": (
        lambda given: remarked(
            remarked(remarked(given, "test_f", grade_id="t"), "test_g", grade_id="test_f"), "t", grade_id="test_g"
        ),
        "changed",
    ),
    "a solution takes its id": (lambda given: remarked(given, "g", grade_id="test_g"), "test_g"),
}


def _retyped(given: Json, grade_id: str, kind: str) -> Json:
    changed = replaced(given, {})
    for cell in changed["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            cell["cell_type"] = kind
    return changed


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_test_cell_changes_nothing_but_a_warning(name: str) -> None:
    """An edited, deleted, duplicated, re-pointed or re-marked locked cell runs as the instructor wrote it, once."""
    change, warning = TAMPERED[name]
    given = change(GIVEN)
    assert _tests(given) == {"test_f": (TEST_F, 3.0), "test_g": (TEST_G, 2.0)}
    setups = [cell for cell in _plan(given).cells if cell.side is Side.INSTRUCTOR]
    assert [cell.source for cell in setups] == ["import numpy as np"]
    assert any(_found(warning, text) for text in _restored(given).warnings), _restored(given).warnings


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def test_a_missing_cell_is_put_back_after_the_one_that_precedes_it() -> None:
    """A deleted locked cell is put back after the nearest earlier cell of the assignment that is there."""
    assert _order(without(GIVEN, "test_f")) == USUAL
    assert _order(without(GIVEN, "setup")) == USUAL
    assert _order(without(GIVEN, "test_g")) == USUAL
    assert _order(without(GIVEN, "f", "test_f")) == ["setup", "test_f", "print('between')", "g", "test_g"]


def test_a_missing_cell_comes_after_the_last_copy_of_its_predecessor() -> None:
    """Where the predecessor is there twice, a missing test is put back after the second copy."""
    given = without(duplicated(GIVEN, "f", "second"), "test_f")
    assert _order(given) == ["setup", "f", "f", "test_f", "print('between')", "g", "test_g"]


def test_put_back_cells_keep_their_own_order() -> None:
    """Several missing cells come back in the instructor's order."""
    given = without(GIVEN, "setup", "f", "test_f", "test_g")
    order = _order(given)
    assert order.index("setup") < order.index("test_f") < order.index("test_g")
    assert order[-1] == "test_g"


def test_a_moved_test_runs_where_it_was_moved_to() -> None:
    """A test that a student moved runs at its new place, as it would in a kernel."""
    assert _order(moved(GIVEN, "test_f", len(GIVEN["cells"]) - 1)) == [
        "setup",
        "f",
        "print('between')",
        "g",
        "test_g",
        "test_f",
    ]


def test_added_cells_run_where_they_stand() -> None:
    """A student's own cells run in the notebook's order."""
    given = inserted(inserted(GIVEN, code("helper = 1"), before="f"), code("more = 2"), after="test_f")
    assert _order(given) == ["setup", "helper = 1", "f", "test_f", "more = 2", "print('between')", "g", "test_g"]
    assert _restored(given).warnings == []


def test_an_added_cell_with_unknown_marks_is_a_students_cell() -> None:
    """A cell that claims to be a test of the student's own making earns nothing and runs on the student's side."""
    given = inserted(GIVEN, check("test_bonus", "pass", 50))
    added = next(cell for cell in _plan(given).cells if cell.grade_id == "test_bonus")
    assert added.side is Side.STUDENT
    assert added.points == 0


def test_every_copy_of_a_solution_runs() -> None:
    """A duplicated solution cell runs as often as it is there."""
    assert _order(duplicated(GIVEN, "f", "again")).count("f") == 2


def test_a_missing_solution_is_told() -> None:
    """A solution cell that is gone is named in a warning."""
    assert any("'g' is missing" in warning for warning in _restored(without(GIVEN, "g")).warnings)


def test_a_solution_cell_turned_into_text_runs_as_code() -> None:
    """A solution cell whose type was changed counts as code again, with a warning."""
    given = _retyped(GIVEN, "f", "markdown")
    assert _order(given) == USUAL
    assert any("type was changed" in warning for warning in _restored(given).warnings)


def test_plain_cells_of_the_instructor_are_the_students_to_change() -> None:
    """A plain cell of the release may be deleted or edited; then what the student has is what runs."""
    changed = replaced(GIVEN, {})
    changed["cells"][4]["source"] = "print('mine')"
    assert _order(changed) == ["setup", "f", "test_f", "print('mine')", "g", "test_g"]
    del changed["cells"][4]
    assert _order(changed) == ["setup", "f", "test_f", "g", "test_g"]


def test_cells_without_metadata_ids_still_match() -> None:
    """Cells that lost their nbgrader metadata are the student's own, and the locked ones are put back."""
    bare: Any = replaced(GIVEN, {})
    for cell in bare["cells"]:
        cell["metadata"] = {}
    assert _tests(bare) == {"test_f": (TEST_F, 3.0), "test_g": (TEST_G, 2.0)}


def test_locked_text_is_the_instructors() -> None:
    """A locked text cell that a student edited or deleted is the instructor's again."""
    marks = {"grade_id": "rules", "grade": False, "solution": False, "locked": True, "task": False}
    original = notebook(markdown("Be honest.", marks), solution("f"))
    edited = replaced(original, {"rules": "Cheat."})
    for given in (edited, without(original, "rules")):
        restored = restore(notebook_from_bytes(json.dumps(given).encode()), assignment_from(original))
        assert restored.cells[0].cell.source == "Be honest."
        assert len(restored.warnings) == 1


def test_the_restored_notebook_has_every_cell_once_with_its_outputs() -> None:
    """The notebook that is written has the restored cells in order, and new outputs at their places."""
    read = notebook_from_bytes(json.dumps(duplicated(GIVEN, "test_f", "pass")).encode())
    output = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    made = notebook_json(restore(read, ASSIGNMENT), read, {3: output})
    assert [cell["source"] for cell in made["cells"]][3] == TEST_F
    assert len(made["cells"]) == 7
    assert made["cells"][3]["outputs"] == output
    assert made["cells"][1]["outputs"] == []
