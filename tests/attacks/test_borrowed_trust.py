"""What tests take over from the student's side or give it makes no wrong answer right, and tells of no hidden part."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, hidden, solution

ASKED = "def f(x):\n    return x + 1"
PLUGIN = """
class Plugin:
    known, expected = [], {'f': 2}
    def __init_subclass__(cls):
        Plugin.known.append(cls)
"""
# The test, and an answer that would pass it if what it leaves or does were believed.
FORGERIES = {
    "a class's own constant": ("assert f(1) == Plugin.expected['f']", "Plugin.expected['f'] = 0\ndef f(x): return 0"),
    "a class in a function's place": ("for a, b in zip(f([]), [1]):\n    assert a == b\nassert f(1) == 2", "f = list"),
    "an exit": ("assert f(1) == 2", "def f(x):\n    raise SystemExit(0)"),
    "an exit where one is expected": (
        "try:\n    f('')\nexcept SystemExit as stop:\n    assert stop.code == 3\nassert f(1) == 2",
        "def f(x):\n    raise SystemExit(3)",
    ),
    "an error that is no failure": (
        "error = f(1)\nassert isinstance(error, int) and error == 2",
        "def f(x):\n    return ValueError(2)",
    ),
    "an exception that equals": (
        "assert f(1) == 2",
        "class E(Exception):\n    def __eq__(self, other): return True\n    __hash__ = None\ndef f(x): return E()",
    ),
    "one object by its own word": (
        "x = [1]\nassert f(x) is not x and f(x) == [1, 1]",
        "def f(x):\n    x.append(1)\n    return x",
    ),
    "a class above by its own word": (
        "p = f(1)\nassert p.__class__ is int and p == 2",
        "class P:\n    __class__ = int\n    def __eq__(self, other): return True\ndef f(x): return P()",
    ),
    "settings of its own": (
        "import sys\nsys.setrecursionlimit(2000)\nassert f(1) == 2",
        "import sys\nsys.setrecursionlimit = lambda n: None\ndef f(x): return 0",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_what_is_taken_over_makes_no_wrong_answer_right(grader: Grader, name: str) -> None:
    """Neither classes, exceptions, objects nor settings of the student's pass a test that the answer fails."""
    test, answer = FORGERIES[name]
    cells = code(PLUGIN), solution("f", f"{ASKED}\nclass Mine(Plugin): pass"), check("test_f", test)
    assert grader.judge(*cells, f=answer).scores == {"f": 0}


def test_a_hidden_part_defines_nothing_for_students(grader: Grader) -> None:
    """What a test's hidden part imports and defines is not there for the student's code, unlike the visible part's."""
    test = "def shown():\n    return 1\n" + hidden("import fractions\ndef secret():\n    return 2\nassert f(1) == 2")
    cells = solution("f", ASKED), check("test_f", test)
    assert grader.judge(*cells, f="def f(x):\n    return shown() + x").lost == {}
    assert grader.judge(*cells, f="def f(x):\n    return secret()").scores == {"f": 0}
    assert grader.judge(*cells, f="def f(x):\n    return fractions.Fraction(2)").scores == {"f": 0}
