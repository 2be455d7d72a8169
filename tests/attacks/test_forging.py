"""Forging a score: whatever a student patches, replaces or pretends to be, the test compares with what it knows."""

import pytest
from arena import COURSE, Arena, corpus
from helpers.notebooks import check, code, hidden, locked, replaced, solution

ZERO = "def f(x):\n    return 0.0\n"
PATCHES, SPOILERS, PRETENDERS = corpus("patches"), corpus("spoilers"), corpus("pretenders")


@pytest.mark.parametrize("name", PATCHES)
def test_patching_its_own_side_forges_nothing(arena: Arena, name: str) -> None:
    """Whatever is patched in the student's process, the test's own functions judge."""
    arena.fails(PATCHES[name])


@pytest.mark.parametrize("name", SPOILERS)
def test_who_breaks_their_own_shell_gains_nothing(arena: Arena, name: str) -> None:
    """A cell that keeps the cells after it from running forges nothing, and costs what stands in those nothing."""
    arena.fails(SPOILERS[name])


@pytest.mark.parametrize("name", PRETENDERS)
def test_a_value_that_pretends_is_none_that_is_right(arena: Arena, name: str) -> None:
    """An object that says that it equals anything equals nothing that the test holds."""
    arena.fails(PRETENDERS[name])


COMPARISONS = {
    "equals": "import pandas as pd\nassert f(1).equals(pd.Series([1, 4]))",
    "issubset": "assert f(1).issubset({1, 4})",
    "issuperset": "assert f(1).issuperset({1, 4})",
    "startswith": "assert f(1).startswith('abc')",
    "all of a comparison": "assert (f(1) == [1, 4]).all()",
    "a difference": "assert abs(f(1) - 4) < 1e-9",
    "the other way round": "assert 4 == f(1)",
    "unequal": "assert not f(1) != 4",
    "membership": "assert f(1) in (4, 5)",
    "greater": "assert f(1) > 3",
    "array_equal": "import numpy as np\nassert np.array_equal(f(1), [1, 4])",
    "unittest": "import unittest\nunittest.TestCase().assertEqual(f(1), 4)",
    "assertAlmostEqual": "import unittest\nunittest.TestCase().assertAlmostEqual(f(1), 4)",
    "isinstance": "assert isinstance(f(1), float)",
    "type": "assert type(f(1)) is float",
    **{
        method: f"assert f(1).{method}([1, 4]).all()"
        for method in ("eq", "ne", "lt", "ge", "isin", "compare", "almost_equals", "symmetric_difference")
    },
}
LIAR = """
import numpy as np
class A:
    def __getattr__(self, name): return lambda *a, **k: np.True_
    def __bool__(self): return True
    __eq__ = __gt__ = __lt__ = __sub__ = __rsub__ = __ge__ = lambda self, other: self
    def __ne__(self, other): return False
    def __abs__(self): return 0
    __hash__ = object.__hash__
def f(x):
    return A()"""


@pytest.mark.parametrize("name", COMPARISONS)
def test_no_way_of_comparing_asks_the_student(arena: Arena, name: str) -> None:
    """However a test compares an answer with what it expects, the answer has no say in it."""
    outcome = arena.grader.judge(solution("f"), check("test_f", COMPARISONS[name], 2), f=LIAR)
    assert outcome.scores == {"f": 0}
    assert not outcome["f"].could_not_judge


def test_a_comparison_of_two_of_the_students_objects_is_theirs(arena: Arena) -> None:
    """A method of a student's class that compares two of its objects is called as any other."""
    text = "class P:\n    def __init__(self, x): self.x = x\n    def equals(self, other): return self.x == other.x"
    test = "assert P(1).equals(P(1)) and not P(1).equals(P(2))"
    assert arena.grader.judge(solution("P", text), check("test_P", test)).lost == {}


MODULES = ("no_such_module", "unittest.__main__", "numpy.f2py.__main__", "venv.__main__", "numpy.conftest", "../x")


@pytest.mark.parametrize("module", MODULES)
def test_a_module_in_a_functions_place_is_the_students_mistake(arena: Arena, module: str) -> None:
    """A name bound to a module of any name runs no program here, and puts no blame on the test."""
    arena.fails(f"import types\nf = types.ModuleType({module!r})")
    arena.fails(f"import types\nf = lambda x: types.ModuleType({module!r})")


def test_partial_points_are_computed_on_the_graders_side(arena: Arena) -> None:
    """A test whose last expression is its score takes no number from a student's object."""
    test = "score = 0\nif f(2) == 4:\n    score += 1\nif f(3) == 9:\n    score += f(0) * 0 + 1\nscore"
    cells = (solution("f"), check("test_f", test, 2))
    liar = "class A(int):\n    def __eq__(self, o): return True\nscore = 2\ndef f(x):\n    return A(2)"
    assert arena.grader.judge(*cells, f=liar).scores == {"f": 0}
    assert arena.grader.judge(*cells, f="def f(x):\n    return x * x").scores == {"f": 2}


