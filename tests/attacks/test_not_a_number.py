"""NaN is neither greater nor less than a number: a test that holds for it alone is not passed; honest NaN passes."""

import re
from dataclasses import replace

from helpers.grading import Grader, Outcome, assignment_from
from helpers.notebooks import check, locked, notebook, released, replaced, solution

SETUP = locked(
    "setup",
    """import math
import numpy as np
class Kept:
    def __init__(self, value):
        self.value = value
def relative(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
def close(a, b):
    if np.abs(a - b).max() > 1e-7:
        raise AssertionError("far off")""",
)
SQUARE = "def f(x):\n    return x * x"
NAN = "def f(x):\n    return x * float('nan')"
NAN_LATER = """import numpy as np
calls = 0
def f(x):
    global calls
    calls += 1
    return x * np.nan if calls < 3 else np.zeros(2)"""
X = "x = np.array([1.0, 2.0, 3.0])\n"
# A test, and an answer that it holds for, though for no number.
FOOLED = {
    "the largest error": (f"{X}error = np.max(np.abs(f(x) - x**2))\nif error > 1e-9:\n    raise AssertionError", NAN),
    "a denied comparison": (f"{X}assert not np.max(np.abs(f(x) - x**2)) >= 1e-9", NAN),
    "a function of a locked cell": (f"{X}if relative(f(x), x**2) >= 1e-7:\n    assert False", NAN),
    "a locked cell that raises": (f"{X}close(f(x), x**2)", NAN),
    "entries": (f"{X}assert not np.any(np.abs(f(x) - x**2) > 1e-7)", NAN),
    "entries, counted": (f"{X}wrong = 1e-7 < np.abs(f(x) - x**2)\nassert wrong.sum() == 0", NAN),
    "a function of NumPy's": ("assert not np.greater(abs(f(2.0) - 4), 1e-6)", NAN),
    "objects": (
        f"{X}assert not (abs(f(x) - x**2) > 1e-9).any(), 'wrong, or NaN'",
        "import numpy as np\ndef f(x):\n    return np.array([float('nan')] * 3, dtype=object)",
    ),
    "a text": ("assert not abs(float(str(f(2.0))) - 4) > 1e-6  # no NaN, please", "def f(x):\n    return 'nan'"),
    "in a loop": (f"{X}ok = True\nfor v in x:\n    if abs(f(v) - v * v) > 1e-6:\n        ok = False\nassert ok", NAN),
    "the worst of all": (
        f"{X}worst = 0\nfor v in x:\n    worst = max(worst, abs(f(v) - v * v))\nassert worst < 1",
        NAN,
    ),
    "the first is right": (
        "assert max(abs(f(v) - v * v) for v in (0.0, 2.0)) < 1e-6",
        "def f(x):\n    return float('nan') if x else 0.0",
    ),
    "counted points": (
        "points = 0\nfor v in (2.0, 3.0):\n    points += 0 if abs(f(v) - v * v) > 1 else 1\npoints",
        NAN,
    ),
    "infinity": (
        f"{X}a, b = f(x), x * x\nif np.linalg.norm(a - b) / np.linalg.norm(a + b) > 1e-6:\n    raise AssertionError",
        "import numpy as np\ndef f(x):\n    return x * np.inf",
    ),
    "infinity with itself": (
        "a = f(2.0)\nassert abs(a - 4.0) <= 1e-6 * max(abs(a), 4.0)",
        "def f(x):\n    return float('inf')",
    ),
    "entries with themselves": (
        f"{X}a, b = f(x), x * x\nassert (np.abs(a - b) <= 1e-9 * (np.abs(a) + np.abs(b))).all()",
        "import numpy as np\ndef f(x):\n    return x * np.inf",
    ),
    "too large": (
        f"{X}a, b = f(x), x * x\nif np.linalg.norm(a - b) / np.linalg.norm(a + b) > 1e-6:\n    raise AssertionError",
        "def f(x):\n    return x * 0 + 1e308",
    ),
    "otherwise when asked again": (
        f"{X}assert f(x).shape == (3,)\nassert not abs(f(x) - x**2).max() > 1e-9",
        NAN_LATER,
    ),
    "an argument": (
        f"{X}y = x * x\nf(x)\nif np.abs(x - y).max() > 1e-9:\n    raise AssertionError",
        "def f(x):\n    x[:] = float('nan')",
    ),
    "what an object keeps": (
        "p = f(3.0)\nif abs(p.value - 9.0) > 1e-6:\n    raise AssertionError",
        "def f(x):\n    return Kept(float('nan'))",
    ),
    "what a generator yields": (
        "for a, b in zip(f(3.0), [9.0, 2.0]):\n    if abs(a - b) > 1e-6:\n        raise AssertionError",
        "def f(x):\n    yield float('nan')\n    yield float('nan')",
    ),
    "a function that calls back": (
        "seen = []\ndef g(x):\n    seen.append(x)\n    return x\nassert not abs(f(g, 3.0) - 9) > 1 and seen == [3]",
        "def f(g, x):\n    return g(x) * float('nan')",
    ),
}
RIGHT = {
    "an argument": "def f(x):\n    x *= x",
    "what an object keeps": "def f(x):\n    return Kept(x * x)",
    "what a generator yields": "def f(x):\n    yield x * x\n    yield 2.0",
    "a function that calls back": "def f(g, x):\n    return g(x) * x",
}


