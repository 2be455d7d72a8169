"""IPython works in student cells: magics, await, display, rich output, figures; shell and input say why they don't."""

from typing import Any

import pytest
from helpers.grading import Grader
from helpers.notebooks import check, code, solution


def _ran(grader: Grader, text: str) -> list[dict[str, Any]]:
    """Run one cell and return its outputs."""
    return grader.run(text).outputs(0)


def _errors(outputs: list[dict[str, Any]]) -> str:
    return "\n".join(f"{output['ename']}: {output['evalue']}" for output in outputs if output["output_type"] == "error")


WORKING = [
    "%matplotlib inline\n1 + 1",
    "%%time\nx = sum(range(10))",
    "%timeit -n1 -r1 sum(range(10))",
    "%time x = 3",
    "%config InlineBackend.figure_format = 'retina'",
    "%load_ext autoreload\n%autoreload 2",
    "%who\n%whos",
    "%%capture out\nprint('x')",
    "%precision 3\n3.14159",
    "x = 3\nx?",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "import asyncio\nawait asyncio.sleep(0)",
    "import asyncio\nasync def f():\n    return 3\nawait asyncio.gather(f(), f())",
    "async with __import__('contextlib').AsyncExitStack():\n    pass",
    "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<b>x</b>'), Markdown('*x*'))",
    "display(3, [1, 2])",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]}).describe()",
    "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]);\nplt.savefig('figure.png')",
    "import matplotlib\nmatplotlib.rcParams['figure.dpi'] = 50",
    "import scipy.optimize\nscipy.optimize.minimize(lambda x: x ** 2, 1.0).success",
    "In, Out, _, __name__, get_ipython()",
    "from __future__ import annotations\nx: int = 3",
    "import logging\nlogging.basicConfig()\nlogging.getLogger('x').warning('y')",
    "import sys\nsys.stdout.write('x')\nsys.stdout.flush()\nprint('y', file=sys.stderr, flush=True)",
    "open('notes.txt', 'w').write('x')\nopen('notes.txt').read()",
    "import tempfile\ntempfile.NamedTemporaryFile().write(b'x')",
    "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(2).map(abs, [-1, -2]))",
    "import random, time\nrandom.random(), time.time()",
    "def f(x):\n    return x\nimport inspect\ninspect.getsource(f)",
    "help(len)",
    "print('ünïcödé', '\\U0001f600')\nπ = 3.14\nπ",
]


@pytest.mark.parametrize("text", ["%timeit sum(range(9))", "%%timeit -r1 x = 9\nsum(range(x))"])
def test_timing_takes_no_time(grader: Grader, text: str) -> None:
    """What is timed without a number of loops runs once, as the cells of a notebook share one limit on time."""
    shown = _ran(grader, text)
    assert _errors(shown) == ""
    assert "1 run, 1 loop each" in shown[0]["text"]


@pytest.mark.parametrize("text", WORKING)
def test_what_notebooks_usually_do_works(grader: Grader, text: str) -> None:
    """A usual cell runs without an error."""
    assert _errors(_ran(grader, text)) == ""


def test_the_last_expressions_value_is_shown(grader: Grader) -> None:
    """The last expression's value is the cell's result, None and a semicolon show nothing."""
    outcome = grader.run("print('a')\n[1, 2]", "3;", "None", "x = 4")
    assert outcome.outputs(0) == [
        {"output_type": "stream", "name": "stdout", "text": "a\n"},
        {"output_type": "execute_result", "data": {"text/plain": "[1, 2]"}, "metadata": {}, "execution_count": None},
    ]
    assert [outcome.outputs(place) for place in (1, 2, 3)] == [[], [], []]


def test_rich_output_keeps_its_forms(grader: Grader) -> None:
    """A value with an HTML form is kept as HTML and as text."""
    (shown,) = _ran(grader, "import pandas as pd\npd.DataFrame({'a': [1]})")
    assert {"text/plain", "text/html"} <= set(shown["data"])
    (shown,) = _ran(grader, "from IPython.display import HTML\ndisplay(HTML('<b>x</b>'))")
    assert shown["output_type"] == "display_data"
    assert shown["data"]["text/html"] == "<b>x</b>"


def test_printed_text_and_errors_are_kept_in_order(grader: Grader) -> None:
    """Standard output, standard error and a traceback are kept in the order they came."""
    outputs = _ran(grader, "import sys\nprint('a')\nprint('b', file=sys.stderr)\nprint('c')\n1 / 0")
    assert [output.get("name", output.get("ename")) for output in outputs] == [
        "stdout",
        "stderr",
        "stdout",
        "ZeroDivisionError",
    ]


def test_a_traceback_shows_the_students_lines_only(grader: Grader) -> None:
    """A traceback names the student's function, and no file of the grader."""
    (output,) = _ran(grader, "def mine():\n    return 1 / 0\nmine()")
    shown = "\n".join(output["traceback"])
    assert "mine" in shown
    assert "callloop" not in shown
    assert "/packages/" not in shown


