"""Matplotlib on the student's side, where a notebook imports it and nothing that is graded draws."""

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, locked, notebook, solution

from autograder.notebook.plan import Plan, PlanCell, Side
from autograder.sandbox.packages import FIGURE_MODULES, modules_for

# Spelled so that no text says that something draws.
LOADED = "'mat' 'plotlib' in __import__('sys').modules"
FIRST = "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport matplotlib"


def _lost(grader: Grader, answer: str, test: str, first: str = FIRST) -> dict[str, float]:
    given = notebook(locked("first", first), solution("f", answer), check("test_f", test))
    return grader.judge(*given["cells"]).lost


def test_an_import_alone_loads_nothing(grader: Grader) -> None:
    """Imports and the magic for figures are run as ever, and take no time."""
    assert _lost(grader, f"def f(): return {LOADED}", "assert f() is False") == {}


def test_what_is_used_all_the_same_is_there(grader: Grader) -> None:
    """A name that text alone does not show to be used is the module itself, and draws into the same figures."""
    answer = f"""def f():
    module = globals()["p" "lt"]
    module.figure()
    lines = module.plot([1, 2])
    return {LOADED} and len(lines) == 1 and module.gca().lines[0] is lines[0]"""
    assert _lost(grader, answer, "assert f() is True") == {}


def test_a_cell_that_draws_finds_it_loaded(grader: Grader) -> None:
    """Where a cell draws, the process had it before it read the first cell."""
    answer = f"import matplotlib.pyplot as plt\ndef f():\n    plt.plot([1, 2])\nLOADED = {LOADED}"
    assert _lost(grader, answer, "f()\nassert LOADED is True", "loaded = " + LOADED + "\nassert loaded") == {}


def test_an_import_that_is_not_reached_is_as_harmless(grader: Grader) -> None:
    """A cell whose first statement fails says so, and what follows still runs."""
    assert _lost(grader, "def f(): return 1", "assert f() == 1", "raise ValueError\nimport matplotlib") == {}


@pytest.mark.parametrize(
    ("side", "text", "expected"),
    [
        (Side.STUDENT, "import matplotlib.pyplot as plt", False),
        (Side.STUDENT, "def f(): plt.plot([1])", True),
        (Side.INSTRUCTOR, "plt.rcParams['figure.dpi'] = 50", True),
        (Side.TEST, "assert plt.gca().lines", True),
        (Side.NOWHERE, "plt.plot([1])", False),
    ],
)
def test_what_runs_decides(side: Side, text: str, expected: bool) -> None:
    """A cell of either side that draws has it loaded; a demonstration that is left out has not."""
    plan = Plan((PlanCell(side, text),), "00")
    assert plan.draws is expected
    assert (set(FIGURE_MODULES) <= set(modules_for(plan.sources, draws=plan.draws))) is expected
