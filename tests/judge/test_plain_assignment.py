"""An ordinary nbgrader assignment is graded without a change to it: right answers in full, wrong ones for their own."""

import pytest
from helpers.grading import Grader, Outcome, assignment_from
from helpers.notebooks import cell_of, check, code, hidden, inserted, notebook, released, replaced, solution, solved
from helpers.plain_course import COURSE, POINTS, WRONG

ASSIGNMENT = assignment_from(COURSE)
RIGHT = solved(COURSE)


def test_right_answers_earn_all_points(grader: Grader) -> None:
    """The instructor's own answers earn every point, without a warning."""
    outcome = grader.grade(RIGHT, ASSIGNMENT)
    assert outcome.scores == POINTS
    assert outcome.result.max_score == sum(POINTS.values())
    assert outcome.result.warnings == ()
    assert all(check.passed for exercise in outcome.result.exercises for check in exercise.checks)


def test_an_empty_submission_earns_nothing(grader: Grader) -> None:
    """A notebook in which nothing is answered earns nothing, and no test is called at fault."""
    stubs = dict.fromkeys(POINTS, "raise NotImplementedError()")
    result = grader.grade(replaced(RIGHT, stubs), ASSIGNMENT).result
    assert result.score == 0
    assert not any(exercise.could_not_judge for exercise in result.exercises)


@pytest.mark.parametrize(("name", "text", "left"), WRONG)
def test_a_wrong_answer_loses_its_own_points(grader: Grader, name: str, text: str, left: float) -> None:
    """A wrong answer loses the points of its own exercise and no others, with a message."""
    outcome = grader.grade(replaced(RIGHT, {name: text}), ASSIGNMENT)
    assert outcome.lost == {name: POINTS[name] - left}
    assert outcome.message(name) or left


def test_overwritten_helpers_of_the_instructor_judge_as_before(grader: Grader) -> None:
    """A student who replaces the instructor's helpers, in locked or plain cells, gains nothing."""
    given = replaced(RIGHT, {"half": "def half(x):\n    return 0", "next_even": "def next_even(n):\n    return 1"})
    given = inserted(given, code("close = is_even = lambda *_: True\ndef close(*_): return True"), after="next_even")
    given["cells"][2]["source"] = "def is_even(number):\n    return True"
    cell_of(given, "setup")["source"] += "\ndef close(*_):\n    return True"
    assert grader.grade(given, ASSIGNMENT).lost == {"half": 1, "next_even": 1}


def test_a_helper_of_the_instructor_that_was_deleted_is_still_there(grader: Grader) -> None:
    """Tests find the instructor's plain helper also where the student deleted its cell."""
    given = replaced(RIGHT, {})
    del given["cells"][2]
    assert grader.grade(given, ASSIGNMENT).lost == {}


@pytest.mark.parametrize("earlier", ["a plain cell", "an earlier test"])
def test_a_function_that_a_solution_cell_defines_is_the_students(grader: Grader, earlier: str) -> None:
    """Where the instructor showed a first version of a function, the student's own version of it is judged."""
    shown = "def f(x):\n    return x * x"
    first = code(shown) if earlier == "a plain cell" else check("test_first", f"{shown}\nassert f(1) == 1", 0)
    outcome = grader.judge(
        first, solution("f", shown), check("test_f", "assert f(2) == 4", 2), f="def f(x):\n    return 0"
    )
    assert outcome.lost == {"f": 2}


def test_an_overwritten_module_name_is_the_module_in_tests(grader: Grader) -> None:
    """A student who binds `np` to something else changes no test, and only what they compute themselves."""
    given = inserted(RIGHT, code("real_np, np = np, None"), after="normalise")
    outcome = grader.grade(
        replaced(given, {"normalise": "def normalise(v):\n    return v / real_np.linalg.norm(v)"}), ASSIGNMENT
    )
    assert outcome.lost == {}


# --- names that cross -----------------------------------------------------------------------------


def _later(grader: Grader, test: str, later: str) -> Outcome:
    """Grade a test, a student's cell after it, and a test of what that cell made."""
    return grader.judge(
        solution("first", "first = 1"),
        check("test_first", test),
        solution("later", "later = None"),
        check("test_later", "assert later == 5"),
        later=later,
    )  # fmt: skip


