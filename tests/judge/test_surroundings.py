"""What a test sets around the student's calls is there for one call and for several that travel together."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, solution

DRAWS = "import random\nimport numpy as np\ndef draw():\n    return random.random(), float(np.random.normal())"
ASKS = "def ask():\n    return input('name? ')"
TOGETHER = """from autograder.judge.proxies import CallableHandle
def together(f, n):
    return [tell() for tell in CallableHandle._outcomes(f, [((), {})] * n)]
"""
ONE_BY_ONE = "def together(f, n):\n    return [f() for _ in range(n)]\n"
SAME = """import random
import numpy as np
def own():
    return random.random(), float(np.random.normal())
def seed():
    random.seed(3)
    np.random.seed(3)
seed()
expected = [own() for _ in range(5)]
seed()
assert own() == expected[0]
assert together(draw, 3) == expected[1:4]
assert own() == expected[4]
"""
# The last three calls come after the calls that were answered, when nobody answers any more.
ANSWERED = """import builtins
before, asked = builtins.input, []
builtins.input = lambda prompt: asked.append(prompt) or f"answer {len(asked)}"
try:
    assert together(ask, 2) == ["answer 1", "answer 2"]
finally:
    builtins.input = before
assert asked == ["name? ", "name? "]
try:
    together(ask, 1)
except Exception:
    pass
assert len(asked) == 2
"""


@pytest.mark.parametrize("how", [TOGETHER, ONE_BY_ONE], ids=["together", "one by one"])
@pytest.mark.parametrize(("name", "text", "test"), [("draw", DRAWS, SAME), ("ask", ASKS, ANSWERED)])
def test_calls_find_what_the_test_has_set(grader: Grader, how: str, name: str, text: str, test: str) -> None:
    """Random numbers go on from the test's and back, and the test answers input(), however calls are sent."""
    cells = solution(name, text), check(f"test_{name}", how + test)
    assert grader.judge(*cells, **{name: text}).result.score == 1


@pytest.mark.parametrize("how", [TOGETHER, ONE_BY_ONE], ids=["together", "one by one"])
def test_a_function_that_draws_otherwise_fails(grader: Grader, how: str) -> None:
    """A student's function that seeds on its own does not give the numbers that the test expects."""
    wrong = DRAWS.replace("    return", "    np.random.seed(1)\n    return")
    cells = solution("draw", DRAWS), check("test_draw", how + SAME)
    assert grader.judge(*cells, draw=wrong).result.score == 0


def test_broken_functions_of_random_cost_only_the_student(grader: Grader) -> None:
    """Where a student has replaced what tells of random numbers, calls still give answers."""
    broken = "import random\ndef draw():\n    random.getstate = random.setstate = None\n    return 4"
    cells = solution("draw", broken), check("test_draw", TOGETHER + "np_seed = __import__('random').seed(1)\n"
                                            "assert together(draw, 2) == [4, 4]\nassert draw() == 4")  # fmt: skip
    assert grader.judge(*cells, draw=broken).result.score == 1
