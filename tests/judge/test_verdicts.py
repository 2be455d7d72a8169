"""What a test cell is worth: all or nothing, its own number, nothing where it is at fault; what a person grades."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, hidden, markdown, notebook, solution

from autograder.report import COULD_NOT_JUDGE

F = solution("f", "def f(x):\n    return x")

LAST = {
    "f(3)": 3.0,
    "2": 2.0,
    "1.25": 1.25,
    "0": 0.0,
    "0.0": 0.0,
    "-3": 0.0,
    "99": 4.0,
    "10 ** 400": 4.0,
    "True": 4.0,
    "False": 4.0,
    "None": 4.0,
    "'2'": 4.0,
    "[1]": 4.0,
    "x = 2": 4.0,
    "print(2)": 4.0,
    "": 4.0,
}


@pytest.mark.parametrize("text", LAST)
def test_a_last_number_is_the_score_and_anything_else_full_points(grader: Grader, text: str) -> None:
    """An int or finite float at the end, not a bool, is the score within 0 and the points; else all points."""
    outcome = grader.judge(F, check("test_f", f"assert f(1) == 1\n{text}", 4))
    assert outcome.scores == {"f": LAST[text]}
    assert not outcome["f"].could_not_judge


def test_a_number_within_a_hidden_part_is_the_score_too(grader: Grader) -> None:
    """The last expression counts where the hidden part ends the cell."""
    assert grader.judge(F, check("test_f", "score = 1\n" + hidden("score += 1\nscore"), 4)).scores == {"f": 2}


def test_printed_numbers_are_no_score(grader: Grader) -> None:
    """A number that the student or the test prints is no score."""
    text = "def f(x):\n    print(4)\n    return 0"
    assert grader.judge(F, check("test_f", "print(4)\nassert f(1) == 1", 4), f=text).scores == {"f": 0}


AT_FAULT = {
    "a syntax error": "assert f(1) ==",
    "an unknown name": "assert frobnicate(f(1)) == 1",
    "a missing module": "import no_such_module",
    "a score that is not a number": "float('nan')",
}


@pytest.mark.parametrize("name", AT_FAULT)
def test_a_test_at_fault_could_not_judge(grader: Grader, name: str) -> None:
    """A test that could fail for no student's reason scores 0 with the check could_not_judge, and the rest goes on."""
    outcome = grader.judge(F, check("test_f", AT_FAULT[name], 4), check("test_more", "assert f(2) == 2", 1))
    assert outcome.scores == {"f": 0, "test_more": 1}
    assert outcome["f"].could_not_judge
    assert [one.name for one in outcome["f"].checks if not one.passed] == [COULD_NOT_JUDGE]


STUDENTS = {
    "not defined": ("x = 1", "not defined"),
    "an exception": ("def f(x):\n    raise ValueError('mine')", "ValueError: mine"),
    "a name of their own": ("def f(x):\n    return undefined", "NameError"),
    "an import of their own": ("def f(x):\n    import no_such_module", "no_such_module"),
    "a syntax error at run time": ("def f(x):\n    eval('1 +')", "SyntaxError"),
    "a wrong type": ("def f(x):\n    return 'x'", ""),
    "not callable": ("f = 3", "not callable"),
    "too many arguments asked for": ("def f(x, y):\n    return x", "argument"),
    "nothing returned": ("def f(x):\n    pass", ""),
}


@pytest.mark.parametrize("name", STUDENTS)
def test_a_students_fault_is_never_the_tests(grader: Grader, name: str) -> None:
    """What a student's answer makes a test raise is the student's, with a message in their terms."""
    text, told = STUDENTS[name]
    outcome = grader.judge(F, check("test_f", "assert f(1) + 1 == 2", 4), f=text)
    assert outcome.scores == {"f": 0}
    assert not outcome["f"].could_not_judge
    assert told in outcome.message("f")


def test_an_assertions_own_message_is_what_the_student_reads(grader: Grader) -> None:
    """The message of a plain assert is told."""
    outcome = grader.judge(F, check("test_f", "assert f(1) == 1, 'f(1) should be 1'"), f="def f(x):\n    return 2")
    assert "f(1) should be 1" in outcome.message("f")


def test_a_hidden_tests_source_is_not_told(grader: Grader) -> None:
    """A hidden assert without a message tells nothing of its source or its values."""
    outcome = grader.judge(F, check("test_f", hidden("assert f(31) == 31")), f="def f(x):\n    return 2")
    assert outcome["f"].score == 0
    assert "31" not in outcome.message("f")


def test_an_exercise_is_named_by_its_function_or_its_id(grader: Grader) -> None:
    """A cell test_<f> beside a solution <f> is the exercise <f>; any other is called by its id."""
    outcome = grader.judge(F, check("test_f", ""), check("test_nothing", ""), check("final", ""))
    assert [exercise.name for exercise in outcome.result.exercises] == ["f", "test_nothing", "final"]


def test_what_a_person_must_grade_is_left_out(grader: Grader) -> None:
    """Essays, hand-graded code and tasks are listed as needs_manual, and max_score leaves them out."""
    essay = markdown("Explain.", {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "points": 5})
    drawing = code("plot = 1", {"grade_id": "drawing", "grade": True, "solution": True, "locked": False, "points": 7})
    task = markdown(
        "Do it.", {"grade_id": "task", "grade": False, "solution": False, "locked": True, "task": True, "points": 3}
    )
    result = grader.judge(F, check("test_f", "assert f(1) == 1", 2), essay, drawing, task).result
    assert result.needs_manual == ("essay", "drawing", "task")
    assert (result.score, result.max_score) == (2, 2)


def test_points_may_be_fractions_or_none(grader: Grader) -> None:
    """A test of no points, or of half a point, is judged as any other."""
    outcome = grader.judge(F, check("test_f", "assert f(1) == 1", 0.5), check("test_zero", "assert f(1) == 2", 0))
    assert outcome.result.max_score == 0.5
    assert outcome.scores == {"f": 0.5, "test_zero": 0}


def test_a_test_that_swallows_everything_earns_what_it_says(grader: Grader) -> None:
    """A test that catches the student's exceptions goes on, as in a kernel."""
    test = (
        "score = 0\nfor x in (1, 2):\n    try:\n        score += f(x) == x\n    except Exception:\n        pass\nscore"
    )
    outcome = grader.judge(F, check("test_f", test, 2), f="def f(x):\n    if x > 1: raise SystemExit\n    return x")
    assert outcome.scores == {"f": 1}


def test_the_notebook_of_tests_only_is_judged(grader: Grader) -> None:
    """An assignment without any solution cell is judged too."""
    assert grader.judge(*notebook(check("only", "assert 1 + 1 == 2", 1))["cells"]).scores == {"only": 1}


def test_a_stub_left_in_a_plain_course_is_told_as_one(grader: Grader) -> None:
    """A stub's exception is named once, with the question whether it is still to be written."""
    outcome = grader.judge(F, check("test_f", "assert f(1) == 1", 4), f="def f(x):\n    raise NotImplementedError()")
    told = [one.message for one in outcome["f"].checks if not one.passed]
    assert told == ["your code raised NotImplementedError; is it still to be written?"]
