"""What can't be done across the boundary is refused with its reason, named by `compat` beforehand, and never a pass."""

from pathlib import Path

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, hidden, notebook, solution, written

from autograder.compat.findings import CellReport, Fate
from autograder.compat.scan import scan
from autograder.notebook.settings import Settings

F = """
def f(x):
    return x + 1
class P:
    def __init__(self, x):
        self.x = x
    def __eq__(self, other):
        return True
class numbers:
    async def __aenter__(self):
        return 1
    async def __aexit__(self, *error):
        pass
    async def __aiter__(self):
        yield 1
class N(typing.NamedTuple):
    x: int
    y: int
"""
OTHER = "import typing\nimport sqlite3 as base"
CANNOT = {
    "shell": ("!ls\nassert f(1) == 2", "!ls"),
    "a shell's output": ("files = !ls\nassert f(1) == 2", "files = !ls"),
    "another magic": ("%%bash\nexit 1", "%%bash"),
    "history": ("exec(In[-2])", "history"),
    "a text that is run": ("assert eval('f(' + str(f(0)) + ')') == 2", "eval()"),
    "a text made of an answer": ("for n in (f(0), 1):\n    assert eval(f'f({n})') == 2", "eval()"),
    "a text that a function takes": ("def run(text):\n    return eval(text)\nassert run(str(f(98))) > 0", "eval()"),
    "a timed text": ("import timeit\nassert timeit.timeit('f(1)', globals=globals()) < 9", "timeit"),
    "a pickle": ("import pickle\nassert pickle.load(open('f.pkl', 'rb')) == 2", "pickle"),
    "a framework": ("import torch\nassert f(torch.ones(1)) == 2", "torch"),
    "a trace": ("import sys\nsys.settrace(lambda *a: None)\nassert f(1) == 2", "settrace"),
    "a hidden class derived": (hidden("class Q(P):\n    pass\nassert Q(1).x == 1"), "derives a class"),
    "a class derived that asserts": (
        "class Q(P):\n    def look(self):\n        assert self.x == 1\nQ(1).look()",
        "derives a class",
    ),
    "a class derived that knows what is due": (
        "class Q(P):\n    def is_right(self):\n        return abs(self.x - 1) < 1e-9\nassert Q(1).is_right()",
        "derives a class",
    ),
    "a class derived in a function": (
        "def made():\n    class Q(P):\n        pass\n    return Q(1)\nassert made().x == 1",
        "derives a class",
    ),
    "a hidden class decorated": (hidden("@f\nclass Q:\n    pass\nassert Q"), "makes a class with the student's f"),
    "a hidden object passed": (
        hidden("class Q:\n    pass\nassert f(Q()) is not None"),
        "an object of a class of its own",
    ),
    "an object of a class that counts": (
        "class Q:\n    n = 0\n    def __add__(self, _):\n        Q.n += 1\n        return Q.n\nassert f(Q()) == Q.n",
        "an object of a class of its own",
    ),
    "an object that works with what a hidden part changes": (
        "seen = []\nclass Q:\n    def __add__(self, other):\n        seen.append(1)\n        return 1\n"
        + hidden("seen.clear()")
        + "\nassert f(Q()) == 1 and seen == [1]",
        "an object of a class of its own",
    ),
    "compared with data": ("assert P(3) == 3", "compares an object"),
    "an asynchronous loop": ("async for n in numbers():\n    assert n == 1", "asynchronously"),
    "an asynchronous block": ("async with numbers() as n:\n    assert n == 1", "asynchronously"),
    "log records": ("from unittest import TestCase\nwith TestCase().assertLogs():\n    f(1)", "log records"),
    "a patched class": (
        "from unittest.mock import patch\nwith patch('datetime.datetime'):\n    assert f(1) == 2",
        "replaces datetime",
    ),
    "a patched number": (
        "from unittest.mock import patch\nwith patch('math.pi', 3):\n    assert f(1) == 2",
        "replaces math.pi by a value",
    ),
    "the environment": (
        "import os\nfrom unittest.mock import patch\nwith patch.dict(os.environ, A='1'):\n    assert f(1) == 2",
        "environment variables",
    ),
    "arithmetic on what came back": ("assert ((P(1) + P(2)) * 2).x == 6", "reckons with plain data"),
    "the environment itself": ("import os\nos.environ['A'] = '1'\nassert f(1) == 2", "environment variables"),
    "what caused an error": (
        "try:\n    f('')\nexcept TypeError as error:\n    assert error.__cause__ is None",
        "an exception's __cause__",
    ),
    "a framework of another cell": ("assert f(base.connect(':memory:')) == 2", "uses sqlite3"),
    "a mock": (
        "from unittest.mock import Mock\nm = Mock()\nf(m)\nm.send.assert_called_once_with(1)",
        "passes a mock",
    ),
    "memory that is shared": (
        "import numpy as np\nassert not np.shares_memory(f(np.ones(2)), f(np.ones(2)))",
        "memory",
    ),
    "a cell that is run": ("assert get_ipython().run_cell('f(1)').result == 2", "asks the shell for run_cell"),
    "an error that is expected": (
        hidden("class Q:\n    pass\ntry:\n    f(Q())\nexcept TypeError:\n    pass"),
        "an object of a class of its own",
    ),
    "a module that is missing": ("import no_such_module_here\nassert f(1) == 2", "not installed"),
}
REFUSED_AT_RUN_TIME = set(CANNOT) - {
    *("a mock", "compared with data", "a trace", "a timed text", "a pickle", "log records", "the environment"),
    *("a hidden class decorated", "the environment itself", "what caused an error", "a framework of another cell"),
    "arithmetic on what came back",
}
FINE = {
    "a call": "assert f(1) == 2",
    "a constant text": "assert eval('f(1)') == 2",
    "an attribute": "assert P(3).x == 3",
    "a method of the name of one that looks at frames": (
        "import pandas as pd\nassert pd.DataFrame([[f(1)]]).stack().sum() == 2"
    ),
    "a text of its own in a name": "for text, due in (('f(1)', 2), ('f(2)', 3)):\n    assert eval(text) == due",
    "a text of its own in a dict": "due = {'f(1)': 2}\nfor text, n in due.items():\n    assert eval(text) == n",
    "code of a text of its own": "code = compile('f(1)', '', 'eval')\nassert eval(code) == 2",
    "a text of several lines": "exec('y = f(1)\\nz = y')\nassert z == 2",
    "two objects": "assert P(3) == P(3)",
    "a patched function": "from unittest.mock import patch\nwith patch('random.random'):\n    assert f(1) == 2",
    "arithmetic": "assert (P(1) + P(2)).x == 3 and f(1) + 1 == 3",
    "a mock that is called": (
        "from unittest.mock import Mock\nm = Mock(return_value=2)\nf(m)\nm.assert_called_once_with(1)"
    ),
    "fields with names": "pair = N(1, 2)\nassert pair == (1, 2)",
    "an object passed": "class Q:\n    def __add__(self, other):\n        return 2\nassert f(Q()) == 2",
    "a helper class": "class Q:\n    pass\nassert f(1) == 2 and Q()",
}


