"""Cells run in the notebook's order, each test at its place; of several definitions the last before the test counts."""

from helpers.grading import Grader, assignment_from
from helpers.notebooks import (
    Json,
    check,
    code,
    duplicated,
    inserted,
    locked,
    moved,
    notebook,
    remarked,
    replaced,
    solution,
    without,
)

COURSE = notebook(
    locked("setup", "import numpy as np\nBASE = 10\ndef trusted(x):\n    return x + BASE"),
    solution("f", "def f(x):\n    return x * x"),
    check("test_f", "assert f(2) == 4", 2),
    solution("g", "def g(x):\n    return trusted(x)"),
    check("test_g", "assert g(1) == 11 == trusted(1)", 3),
)
ASSIGNMENT = assignment_from(COURSE)
WRONG = "def f(x):\n    return 0"


def _lost(grader: Grader, given: Json) -> dict[str, float]:
    return grader.grade(given, ASSIGNMENT).lost


def test_the_last_copy_before_the_test_counts(grader: Grader) -> None:
    """Of two copies of a solution cell before the test, the second one's definition counts."""
    assert _lost(grader, duplicated(COURSE, "f", WRONG)) == {"f": 2}
    assert _lost(grader, duplicated(replaced(COURSE, {"f": WRONG}), "f", "def f(x):\n    return x ** 2")) == {}


def test_a_copy_after_the_test_counts_for_nothing(grader: Grader) -> None:
    """A definition that comes after its test is too late, right or wrong."""
    assert _lost(grader, inserted(COURSE, code(WRONG), after="test_f")) == {}
    assert _lost(
        grader, inserted(replaced(COURSE, {"f": WRONG}), solution("f", "def f(x):\n    return x * x"), after="test_f")
    ) == {"f": 2}


def test_a_function_counts_by_its_name_wherever_it_is_defined(grader: Grader) -> None:
    """A function that stands in another cell, or in one without an id, is found by its name."""
    given = inserted(replaced(COURSE, {"f": "# in the next cell"}), code("f = lambda x: x * x"), before="test_f")
    assert _lost(grader, given) == {}
    assert _lost(grader, inserted(without(COURSE, "f"), code("def f(x):\n    return x * x"), before="setup")) == {}


def test_a_solution_cell_of_another_id_counts(grader: Grader) -> None:
    """Solution cells whose ids were exchanged or invented count by what they define."""
    assert _lost(grader, remarked(COURSE, "f", grade_id="mine")) == {}
    exchanged = remarked(remarked(remarked(COURSE, "f", grade_id="x"), "g", grade_id="f"), "x", grade_id="g")
    assert _lost(grader, exchanged) == {}


def test_deleted_and_edited_tests_judge_as_before(grader: Grader) -> None:
    """Deleting, editing, doubling or re-pointing a test changes no score."""
    wrong = replaced(COURSE, {"f": WRONG})
    changes = (
        without(wrong, "test_f"),
        replaced(wrong, {"test_f": "pass"}),
        duplicated(wrong, "test_f", "pass"),
        remarked(wrong, "test_f", points=99),
        remarked(wrong, "test_f", grade_id="test_g"),
        remarked(wrong, "test_f", grade=False, locked=False, solution=True),
        inserted(wrong, check("test_f", "pass", 2), before="setup"),
        inserted(wrong, check("bonus", "pass", 50)),
    )
    for given in changes:
        outcome = grader.grade(given, ASSIGNMENT)
        assert outcome.scores["f"] == 0
        assert outcome.result.max_score == 5
        assert outcome.result.score <= 3


def test_a_test_in_front_of_its_solution_fails(grader: Grader) -> None:
    """A test moved in front of the solution finds nothing, as in a kernel that runs all cells in order."""
    outcome = grader.grade(moved(COURSE, "test_f", 1), ASSIGNMENT)
    assert outcome.lost == {"f": 2}
    assert "f is not defined" in outcome.message("f")


def test_an_edited_instructors_cell_runs_as_it_was(grader: Grader) -> None:
    """A locked cell runs in the instructor's version on the student's side as well."""
    edited = replaced(COURSE, {"setup": "raise SystemExit"})
    assert _lost(grader, edited) == {}
    assert _lost(grader, without(COURSE, "setup")) == {}


def test_a_deleted_name_is_gone(grader: Grader) -> None:
    """A student who deletes a name has not defined it."""
    assert _lost(grader, inserted(COURSE, code("del f"), after="f")) == {"f": 2}


def test_cells_in_another_order_that_run_all_are_right(grader: Grader) -> None:
    """Cells that were moved but still run from top to bottom keep all points."""
    last = len(COURSE["cells"]) - 1
    assert _lost(grader, moved(moved(COURSE, "f", last), "test_f", last)) == {}


def test_exercises_are_reported_in_the_instructors_order(grader: Grader) -> None:
    """Whatever the submission's order, verdicts come in the assignment's."""
    outcome = grader.grade(moved(COURSE, "test_f", len(COURSE["cells"]) - 1), ASSIGNMENT)
    assert [exercise.name for exercise in outcome.result.exercises] == ["f", "g"]


def test_a_students_helper_and_constant_beside_the_function_work(grader: Grader) -> None:
    """Helpers, constants, imports and closures of the student's own work from other cells and the same one."""
    text = "import functools\nTWO = 2\n@functools.lru_cache\ndef power(x):\n    return x ** TWO\nf = lambda x: power(x)"
    assert _lost(grader, replaced(COURSE, {"f": text})) == {}
    given = inserted(
        replaced(COURSE, {"f": "f = Squarer()"}),
        code("class Squarer:\n    def __call__(self, x):\n        return x * x"),
        before="f",
    )
    assert _lost(grader, given) == {}
