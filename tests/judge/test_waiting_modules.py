"""Matplotlib is imported in the judge when something uses it, and then it is Matplotlib, whoever imported it how."""

import subprocess
import sys

import pytest
from helpers.grading import Grader, assignment_from
from helpers.notebooks import check, locked, notebook, released, replaced, solution

from autograder.notebook.plotting import draws

START = """
import ast, sys
from autograder.callloop import waiting_modules
waiting_modules.share_with_forks()
waiting_modules.leave_for_later()
names = {}
for text in ('import matplotlib.pyplot as plt', 'import matplotlib as mpl, matplotlib.pyplot', 'import matplotlib'):
    assert waiting_modules.bind(ast.parse(text).body[0], names)
globals().update(names)
assert 'matplotlib' not in sys.modules, 'loaded by an import alone'
"""
USES = [
    "assert plt.subplots is sys.modules['matplotlib.pyplot'].subplots",
    "assert mpl.rcParams is sys.modules['matplotlib'].rcParams and matplotlib.pyplot.subplots is plt.subplots",
    "from matplotlib import cm\nassert cm is sys.modules['matplotlib.cm'] and mpl.cm is cm",
    "import matplotlib.colors\nassert matplotlib.colors.to_hex('red') == '#ff0000'",
    "from matplotlib.figure import Figure\nassert isinstance(plt.figure(), Figure)",
    "from matplotlib.pyplot import subplots\nassert subplots is plt.subplots",
    "plt.mine = 3\nfrom matplotlib import pyplot\nassert pyplot.mine == 3",
    "assert 'subplots' in dir(plt) and mpl.__version__[0].isdigit() and plt.__file__.endswith('pyplot.py')",
    "assert mpl.container.ErrorbarContainer",
    "import pylab\nassert pylab.subplots is plt.subplots",
]


def _run(text: str) -> str:
    command = [sys.executable, "-c", START + text]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("text", USES)
def test_what_is_used_is_the_module_itself(text: str) -> None:
    """A name that was bound before, and every way to import more, give Matplotlib's own objects."""
    assert _run(text) == ""


@pytest.mark.parametrize(
    "text", ["import numpy", "import numpy as np, matplotlib", "from matplotlib import cm", "x = 1"]
)
def test_other_statements_are_run(text: str) -> None:
    """What imports anything else, or a part by `from`, is run as it stands."""
    assert _run(f"assert not waiting_modules.bind(ast.parse({text!r}).body[0], names)") == ""


def test_what_is_loaded_is_not_waited_for() -> None:
    """Once it is loaded, a cell's import is run as it stands."""
    assert _run("mpl.rcParams\nassert not waiting_modules.bind(ast.parse('import matplotlib').body[0], names)") == ""


def test_a_copy_or_a_name_asked_of_every_object_loads_nothing() -> None:
    """What asks an object for special names that modules have none of leaves it waiting."""
    text = "for name in ('__wrapped__', '__array__', '__len__'): assert not hasattr(plt, name)"
    assert _run(f"{text}\nassert 'matplotlib' not in sys.modules") == ""


def test_a_missing_name_is_missing() -> None:
    """An attribute that Matplotlib has not is an AttributeError that says so."""
    assert "has no attribute 'no_such_thing'" in _run("plt.no_such_thing")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline", False),
        ("import matplotlib\nimport matplotlib.pyplot as figures", False),
        ("", False),
        ("import matplotlib.pyplot as plt\nplt.rcParams['figure.dpi'] = 50", True),
        ("import matplotlib.pyplot as figures\ndef f():\n    return figures.gca()", True),
        ("import matplotlib\nassert isinstance(fig, matplotlib.figure.Figure)", True),
        ("from matplotlib import pyplot", True),
        ("import numpy as np, matplotlib.pyplot as plt", True),
        ("assert plt.gcf()", True),
    ],
)
def test_drawing_is_told_from_importing(text: str, expected: bool) -> None:
    """Cells that mention what they import of it draw; an import alone, or the magic for figures, is no drawing."""
    assert draws(text) is expected


def test_a_test_may_draw_all_the_same(grader: Grader) -> None:
    """A test gets the student's figures and the library's settings where the first cell only imported both."""
    first = locked("first", "import matplotlib.pyplot as plt\nimport matplotlib")
    test = "draw()\nassert plt.gca().lines\nassert matplotlib.rcParams['lines.linewidth'] > 0"
    given = notebook(first, solution("draw", "def draw():\n    plt.plot([1, 2])"), check("test_draw", test))
    assert grader.grade(given, assignment_from(given)).lost == {}
    undrawn = replaced(released(given), {"draw": "def draw():\n    plt.figure()"})
    assert grader.grade(undrawn, assignment_from(given)).lost == {"draw": 1.0}


def test_a_students_figure_is_of_its_class_where_nothing_is_loaded_yet() -> None:
    """The class of what a student's function returns is found, by a test that names it nowhere."""
    text = "from autograder.judge.classes import class_named\nassert class_named('matplotlib.figure', 'Figure')"
    assert _run(text) == ""


def test_what_one_judge_used_the_next_one_has() -> None:
    """A fork that uses it leaves word, and the server then imports it for those that come later; else it waits on."""
    text = """
import os
waiting_modules.load_if_used()
assert 'matplotlib' not in sys.modules
if os.fork() == 0:
    plt.rcParams
    os._exit(0)
os.wait()
assert 'matplotlib' not in sys.modules
waiting_modules.load_if_used()
assert 'matplotlib.figure' in sys.modules and plt.subplots
"""
    assert _run(text) == ""