def _found(folder: Path, test: str) -> CellReport:
    written(notebook(code(OTHER), solution("f", F), check("test_f", test)), folder / "source" / "one" / "one.ipynb")
    (cell,) = scan(folder, "one", Settings(folder)).cells
    return cell


@pytest.mark.parametrize("name", CANNOT)
def test_compat_says_why(tmp_path: Path, name: str) -> None:
    """A cell that can't run trusted is found by its text, with the reason and something to do."""
    test, reason = CANNOT[name]
    cell = _found(tmp_path, test)
    assert cell.fate is Fate.CANNOT
    stops = [one for one in cell.findings if one.stops]
    assert any(reason in one.what for one in stops), stops
    assert all(one.advice for one in stops)


@pytest.mark.parametrize("name", FINE)
def test_compat_leaves_others_alone(tmp_path: Path, name: str) -> None:
    """A cell that runs trusted is called so."""
    assert _found(tmp_path, FINE[name]).fate is Fate.TRUSTED


@pytest.mark.parametrize("name", [name for name in FINE if "text" in name or "method" in name])
def test_what_compat_calls_trusted_is_judged(grader: Grader, name: str) -> None:
    """Such a cell gives its points for a right answer."""
    outcome = grader.judge(code(OTHER), solution("f", F), check("test_f", FINE[name]), f=F)
    assert outcome.scores == {"f": 1}, outcome.message("f")


def test_a_text_that_is_timed_a_few_times_is_judged(grader: Grader, tmp_path: Path) -> None:
    """A test that says how often its own text is timed gets a note, that calls take longer, and its points."""
    test = "import timeit\nassert timeit.timeit('f(1)', globals=globals(), number=3) < 9"
    assert _found(tmp_path, test).fate is Fate.WITH_A_NOTE
    outcome = grader.judge(code(OTHER), solution("f", F), check("test_f", test), f=F)
    assert outcome.scores == {"f": 1}, outcome.message("f")


