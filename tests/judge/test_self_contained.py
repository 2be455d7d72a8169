"""A visible function that needs nothing but its arguments travels as its text; every other one is called back."""

import ast

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, hidden, solution

from autograder.judge.self_contained import uses_of

TRAVEL = {
    "lambda x: x ** 2 - 2": {},
    "lambda x, k=2: x[:k].sum() if k > 1 else abs(x[0])": {},
    "lambda t: np.exp(-t) * np.linalg.norm(t) + m.pi": {"np": {"exp", "linalg"}, "m": {"pi"}},
    "lambda xs: sum(x * x for x in xs)": {},
    "def f(t, y):\n    'The rates.'\n    d = np.zeros_like(y)\n    d[0] = y[1]\n    return d": {"np": {"zeros_like"}},
    "def f(n):\n    found = 1\n    for k in range(2, n):\n        found *= k\n    return found": {},
    "def f(x: float) -> float:\n    return x": {},
}
STAY = [
    "lambda x: x + expected",
    "lambda x: seen[x]",
    "lambda x: print(x)",
    "lambda x: (lambda y: y + x)",
    "lambda x: x.__class__",
    "lambda x: np",
    "lambda x: np.exp(np)",
    "lambda x, rows=[]: rows",
    "lambda x: (yield x)",
    "def f(x):\n    global n\n    n = x\n    return x",
    "def f(x):\n    x.seen = 1\n    return x",
    "def f(n):\n    return 1 if n < 2 else n * f(n - 1)",
    "def f(x):\n    import os\n    return os.getcwd()",
    "@cached\ndef f(x):\n    return x",
    "def f(x):\n    raise ValueError(x)",
]


def _function(text: str) -> ast.Lambda | ast.FunctionDef:
    node = ast.parse(text).body[0]
    found = node.value if isinstance(node, ast.Expr) else node
    assert isinstance(found, ast.Lambda | ast.FunctionDef)
    return found


@pytest.mark.parametrize("text", TRAVEL)
def test_what_needs_only_its_arguments_travels(text: str) -> None:
    """Arithmetic, Python's plain functions and modules that reckon are the same on both sides."""
    assert uses_of(_function(text)) == TRAVEL[text]


@pytest.mark.parametrize("text", STAY)
def test_what_needs_more_stays(text: str) -> None:
    """What has a name of the test's, keeps something or prints it is called where the test is."""
    assert uses_of(_function(text)) is None


READ = "def read(f, x):\n    print(f.__code__.co_consts)\n    return f(x)"
LONG = "def often(f, x):\n    for _ in range(30_000):\n        found = f(x)\n    return found"


def test_a_hidden_function_stays_hidden(grader: Grader) -> None:
    """The text of a hidden part's function never reaches the student's side; that of a visible one may be read."""
    asked = "assert read(lambda x: x + {0}, 1) == {0} + 1\n"
    outcome = grader.judge(solution("r", READ), check("t", asked.format(4242) + hidden(asked.format(7373))))
    assert outcome.lost == {}
    printed = outcome.printed(1)
    assert "4242" in printed
    assert "7373" not in printed


def test_only_what_is_called_back_counts_as_a_call(grader: Grader) -> None:
    """A visible function may be asked as often as one likes; one that stays, as often as a message can be answered."""
    asked = "assert often(lambda x: x + {0}, 1) == 2"
    outcome = grader.judge(
        solution("l", LONG), check("visible", asked.format(1)), check("kept", f"one = 1\n{asked.format('one')}")
    )
    assert set(outcome.lost) == {"kept"}
    assert "calls of a function that was passed in" in outcome.message("kept")


@pytest.mark.parametrize("named", ["random", "save"])
def test_what_draws_or_writes_is_called_back(grader: Grader, named: str) -> None:
    """What NumPy does beside reckoning happens where the test is, so that its random numbers are the test's."""
    test = f"import numpy as np\nuses = lambda x: np.{named} and x\nassert kind(uses) == 'called back'"
    text = "def kind(f):\n    return 'called back' if f.__code__.co_freevars else 'here'"
    assert grader.judge(solution("k", text), check("t", test)).lost == {}
