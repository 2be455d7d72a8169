"""After a process of the student's or a judge was ended, what comes later goes on as if nothing had been."""

from helpers.grading import Grader
from helpers.notebooks import check, code, solution

SLOW = [code(f"import time\ntime.sleep(0.8)  # {number}") for number in range(3)]
DIES = "import os\ndef f(x):\n    os._exit(1)"
G = "def g(x):\n    return x + 1"
H = "def h():\n    return len(data)"


def test_slow_cells_that_run_again_cost_no_other_exercise(impatient: Grader) -> None:
    """A crash costs its own points, although running the cells again takes longer than one exercise may."""
    outcome = impatient.judge(
        *SLOW,
        solution("f", DIES), solution("g", G),
        # Side by side, so that the cells run again within the second test's own time.
        check("test_f", "assert f(2) == 2", 2), check("test_g", "assert g(2) == 3"),
    )  # fmt: skip
    assert outcome.lost == {"f": 2}


def test_names_of_earlier_tests_outlive_a_judge_that_was_ended(impatient: Grader) -> None:
    """After a test that nothing but a kill can end, a later one still finds what an earlier one assigned."""
    outcome = impatient.judge(
        solution("g", G), check("test_g", "data = [1, 2]\nassert g(2) == 3"),
        check("stuck", "sum(range(10**12))"),
        solution("h", H), check("test_h", "assert h() == 2"),
    )  # fmt: skip
    assert outcome.lost == {"stuck": 1}
    assert "did not end" in outcome.message("stuck")


def test_what_a_test_puts_into_a_list_costs_no_later_exercise(grader: Grader) -> None:
    """A list that was sent when it was empty, and then holds what can't be sent, is no harm to a new process."""
    cells = (
        solution("h", "def h(x):\n    return len(seen) + x"),
        check("test_h", "import threading\nseen = []\nassert h(1) == 1\nseen.append(threading.Lock())"),
        solution("f", DIES), check("test_f", "assert f(1) == 1"), solution("g", G), check("test_g", "assert g(1) == 2"),
    )  # fmt: skip
    assert grader.judge(*cells).scores == {"h": 1, "f": 0, "g": 1}


def test_a_visible_import_is_there_where_names_are_looked_up(grader: Grader) -> None:
    """What a test's visible part imports is there for students' code in a notebook that looks names up as it likes."""
    cells = (
        solution("f", "def f(x):\n    return math.sqrt(x)"), check("test_f", "import math\nassert f(4) == 2"),
        solution("g", "g = 'f' in globals()"), check("test_g", "assert g"),
    )  # fmt: skip
    assert grader.judge(*cells).lost == {}
