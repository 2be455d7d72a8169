"""Whatever one exercise does, it costs nothing in the next: each neighbour keeps its points."""

import pytest
from helpers.grading import Grader, Outcome
from helpers.notebooks import check, solution

F_TEST = "assert f(2) == 4"
CELLS = (
    solution("before", "def before(x):\n    return x + 1"),
    solution("f", "def f(x):\n    return x * x"),
    check("test_before", "assert before(1) == 2"),
    check("test_f", F_TEST, 2),
    solution("after", "def after(x):\n    return x - 1"),
    check("test_after", "assert after(1) == 0 and before(5) == 6", 3),
)
HEADER = "import os, sys, ctypes, threading, signal, time\nimport numpy as np\n"
LOOP = "while True: pass"
EATER = "hoard = []\nwhile True: hoard.append(bytearray(10_000_000))"
FATAL = {
    "an exception": "raise KeyError('x')",
    "division by zero": "1 / 0",
    "a failed assertion": "assert False, 'mine'",
    "recursion": "def g(n): return g(n + 1)\ng(0)",
    "sys.exit": "sys.exit(0)",
    "exit()": "exit()",
    "quit": "raise SystemExit('done')",
    "keyboard interrupt": "raise KeyboardInterrupt",
    "generator exit": "raise GeneratorExit",
    "a bare BaseException": "raise BaseException('x')",
    "stop iteration": "raise StopIteration",
    "a group": "raise BaseExceptionGroup('x', [SystemExit()])",
    "an exception without a text": "class E(Exception):\n    def __str__(self): raise self\nraise E",
    "an exception of a hostile class": "class E(Exception):\n    __name__ = None\n    __module__ = 3\nraise E",
    "os._exit": "os._exit(0)",
    "abort": "os.abort()",
    "a segmentation fault": "ctypes.string_at(0)",
    "a recursion in C": "sys.setrecursionlimit(10**9)\ndef g(n): return g(n + 1)\ng(0)",
    "much memory at once": "bytearray(10**12)",
    "much memory bit by bit": EATER,
    "a large array": "np.zeros(10**12)",
    "too many threads": "for _ in range(1000): threading.Thread(target=time.sleep, args=(3,)).start()",
    "a fork bomb": "while True: os.fork()",
    "a full disk": "with open('/tmp/x', 'wb') as file:\n    while True: file.write(bytes(10_000_000))",
    "writing elsewhere": "open('/x', 'w')",
    "the pipe closed": "os.close(3)",
    "all descriptors closed": "os.closerange(0, 256)",
    "garbage on the pipe": "os.write(3, b'garbage' * 1000)",
    "half a frame on the pipe": "os.write(3, bytes([0, 0, 1, 0]) + bytes(8))\nwhile True: pass",
}
SLOW = {
    "an endless loop": LOOP,
    "a sleep": "time.sleep(1000)",
    "a wait for nobody": "threading.Event().wait()",
    "a lock": "lock = threading.Lock()\nlock.acquire()\nlock.acquire()",
}


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.split("\n"))


def _check_neighbours(outcome: Outcome) -> None:
    assert outcome.lost == {"f": 2}
    assert outcome.message("f")
    assert not outcome["f"].could_not_judge, outcome.message("f")
    assert "Traceback" not in outcome.message("f")


@pytest.mark.parametrize("name", [*FATAL, *SLOW])
def test_a_failing_function_costs_its_own_points(impatient: Grader, name: str) -> None:
    """A function that fails in any way when it is called loses its own points and no others."""
    body = (FATAL | SLOW)[name]
    _check_neighbours(impatient.judge(*CELLS, f=f"{HEADER}def f(x):\n{_indented(body)}"))


@pytest.mark.parametrize("name", [*FATAL, "an endless loop"])
def test_a_failing_cell_costs_its_own_points(impatient: Grader, name: str) -> None:
    """A cell that fails in any way before it defines its function loses its own points and no others."""
    body = (FATAL | SLOW)[name]
    _check_neighbours(impatient.judge(*CELLS, f=f"{HEADER}{body}\ndef f(x):\n    return x * x"))


SYNTAX = [
    "def f(x:\n    return x * x",
    "def f(x):\nreturn x * x",
    "f = = 3",
    "def f(x):\n\treturn x\n        return 2",
    "\x00",
    "f(",
    "'''",
]


@pytest.mark.parametrize("text", SYNTAX)
def test_a_syntax_error_costs_its_own_points(grader: Grader, text: str) -> None:
    """A cell that is not Python loses its own points and no others."""
    _check_neighbours(grader.judge(*CELLS, f=text))


@pytest.mark.parametrize("error", ["1 / 0", "raise ValueError('x' * 20_000_000)", "undefined", "sys.exit()"])
def test_names_before_an_exception_stay_defined(grader: Grader, error: str) -> None:
    """What a cell defined before it raised, whatever the exception's size, counts."""
    assert grader.judge(*CELLS, f=f"{HEADER}def f(x):\n    return x * x\n{error}").lost == {}


def test_a_cell_with_a_lone_surrogate_costs_its_own_points(grader: Grader) -> None:
    """A cell whose text can't be encoded is a syntax error of its own."""
    _check_neighbours(grader.judge(*CELLS, f="f = '\ud800'"))