NO_SHELL, NO_INPUT = "shell commands are not available", "is not available while a notebook is graded"
REFUSED = {"%%bash\nls": NO_SHELL, "input('name?')": NO_INPUT}
COMMANDS = ("!ls", "x = !ls", "%sx ls", "!pip install numpy", "%pip install numpy", "%system ls", "!!ls")


@pytest.mark.parametrize("text", REFUSED)
def test_shell_and_input_fail_with_a_reason(grader: Grader, text: str) -> None:
    """A shell escape or a question to the student fails with a message that says why."""
    assert REFUSED[text] in _errors(_ran(grader, text))


@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_in_a_cell_fails_with_a_reason_and_the_cell_goes_on(grader: Grader, text: str) -> None:
    """A shell command is told to be unavailable, as one that fails is in a kernel; what stands below it counts."""
    (told, *_) = _ran(grader, text)
    assert NO_SHELL in told["text"]
    assert told["name"] == "stderr"
    cells = solution("f", f"{text}\ndef f(x):\n    return x"), check("test_f", "assert f(1) == 1")
    assert grader.judge(*cells).lost == {}


@pytest.mark.parametrize(
    "text", ["import subprocess\nsubprocess.run(['ls'])", "__import__('getpass').getpass()", "import os\nos.fork()"]
)
def test_other_ways_to_a_program_or_a_person_fail(grader: Grader, text: str) -> None:
    """A new program, a new process or a password prompt is an error in the cell and does not hang."""
    assert _errors(_ran(grader, text))


def test_names_of_a_refused_cell_count(grader: Grader) -> None:
    """A function that is defined before a shell escape in the same cell counts."""
    cells = (solution("f", "def f(x):\n    return x\n!pip install x"), check("test_f", "assert f(1) == 1"))
    assert grader.judge(*cells).lost == {}


def test_magics_beside_a_function_cost_nothing(grader: Grader) -> None:
    """Magics, display and await around a function leave its answer as it is."""
    text = "%matplotlib inline\nimport asyncio\ndef f(x):\n    display(x)\n    return x\nawait asyncio.sleep(0)\nf(3)"
    assert grader.judge(solution("f", text), check("test_f", "%matplotlib inline\nassert f(1) == 1")).lost == {}


def test_figures_are_kept_as_text(grader: Grader) -> None:
    """A figure draws without a screen, and what is kept of it is small."""
    outputs = _ran(grader, "import matplotlib.pyplot as plt\nplt.plot(range(1000))\nplt.show()\nfig = plt.gcf()\nfig")
    assert _errors(outputs) == ""
    assert len(str(outputs)) < 10_000


def test_a_figure_of_a_tests_is_not_the_next_cells(grader: Grader) -> None:
    """What a test's calls leave open ends with the test, and is shown in no cell that follows."""
    draw = "import matplotlib.pyplot as plt\ndef draw():\n    plt.plot([1, 2])"
    after = solution("after", "print(len(plt.get_fignums()))")
    outcome = grader.judge(solution("draw", draw), check("test_draw", "draw()\nassert plt.get_fignums() == [1]"), after)
    assert outcome.lost == {}
    assert outcome.printed(2) == "0\n"
    assert "Figure" not in str(outcome.outputs(2))


def test_a_figure_of_a_tests_is_not_the_next_tests(grader: Grader) -> None:
    """Each test finds no figure open, as in a notebook, where the end of every cell closes them."""
    draw = "import matplotlib.pyplot as plt\ndef draw():\n    plt.figure()"
    tests = [check(f"test_{name}", "draw()\nassert len(plt.get_fignums()) == 1") for name in "ab"]
    assert grader.judge(solution("draw", draw), *tests).lost == {}


def test_a_figure_that_a_cell_draws_for_a_person_is_a_picture(grader: Grader) -> None:
    """Where an assignment has answers that a person reads, a figure is drawn in the cell's outputs."""
    answer = code("plt.plot([1, 2])", {"grade_id": "a", "grade": True, "solution": True, "locked": False, "points": 1})
    outcome = grader.judge(solution("b", "import matplotlib.pyplot as plt"), answer)
    assert "image/png" in str(outcome.outputs(1))


def test_a_file_that_a_cell_writes_is_there_for_the_next(grader: Grader) -> None:
    """Files in the working folder live as long as the submission, and no longer."""
    assert grader.run("open('a.txt', 'w').write('x')", "print(open('a.txt').read())").printed(1) == "x\n"
    assert grader.run("import os\nprint(os.listdir())").printed(0) == "[]\n"


def test_code_under_the_main_guard_runs(grader: Grader) -> None:
    """The notebook is `__main__`, so code under the usual guard runs."""
    assert grader.run("if __name__ == '__main__':\n    print('main')").printed(0) == "main\n"
