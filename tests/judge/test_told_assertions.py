"""A bare assertion that fails is told as it is written, where students can read it; of a hidden part nothing is."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, hidden, solution

F = solution("f", "def f(x):\n    return 2 * x")
WRONG = "def f(x):\n    return x"
TOLD = {
    "a plain one": ("assert f(2) == 4", "this does not hold: f(2) == 4"),
    "the second": ("assert f(0) == 0\nassert (f(3)\n        == 6)", "this does not hold: f(3) == 6"),
    "in a loop": ("for x in (0, 1):\n    assert f(x) == 2 * x", "this does not hold: f(x) == 2 * x"),
    "with a message": ("assert f(2) == 4, 'f doubles'", "assertion: f doubles"),
    "a long one": (f"assert f(2) in [{', '.join(map(str, range(3, 2000)))}]", "this does not hold: f(2) in [3, 4,"),
}
NOT_TOLD = {
    "a hidden one": "assert f(0) == 0\n" + hidden("assert f(20) == 40"),
    "with what a hidden part knows": hidden("due = 40") + "\nassert f(20) == due",
    "over hidden cases": hidden("CASES = [(20, 40)]") + "\nfor x, y in CASES:\n    assert f(x) == y",
    "in a hidden function": hidden("def look():\n    assert f(20) == 40") + "\nlook()",
}


@pytest.mark.parametrize("name", TOLD)
def test_a_failed_assertion_is_told_as_it_is_written(grader: Grader, name: str) -> None:
    """A student reads which of a visible test's assertions failed; where its author wrote a message, that."""
    text, told = TOLD[name]
    outcome = grader.judge(F, check("test_f", text), f=WRONG)
    assert told in outcome.message("f")
    assert len(outcome.message("f")) < 2_500


@pytest.mark.parametrize("name", NOT_TOLD)
def test_nothing_of_a_hidden_part_is_told(grader: Grader, name: str) -> None:
    """An assertion that stands in a hidden part, or works with what only that knows, is told without its text."""
    outcome = grader.judge(F, check("test_f", NOT_TOLD[name]), f=WRONG)
    message = outcome.message("f")
    assert outcome.result.score == 0
    assert "this does not hold" not in message
    assert "20" not in message
    assert "40" not in message


def test_a_students_own_assertion_is_theirs(grader: Grader) -> None:
    """An assertion of the student's function is told as their code's, not as the test's."""
    outcome = grader.judge(F, check("test_f", "assert f(2) == 4"), f="def f(x):\n    assert x == 3")
    assert "your code raised AssertionError" in outcome.message("f")