HUGE = {
    "an int": "10 ** 100_000",
    "a text": "'x' * 10_000_000",
    "a list": "[0] * 10_000_000",
    "an array": "np.zeros(20_000_000)",
    "a deep list": "deep()",
    "a long generator": "iter(int, 1)",
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_return_value_costs_its_own_points(impatient: Grader, name: str) -> None:
    """A value past what can cross loses its own points, with a message."""
    deep = "def deep():\n    value = []\n    for _ in range(10_000): value = [value]\n    return value\n"
    outcome = impatient.judge(*CELLS, f=f"{HEADER}{deep}def f(x):\n    return {HUGE[name]}")
    _check_neighbours(outcome)


def test_a_huge_int_within_a_test_ends_the_test(impatient: Grader) -> None:
    """A number that crosses, but makes the test itself compute without end, ends the test and no other."""
    test = "value = f(2)\nassert pow(value, pow(value, value)) == 256"
    cells = [check("test_f", test, 2) if cell["source"] == F_TEST else cell for cell in CELLS]
    _check_neighbours(impatient.judge(*cells, f="def f(x):\n    return 10 ** 9"))


def test_much_output_costs_nothing(grader: Grader) -> None:
    """A hundred megabytes of output are cut with a note, and the answer counts."""
    text = "for _ in range(100):\n    print('x' * 1_000_000)\n"
    outcome = grader.judge(
        *CELLS,
        f=f"{text}def f(x):\n    {text.strip().replace('100', '3')}\n    return x * x".replace(
            "\n    print", "\n        print", 2
        ),
    )
    assert outcome.lost == {}
    kept = "".join(output["text"] for output in outcome.outputs(1))
    assert len(kept) < 70_000
    assert "output cut" in kept


def test_a_picture_too_large_to_keep_leaves_its_text(grader: Grader) -> None:
    """Of a displayed value whose forms are more than is kept, the text stays, and what comes after it."""
    text = "class Picture:\n    def __repr__(self):\n        return 'in words'\n    def _repr_html_(self):\n"
    text += "        return '<svg>' + 'x' * 100_000\n"
    text += "display(Picture())\nprint('afterwards')\ndef f(x):\n    return x * x"
    outcome = grader.judge(*CELLS, f=text)
    shown = [output["data"] for output in outcome.outputs(1) if "data" in output]
    assert shown == [{"text/plain": "in words"}]
    printed = "".join(output.get("text", "") for output in outcome.outputs(1))
    assert "output cut" in printed
    assert "afterwards" in printed


def test_writing_to_a_read_only_argument_is_told(grader: Grader) -> None:
    """A function that writes to a read-only argument fails with NumPy's own words."""
    test = "import numpy as np\ndata = np.zeros(2)\ndata.flags.writeable = False\nf(data)"
    outcome = grader.judge(solution("f", "def f(a):\n    pass"), check("test_f", test), f="def f(a):\n    a[0] = 1")
    assert "read-only" in outcome.message("f")


def test_state_between_calls_is_the_students_own(grader: Grader) -> None:
    """A counter that a function keeps counts its calls, and starts anew in no other submission."""
    text = "count = 0\ndef f(x):\n    global count\n    count += 1\n    return count"
    cells = (solution("f", text), check("test_f", "assert [f(0), f(0)] == [1, 2]"))
    assert grader.judge(*cells).lost == {}
    assert grader.judge(*cells).lost == {}


def test_threads_that_end_or_not_cost_nothing(grader: Grader) -> None:
    """Threads of a student's own run, and one that never ends does not hold anything up."""
    text = """import threading, time
found = []
worker = threading.Thread(target=lambda: found.append(1)); worker.start(); worker.join()
threading.Thread(target=time.sleep, args=(1000,)).start()
def f(x):
    inner = threading.Thread(target=lambda: found.append(2)); inner.start(); inner.join()
    return len(found) * 2"""
    outcome = grader.judge(*CELLS, f=text)
    assert outcome.lost == {}
    assert outcome.result.seconds < 5


def test_warnings_cost_nothing_and_are_counted(grader: Grader) -> None:
    """Warnings in a cell and in a call cost nothing and are counted by category."""
    text = """import sys, warnings
import numpy as np
warnings.warn("old", DeprecationWarning)
print("noise", file=sys.stderr)
np.array([1.0]) / 0
def f(x):
    warnings.warn("mine")
    print("more noise", file=sys.stderr)
    return x * x"""
    outcome = grader.judge(*CELLS, f=text)
    assert outcome.lost == {}
    assert outcome.result.python_warnings == {"DeprecationWarning": 1, "RuntimeWarning": 1, "UserWarning": 1}


def test_warnings_that_a_test_asks_for_reach_it(grader: Grader) -> None:
    """A test that looks for a warning sees the one that the student's function gave."""
    test = """import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    f(1)
assert [one.category for one in caught] == [UserWarning], caught"""
    cells = (solution("f", "import warnings\ndef f(x):\n    warnings.warn('careful')"), check("test_f", test))
    assert grader.judge(*cells).lost == {}
    assert grader.judge(*cells, f="def f(x):\n    pass").lost == {"f": 1}


def test_outputs_show_no_path_of_the_grader(grader: Grader) -> None:
    """What a test cell shows after warnings and errors names no file of the grader."""
    text = "import warnings\ndef f(x):\n    warnings.warn('mine')\n    raise ValueError('x')"
    outcome = grader.judge(*CELLS, f=text)
    shown = str(outcome.graded.notebook)
    assert "autograder/" not in shown
    assert "/callloop/" not in shown