def test_a_score_that_the_student_returns_is_bound_to_the_points(arena: Arena) -> None:
    """A test that adds up what a student returns gives no more than the cell is worth, and no less than 0."""
    test = "assert f(2)\nf(3)"
    for value in ("10**9", "float('inf')", "-5", "1e308", "2**4000"):
        outcome = arena.grader.judge(solution("f"), check("test_f", test, 2), f=f"def f(x):\n    return {value}")
        assert 0 <= outcome.scores["f"] <= 2


NUMPY_SCORES = {
    "np.sum([f(1) == 1, f(2) == 4, f(3) == 9])": 1.0,
    "np.float32(f(2) == 4)": 0.0,
    "np.array(2 * (f(1) == 1))": 2.0,
    "np.array([0])": 0.0,
    "np.bool_(False)": 3.0,
}


@pytest.mark.parametrize("score", NUMPY_SCORES)
def test_a_score_that_numpy_counted_is_a_score(arena: Arena, score: str) -> None:
    """NumPy's numbers at the end of a test are points as Python's are; a wrong answer does not earn all of them."""
    outcome = arena.grader.judge(
        solution("f"), check("test_f", f"import numpy as np\n{score}", 3), f="def f(x):\n    return 1"
    )
    assert outcome.scores == {"f": NUMPY_SCORES[score]}


FAKE = "class Fake:\n    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return True\n"
# The instructor's setup, and what the test does with the tool in it.
TOOLS = {
    "a lambda": ("tool = lambda a, b: abs(a - b) < 1e-9", "assert tool(f(3), 9)"),
    "another name": ("import numpy as np\ntool = np.allclose", "assert tool(f(3), 9)"),
    "a partial": ("import functools, operator\ntool = functools.partial(operator.eq, 9)", "assert tool(f(3))"),
    "unittest": ("import unittest\ntool = unittest.TestCase()", "tool.assertEqual(f(3), 9)"),
    "a method": ("import unittest\ncase = unittest.TestCase()\ntool = case.assertEqual", "tool(f(3), 9)"),
    "an import or else": (
        "try:\n    from nose.tools import eq_ as tool\nexcept ImportError:\n    def tool(a, b): assert a == b",
        "tool(f(3), 9)",
    ),
    "an object": (
        "class Checker:\n    def equal(self, a, b): assert a == b\ntool = Checker()",
        "tool.equal(f(3), 9)",
    ),
}
LOCKED_TOOLS = {"a table": ("tool = {'f': lambda x: x * x}", "assert f(3) == tool['f'](3)")}


@pytest.mark.parametrize("name", [*TOOLS, *LOCKED_TOOLS])
def test_a_tool_of_the_tests_is_not_the_students_to_replace(arena: Arena, name: str) -> None:
    """What an instructor's cell makes for comparing is the grader's, in a locked cell or not, however it is made."""
    setup, test = (TOOLS | LOCKED_TOOLS)[name]
    fake = f"{FAKE}tool = {{'f': lambda x: 0}}" if name == "a table" else f"{FAKE}tool = Fake()"
    for cell in (locked("setup", setup), *([code(setup)] if name in TOOLS else [])):
        cells = (cell, solution("f"), check("test_f", test))
        assert arena.grader.judge(*cells, f=f"{fake}\ndef f(x):\n    return 0").scores == {"f": 0}
        assert arena.grader.judge(*cells, f="def f(x):\n    return x * x").lost == {}


def test_data_of_the_instructors_is_still_the_last_writers(arena: Arena) -> None:
    """Plain data, also what was read off a module, and an object that students are asked for, are theirs to bind."""
    setup = "import datetime, math\nn, table, pi = 3, [1], math.pi\nday = datetime.date(2020, 1, 1)\npie = math.pi"
    test = "assert n == 5 and table == [7] and pie == 3 and day.year == 2021"
    text = "import datetime\nn, table, pie = 5, [7], 3\nday = datetime.date(2021, 1, 1)"
    for cell in (code(setup), locked("setup", setup)):
        cells = (cell, solution("day", "day = None"), check("test_day", test))
        assert arena.grader.judge(*cells, day=text).lost == {}


def test_a_cell_that_ends_the_shell_forges_nothing(arena: Arena) -> None:
    """A cell that replaces the shell's own way to run cells changes what runs on the student's side only."""
    text = "get_ipython().run_cell = get_ipython().run_line_magic = lambda *a, **k: None\n"
    arena.fails_as(replaced(COURSE, {"f": text + ZERO, "after": "pass"}), {"before": 1.0, "f": 0.0, "after": 0.0})


def test_a_hidden_assertion_alone_decides(arena: Arena) -> None:
    """Right answers to the visible half, learnt by heart, earn nothing."""
    arena.fails("import numpy as np\ndef f(x):\n    return np.array([9.0])")
    test = "assert f(2) == 4\n" + hidden("assert f(31) == 961")
    outcome = arena.grader.judge(solution("f"), check("test_f", test), f="def f(x):\n    return {2: 4}[x]")
    assert outcome.scores == {"f": 0}
