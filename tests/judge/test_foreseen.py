"""Functions of a test's that say where they will be evaluated: no question is asked there, and none is lost."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution

# The value that is told beforehand is another than the one that the function gives, so that it shows where one is from.
FUNCTION = """import numpy as np
from autograder.exercises import ForeseenFunction, ForeseenValues


class Foreseen(ForeseenFunction):
    def __init__(self):
        self.seen = []
        self.foreseen = ForeseenValues([np.array([1.0, 2.0]), np.array([3.0, 4.0])], [100.0, 200.0])

    def __call__(self, x):
        self.seen.append(np.asarray(x).tolist())
        return float(np.sum(x))


g = Foreseen()
"""


def _lost(grader: Grader, answer: str, *tests: str) -> dict[str, float]:
    """Grade a function of one argument by tests that have such a function, and return the points lost."""
    cells = [check(f"test_{number}", FUNCTION + test) for number, test in enumerate(tests)]
    return grader.judge(solution("f", f"import numpy as np\n{answer}"), *cells).lost


def test_values_are_known_and_every_evaluation_is_told_in_order(grader: Grader) -> None:
    """At a foreseen point the value is the one told beforehand; the function learns of all points in their order."""
    answer = "def f(g): return [g(np.array(x)) for x in ([3.0, 4.0], [0.0, 1.0], [1.0, 2.0])]"
    test = "assert f(g) == [200.0, 1.0, 100.0]\nassert g.seen == [[3.0, 4.0], [0.0, 1.0], [1.0, 2.0]], g.seen"
    assert _lost(grader, answer, test) == {}


@pytest.mark.parametrize(
    "asked",
    [
        "np.array([[1.0, 2.0]])",
        "[1.0, 2.0]",
        "np.array([1, 2])",
        "x=np.array([1.0, 2.0])",
        "np.array([1.0, 2.0 + 1e-15])",
    ],
)
def test_anything_else_is_asked_for(grader: Grader, asked: str) -> None:
    """Another shape, a list, whole numbers, an argument by name, a point beside: the function itself is called."""
    answer = f"def f(g): return g({asked})"
    assert _lost(grader, answer, "assert abs(f(g) - 3) < 1e-9\nassert len(g.seen) == 1") == {}


def test_no_number_of_evaluations_is_lost(grader: Grader) -> None:
    """More than are told at once are told all the same."""
    answer = "def f(g): return sum(g(np.array([1.0, 2.0])) for _ in range(2_500))"
    assert _lost(grader, answer, "f(g)\nassert len(g.seen) == 2_500") == {}


def test_each_call_learns_of_its_own(grader: Grader) -> None:
    """Of two functions passed in one after the other, each knows of what was asked of itself."""
    test = "h = Foreseen()\nf(g)\nf(h)\nf(h)\nassert (len(g.seen), len(h.seen)) == (1, 2)"
    assert _lost(grader, "def f(g): return g(np.array([1.0, 2.0]))", test) == {}


@pytest.mark.parametrize(
    "told", ["[[0, 2]]", "[[0, -1]]", "[[0, 1.0]]", "[['0', 1]]", "[[9, 0]]", "[0]", "[[0, 1]] * 1_001"]
)
def test_what_was_never_foreseen_is_no_answer(grader: Grader, told: str) -> None:
    """An answer that tells of points that there are not is refused, and costs the test that it was given to alone."""
    answer = f"""import gc
def f(g):
    table = next(one for one in gc.get_objects() if type(one).__name__ == "Foreseen")
    table._asked = {told}
    return 3.0
def h(g): return g(np.array([1.0, 2.0]))"""
    assert _lost(grader, answer, "assert f(g) == 3.0", "assert h(g) == 100.0") == {"test_0": 1.0}