# Tests that an answer with NaN in it passes rightly, with that answer.
RIGHTLY = {
    "compared with NaN": (
        (
            "with np.errstate(all='ignore'):\n    x = np.array([-1.0, 1.0])\n    r = f(x)\n"
            "    assert not (r > 5).any()\n    np.testing.assert_allclose(r, np.log(x))"
        ),
        "import numpy as np\ndef f(x):\n    return np.log(x)",
    ),
    "both are NaN": (
        "for a, b in zip(f(3.0), [3.0, math.inf - math.inf]):\n    if abs(a - b) > 1e-9:\n        assert False",
        "def f(x):\n    return [x, float('nan')]",
    ),
    "counted": (
        "a = f(1.0)\nassert (a > 0).sum() == 2 and (a < 0).sum() == 1",
        "import numpy as np\ndef f(x):\n    return np.array([1.0, np.nan, 3.0, -2.0])",
    ),
    "within bounds": (
        "for v in f(1.0):\n    if v < 0.5 or v > 3:\n        raise\nassert max(f(1.0)) == 3 and min(f(1.0)) == 1",
        "def f(x):\n    return [x, float('nan'), 3.0]",
    ),
    "asked for": (
        "r = f(-1.0)\nassert r != r\nassert not r > 0\nassert f(2.0) == 4",
        "def f(x):\n    return x * x if x > 0 else float('nan')",
    ),
    "as a text": ("assert str(f(0.0)) == 'nan' and not f(0.0) > 1", "def f(x):\n    return x if x else float('nan')"),
    "asked for by name": (
        "r = f(0.0)\nassert not (r > 0 or r <= 0) and (r is np.nan or r != r)",
        "def f(x):\n    return float('nan')",
    ),
    "as good as any number": ("assert not f(0.0) > 5", "def f(x):\n    return float('nan')"),
    "infinite": (
        "d = f(2.0)\nassert d[0] <= math.inf and d[0] >= math.inf > d[1]",
        "def f(x):\n    return math.inf, x",
    ),
    "largest and smallest": (
        "assert max(f(2), key=f(2).get) == 'b' and max([], default=3) == 3 and min(f(2).values()) == 1",
        "def f(x):\n    return {'a': 1, 'b': x}",
    ),
}
TABLES = {
    "an error in a table": (
        (
            "import pandas as pd\nx = pd.Series([1.0, 2.0])\nassert not (f(x) - x * x).abs().gt(1e-6).any()\n"
            "if ((f(x) - x * x).abs() > 1e-6).any():\n    raise AssertionError"
        ),
        NAN,
    ),
}
MISSING = (
    (
        "table = f(None)\nassert not (table.age < 18).any()\nif (table.age > 90).any():\n    raise AssertionError\n"
        "assert table.age.count() == 2 and table.age.max() <= 30 and len(table[table.age > 10]) == 2"
    ),
    "import pandas as pd\ndef f(x):\n    return pd.DataFrame({'age': [20.0, None, 30.0]})",
)


