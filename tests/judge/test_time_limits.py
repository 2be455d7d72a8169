"""Time limits: a call, a cell, an exercise, a notebook; each ends near its limit, and the next goes on."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, locked, solution

from autograder.callloop.limits import Limits

QUICK, SLOW = "def f(x):\n    return x", "import time\ndef f(x):\n    time.sleep({})\n    return x"


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A grader with a second for each exercise and two for a notebook."""
    running = Grader(Limits(cell_seconds=1.0, total_seconds=2.0), tmp_path_factory.mktemp("hasty"))
    yield running
    running.close()


def _took(run: Callable[[], object]) -> float:
    started = time.monotonic()
    run()
    return time.monotonic() - started


def test_just_under_the_limit_counts(impatient: Grader) -> None:
    """A call that needs most of its time earns its points."""
    assert impatient.judge(solution("f", SLOW.format(0.5)), check("test_f", "assert f(1) == 1")).lost == {}


def test_just_over_the_limit_is_ended_at_the_limit(impatient: Grader) -> None:
    """A call over its time is ended near its limit with a message that names the limit and its option."""
    outcome = impatient.judge(solution("f", SLOW.format(30)), check("test_f", "assert f(1) == 1"))
    assert "1 s (--timeout)" in outcome.message("f")
    assert outcome.result.seconds < 3


def test_all_calls_of_an_exercise_share_its_time(impatient: Grader) -> None:
    """Calls that are each quick but together too slow are ended as one."""
    test = "for _ in range(20):\n    f(1)"
    outcome = impatient.judge(solution("f", SLOW.format(0.2)), check("test_f", test))
    assert "--timeout" in outcome.message("f")
    assert outcome.result.seconds < 3


def test_each_exercise_has_time_of_its_own(impatient: Grader) -> None:
    """Two exercises may each need most of the limit."""
    cells = (
        solution("f", SLOW.format(0.6)),
        check("test_f", "assert f(1) == 1"),
        check("test_again", "assert f(2) == 2"),
    )
    assert impatient.judge(*cells).lost == {}


def test_a_cell_that_is_too_slow_is_left_out(impatient: Grader) -> None:
    """A cell over its time is ended, its output says so, and other cells' names are still there."""
    outcome = impatient.judge(
        solution("f", QUICK),
        code("while True: pass"),
        solution("g", "g = 5"),
        check("test_f", "assert f(1) == 1"),
        check("test_g", "assert g == 5"),
    )  # fmt: skip
    assert outcome.lost == {}
    assert "--timeout" in str(outcome.outputs(1))


def test_the_total_holds_for_all_cells_together(hasty: Grader) -> None:
    """Past the time of the whole notebook nothing further runs, and what was judged before counts."""
    cells = [solution("f", QUICK), check("test_f", "assert f(1) == 1")]
    cells += [code(f"import time\ntime.sleep(0.8)  # {number}") for number in range(6)]
    cells += [solution("g", "def g(x):\n    return x"), check("test_g", "assert g(1) == 1")]
    outcome = hasty.judge(*cells)
    assert outcome.lost == {"g": 1}
    assert "2 s (--total-timeout)" in str(outcome.outputs(8))
    assert outcome.result.seconds < 4.5


def test_a_function_that_timed_out_is_not_called_again(impatient: Grader) -> None:
    """A second test of a function that timed out fails at once, and says why."""
    cells = (
        solution("f", SLOW.format(30)),
        check("test_f", "f(1)"),
        check("test_again", "f(2)"),
        check("test_more", "f(3)"),
    )
    outcome = impatient.judge(*cells)
    assert set(outcome.lost) == {"f", "test_again", "test_more"}
    assert "not called again" in outcome.message("test_again")
    assert outcome.result.seconds < 3


def test_a_test_has_a_limit_too(impatient: Grader) -> None:
    """A test that loops by itself over a student's endless generator is ended, and the next goes on."""
    cells = (
        solution("f", "def f():\n    while True:\n        yield 1"),
        check("test_f", "assert sum(f()) == 3"),
        solution("g", "g = 1"),
        check("test_g", "assert g == 1"),
    )  # fmt: skip
    outcome = impatient.judge(*cells)
    assert outcome.lost == {"f": 1}
    assert outcome.result.seconds < 6


def test_ten_restarts_and_more_leave_the_rest_to_be_judged(impatient: Grader) -> None:
    """After a dozen exercises that each end the process, the one after them keeps its points."""
    dying = [
        cell
        for number in range(12)
        for cell in (
            solution(f"f{number}", f"import os\ndef f{number}():\n    os._exit(1)"),
            check(f"test_f{number}", f"f{number}()"),
        )
    ]
    outcome = impatient.judge(*dying, solution("g", "def g():\n    return 1"), check("test_g", "assert g() == 1"))
    assert "g" not in outcome.lost
    assert len(outcome.lost) == 12


def test_callbacks_are_counted(tmp_path: Path) -> None:
    """A function may call one that it was passed as often as the limit, not once more."""
    grader = Grader(Limits(callback_calls=50), tmp_path)
    try:
        text = "def f(g, n):\n    for _ in range(n): g()\n    return n"
        test = "it = 1\nassert f(lambda: it, {}) == {}"
        assert grader.judge(solution("f", text), check("test_f", test.format(50, 50))).lost == {}
        outcome = grader.judge(solution("f", text), check("test_f", test.format(51, 51)))
        assert outcome.lost == {"f": 1}
        assert "50 calls" in outcome.message("f")
    finally:
        grader.close()


HUGE = {
    "a sum in compiled code": ("10**12", "assert sum(range(f())) == 3"),
    "a power": ("10**9", "assert 3 ** f() == 3"),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_test_stuck_in_compiled_code_is_ended_soon_after_its_limit(impatient: Grader, name: str) -> None:
    """An answer that keeps a test in compiled code costs that test, near its limit of two seconds, and no other."""
    value, test = HUGE[name]
    cells = (
        solution("f", f"def f():\n    return {value}"),
        check("test_f", test),
        solution("g", "def g():\n    return 1"),
        check("test_g", "assert g() == 1"),
    )  # fmt: skip
    outcome = impatient.judge(*cells)
    assert outcome.lost == {"f": 1}
    assert outcome.message("f").startswith("limit:")
    assert 2 < outcome.result.seconds < 6


def test_an_answer_that_makes_a_test_take_all_memory_costs_that_test(impatient: Grader) -> None:
    """A test that would allocate more than a judge may ends with a message, and the next one goes on."""
    cells = (
        solution("f", "def f():\n    return 2**33"),
        check("test_f", "assert len(bytes(f())) == 3"),
        check("test_again", "assert np.ones(f()).sum() == 3"),
        solution("g", "def g():\n    return 1"),
        check("test_g", "assert g() == 1"),
    )  # fmt: skip
    outcome = impatient.judge(locked("imports", "import numpy as np"), *cells)
    assert outcome.lost == {"f": 1, "test_again": 1}
    assert "MemoryError" in outcome.message("f") + outcome.message("test_again")