def test_names_of_the_visible_part_are_there_for_later_cells(grader: Grader) -> None:
    """A name that the visible part of a test assigns is there in later student cells."""
    assert _later(grader, "five = 5\nassert first == 1", "later = five").lost == {}


def test_names_of_a_failed_test_are_there_too(grader: Grader) -> None:
    """A name that a test assigned before it failed is there in later student cells."""
    assert _later(grader, "five = 5\nassert first == 2", "later = five").lost == {"first": 1}


def test_names_of_the_hidden_part_never_are(grader: Grader) -> None:
    """A name of a test's hidden part is on no student's side, nor one that it changes."""
    outcome = _later(grader, hidden("five = 5"), "later = five")
    assert outcome.lost == {"later": 1}
    reached = "later = 5 if not [n for n in list(globals()) if n in ('five', 'secret')] else 0"
    assert _later(grader, "x = 1\n" + hidden("five = secret = 5\ndef helper(): pass"), reached).lost == {}


def test_a_name_assigned_in_a_test_is_there_for_the_function_it_calls(grader: Grader) -> None:
    """A student's function that reads a global finds what the visible part of the test has just assigned."""
    outcome = grader.judge(
        solution("f", "def f(x):\n    return x > threshold"),
        check("test_f", "threshold = 3\nassert f(5) and not f(2)"),
    )  # fmt: skip
    assert outcome.lost == {}


def test_the_last_writer_of_data_wins(grader: Grader) -> None:
    """Data is what the last writer in the notebook's order made it, student or instructor."""
    cells = (
        solution("level", "level = 2"),
        check("test_level", "assert level == 2"),
        code("level = 3"),
        check("test_after", "assert level == 3"),
    )
    assert grader.judge(*cells).lost == {}
    tests_own = (
        check("test_own", "level = 1\nassert level == 1"),
        solution("f", "level = 7"),
        check("test_f", "assert level == 7"),
    )
    assert grader.judge(*tests_own).lost == {}


def test_one_namespace_holds_all_tests(grader: Grader) -> None:
    """A test may use what an earlier test made: data, functions, classes and imports."""
    first = "import math\ndef helper(x):\n    return x + 1\nclass Box:\n    size = 4\nbase = 10"
    outcome = grader.judge(
        solution("f", "def f(x):\n    return x"),
        check("test_f", first),
        check("test_more", "assert helper(base) == 11 + math.floor(Box.size / 5)"),
    )  # fmt: skip
    assert outcome.lost == {}


def test_data_is_fetched_anew_in_every_test(grader: Grader) -> None:
    """A test that changes its copy of a student's list leaves the student's own as it is."""
    outcome = grader.judge(
        solution("rows", "rows = [1]"),
        check("test_rows", "rows.append(2)\nassert rows == [1, 2]"),
        check("test_again", "assert rows == [1]"),
    )  # fmt: skip
    assert outcome.lost == {}


def test_identity_within_one_value_is_kept(grader: Grader) -> None:
    """Two names of one list are one list in the value that a test gets."""
    outcome = grader.judge(
        solution("pair", "row = [0]\npair = (row, row)"),
        check("test_pair", "pair[0].append(1)\nassert pair[1] == [0, 1]"),
    )
    assert outcome.lost == {}


def test_the_release_of_the_course_is_what_students_get() -> None:
    """The helpers of these tests release no hidden test."""
    given = released(
        notebook(
            solution("f", "### BEGIN SOLUTION\nf = 1\n### END SOLUTION"),
            check("test_f", "x = 1\n" + hidden("assert f == 1")),
        )
    )
    assert "assert" not in cell_of(given, "test_f")["source"]
    assert "f = 1" not in cell_of(given, "f")["source"]


def test_a_test_may_ask_for_an_instance_of_a_students_class(grader: Grader) -> None:
    """`isinstance` with a student's class holds for its instances, and for nothing else."""
    test = "assert isinstance(Box(), Box)\nassert not isinstance(3, Box)"
    assert grader.judge(solution("Box", "class Box:\n    pass"), check("test_Box", test)).lost == {}