def test_compat_and_the_report_tell_which_class_of_a_test_lives_on_the_students_side(
    grader: Grader, tmp_path: Path
) -> None:
    """A class that a test's visible part derives from a student's runs there, which is said before and after."""
    test = "class Q(P):\n    pass\nassert Q(3).x == 3"
    cell = _found(tmp_path, test)
    assert cell.fate is Fate.WITH_A_NOTE
    assert "derives a class from the student's P, which lives on their side" in cell.findings[0].what
    outcome = grader.judge(code(OTHER), solution("f", F), check("test_f", test), f=F)
    assert outcome.scores == {"f": 1}
    assert "classes of the test on the student's side: Q" in str(outcome.graded.explained)


@pytest.mark.parametrize("name", sorted(REFUSED_AT_RUN_TIME))
def test_what_cannot_cross_is_not_blamed_on_the_student(grader: Grader, name: str) -> None:
    """Run all the same, such a cell gives no points, and says that the test could not judge."""
    outcome = grader.judge(code(OTHER), solution("f", F), check("test_f", CANNOT[name][0]), f=F)
    assert outcome.scores == {"f": 0}
    assert outcome["f"].could_not_judge, outcome.message("f")


@pytest.mark.parametrize("later", ["y = table", "y = lambda table: table + 1"])
def test_a_name_of_a_hidden_part_that_students_need_is_named(tmp_path: Path, later: str) -> None:
    """A name that only a hidden part defines and a later student's cell uses, not as its own, is told beforehand."""
    cells = (
        solution("f", F), check("test_f", "assert f(1) == 2\n" + hidden("table = 5")), solution("later", later),
    )  # fmt: skip
    written(notebook(*cells), tmp_path / "source" / "one" / "one.ipynb")
    (cell,) = scan(tmp_path, "one", Settings(tmp_path)).cells
    assert cell.fate is (Fate.TRUSTED if "lambda" in later else Fate.CANNOT)
    assert ("its hidden part defines table" in str(cell.findings)) == ("lambda" not in later)


def test_a_class_that_works_with_what_only_a_hidden_part_imports_is_named(tmp_path: Path) -> None:
    """A class of a visible part whose making or methods need an earlier hidden part's names is told beforehand."""
    before = hidden("from dataclasses import dataclass\nimport math\nassert f(1) == 2")
    tests = (
        "@dataclass\nclass Q:\n    x: int\nassert f(Q(1))",
        "class Q(P):\n    x = math.pi\nassert Q(1).x",
        "class Q:\n    def __add__(self, other):\n        return math.floor(other)\nassert f(Q()) == 1",
        "import math\nclass Q:\n    def __add__(self, other):\n        return math.floor(other)\nassert f(Q()) == 1",
    )
    cells = solution("f", F), check("test_0", before), *(check(f"test_{n}", one) for n, one in enumerate(tests, 1))
    written(notebook(code("import typing"), *cells), tmp_path / "source" / "one" / "one.ipynb")
    fates = [cell.fate for cell in scan(tmp_path, "one", Settings(tmp_path)).cells]
    assert fates == [Fate.TRUSTED, Fate.CANNOT, Fate.CANNOT, Fate.CANNOT, Fate.TRUSTED]


def test_a_part_of_an_array_that_is_changed_is_told(tmp_path: Path) -> None:
    """Of a function that gives a part of its argument, a test that changes the part and looks at the whole is told."""
    test = "import numpy as np\nimage = np.zeros((2, 2))\nrow = f(image)\nrow[:] = 7\nassert image.sum() == 14"
    cell = _found(tmp_path, test)
    assert cell.fate is Fate.WITH_A_NOTE
    assert "a part of an array is a copy here" in cell.findings[0].what
    assert _found(tmp_path, test.replace("row[:] = 7\n", "")).fate is Fate.TRUSTED


COUNTED = """
class Shape:
    made, named = 0, []
    def __init__(self):
        Shape.made += 1
"""


def test_what_only_students_change_of_a_class_and_what_they_cannot_import_is_named(tmp_path: Path) -> None:
    """A look at what only students' code changes of an instructor's class, and a package they can't have, are told."""
    cells = (
        code(COUNTED + "import alembic"), solution("Square", "class Square(Shape):\n    Shape.named.append(1)"),
        check("test_named", "assert Shape.named == [1]"), check("test_made", "Square()\nassert Shape.made == 1"),
    )  # fmt: skip
    written(notebook(*cells), tmp_path / "source" / "one" / "one.ipynb")
    named, made = (str(cell.findings) for cell in scan(tmp_path, "one", Settings(tmp_path)).cells)
    assert "looks at Shape.named" in named
    assert "Shape.made" not in made
    assert "imports alembic, which students' code can't have" in made