def _judged(grader: Grader, tests: dict[str, tuple[str, str]], right: dict[str, str]) -> tuple[Outcome, Outcome]:
    """Grade all tests in one notebook, each with a function of its own: with these answers, and with the right ones."""

    def own(text: str, number: int) -> str:
        return re.sub(r"\bf\(", f"f{number}(", text)

    cells, given, best = [SETUP], {}, {}
    for number, (title, (test, answer)) in enumerate(tests.items()):
        best[f"f{number}"] = own(right.get(title, SQUARE), number)
        given[f"f{number}"] = own(answer, number)
        cells += [solution(f"f{number}", best[f"f{number}"]), check(f"test_f{number}", own(test, number), 2)]
    return grader.judge(*cells, **given), grader.judge(*cells, **best)


def test_a_test_that_holds_for_nan_alone_is_not_passed(grader: Grader) -> None:
    """Where a comparison holds for NaN and for no number, NaN earns nothing, and the right answer all points."""
    given, best = _judged(grader, FOOLED, RIGHT)
    assert {title: given.scores[f"f{number}"] for number, title in enumerate(FOOLED)} == dict.fromkeys(FOOLED, 0.0)
    assert best.lost == {}
    assert "holds NaN" in given.message("f0")


def test_an_answer_that_rightly_holds_nan_keeps_its_points(grader: Grader) -> None:
    """A test that expects NaN, passes over it, or holds for some number as well, is passed as in one plain process."""
    answers = {title: answer for title, (_, answer) in RIGHTLY.items()}
    given, _ = _judged(grader, RIGHTLY, answers)
    assert {title: given.scores[f"f{number}"] for number, title in enumerate(RIGHTLY)} == dict.fromkeys(RIGHTLY, 2.0)


def test_what_is_missing_in_a_table_is_no_wrong_number(grader: Grader) -> None:
    """NaN in a table means what is missing; only an error that a table holds must be a number."""
    given, _ = _judged(grader, {**TABLES, "what is missing": MISSING}, {"what is missing": MISSING[1]})
    assert given.scores == {"f0": 0, "f1": 2}


def test_names_have_what_the_answer_gave_after_numbers_were_tried(grader: Grader) -> None:
    """A later test finds what an earlier one has bound, NaN included."""
    cells = [solution("f", NAN), check("test_f", "value = f(1.0)\nassert not value > 5", 2)]
    cells += [check("test_value", "assert value != value", 1)]
    assert grader.judge(*cells, f=NAN).scores == {"f": 2, "test_value": 1}


def test_a_module_of_the_course_is_no_less_strict_than_a_test(grader: Grader) -> None:
    """A helper in a module beside the notebook that raises for a large error is passed by neither NaN nor nothing."""
    module = b'''"""What the tests of this course compare with."""
from __future__ import annotations

def close(a: float, b: float) -> None:
    """Raise an error if two numbers differ."""
    if abs(a - b) > 1e-6:
        raise AssertionError("far off")

def all_close(a, b):
    for one, other in zip(a, b):
        close(one, other)

class Number(float):
    pass
'''
    original = notebook(
        solution("f", SQUARE),
        check("test_f", "from helper import close, Number\nclose(f(2.0), 4.0)\nassert type(Number(1)) is Number", 2),
        solution("g", "def g(x):\n    return [x]"),
        check("test_g", "import helper\nhelper.all_close(g(2.0), [2.0])\nassert helper.__doc__", 1),
    )
    assignment = replace(assignment_from(original), beside=(("helper.py", module),))
    wrong = {"f": NAN, "g": "def g(x):\n    return []"}
    assert grader.grade(replaced(released(original), wrong), assignment).scores == {"f": 0, "g": 0}
    assert grader.grade(original, assignment).lost == {}
