"""A course whose expected values are known by their digits, and students who try everything to get them."""

import inspect
from pathlib import Path

from helpers.notebooks import Json, check, hidden, locked, notebook, released, replaced, solution, written

SET = "planted"
NUMBER, ROW, COUNT = 0.7390851332151607, (2.6854520010653064, -5.318275479012661, 1.3063778838630806), 4815162342.0
HIDDEN_VALUE = 0.2614972128476428
VALUES = [NUMBER, *ROW, COUNT, HIDDEN_VALUE]
MODULE = f'''"""The planted set: functions whose answers are known by their digits."""

import numpy as np

from autograder.exercises import Array, Number, ProblemSet, real

EXERCISES = ProblemSet("planted", {{"x": real("n"), "w": real(3)}})


@EXERCISES.function(points=1, returns=Number())
def number(x):
    """Return a number that does not depend on x (n,)."""
    return float({NUMBER!r} + 0.0 * x.sum())


@EXERCISES.function(points=1, returns=Array((3,)))
def row(w):
    """Return a row (3,)."""
    return np.array({list(ROW)!r}) + 0.0 * w.sum()


@EXERCISES.function(points=1, returns=Number())
def count(x):
    """Return a large number."""
    return {COUNT!r} + 0.0 * np.square(x).sum()
'''
PLAIN = f"""hidden_expectation = {HIDDEN_VALUE!r}
for hidden_argument in (1.5, -2.25):
    assert abs(plain(hidden_argument) - hidden_expectation) < 1e-9
assert plain(3.0) == hidden_expectation, "one of the arguments gives another value\""""
FUNCTIONS = ("number", "row", "count")


def _assess(name: str) -> Json:
    text = f'from solutions.planted import EXERCISES\nEXERCISES.assess("{name}", globals())'
    return check(f"test_{name}", f"{hidden(text)}\nassert callable({name})")


SOURCE = notebook(
    locked("setup", "import numpy as np"),
    *(cell for name in FUNCTIONS for cell in (solution(name), _assess(name))),
    solution("plain"),
    check("test_plain", f"{hidden(PLAIN)}\nassert callable(plain)"),
)
ARGUMENTS = {"number": "x", "row": "w", "count": "x", "plain": "x"}

LOOK_AROUND = """
import builtins, gc, os, sys, traceback

def _look():
    found = [repr(globals()), repr(list(os.environ.items())), repr(sys.argv), repr(sys.path), repr(list(sys.modules))]
    frame = sys._getframe()
    while frame is not None:
        found += [frame.f_code.co_filename, repr(frame.f_locals), repr(list(frame.f_globals))]
        frame = frame.f_back
    for place in ("self/cmdline", "self/environ", "self/maps", "self/mountinfo", "1/cmdline"):
        try:
            found.append(open("/proc/" + place, errors="replace").read())
        except OSError as error:
            found.append(str(error))
    for folder, _, files in os.walk("."):
        found += [folder, *files]
    found += [repr(one)[:200] for one in gc.get_objects() if isinstance(one, (str, dict, list, tuple))][:200]
    return "\\n".join(found)
"""


def _same(body: str, before: str = "") -> dict[str, str]:
    return {name: f"{before}\ndef {name}({argument}):\n    {body}" for name, argument in ARGUMENTS.items()}


def submissions() -> dict[str, Json]:
    """Return what students hand in, by name: wrong in many ways, broken, and looking for what is hidden."""
    texts = {
        "zero": _same("return 0.0"),
        "near": _same("return 1e-3"),
        "array": _same("return np.zeros((2, 5))"),
        "text": _same("return 'a string'"),
        "nothing": _same("pass"),
        "nan": _same("return float('nan')"),
        "row-of-three": _same("return np.array([2.0, -5.0, 1.0])"),
        "huge": _same("return np.full(3, 1e300)"),
        "raises": _same("raise ValueError('an exception')"),
        "recursion": _same("raise RecursionError"),
        "prints": _same("print(locals(), globals().keys()); return 1.0"),
        "looks": _same("print(_look()); raise ValueError(_look()[:1500])", LOOK_AROUND),
        "looks-in-cells": {"number": f"{LOOK_AROUND}\nprint(_look())\ndef number(x):\n    return 1.0"},
        "warns": _same("import warnings; warnings.warn('careful'); return np.float64(1) / 0"),
        "object": _same("return type('Equal', (), {'__eq__': lambda *a: True, '__getattr__': lambda s, n: s})()"),
        "imports": _same("import solutions.planted as p; return p.EXERCISES"),
        "catches": _same("return [e for e in gc.get_objects() if 'expect' in str(type(e)).lower()]", "import gc"),
        "loops": {"number": "def number(x):\n    while True: pass"},
        "ends": {"row": "def row(w):\n    import os; os._exit(3)"},
        "syntax": {"count": "def count(x:"},
        "untouched": {},
    }
    given = released(SOURCE)
    return {name: replaced(given, changed) for name, changed in texts.items()}


def plant(course: Path) -> None:
    """Put the set into a course."""
    written(SOURCE, course / "source" / SET / f"{SET}.ipynb")
    (course / "solutions" / f"{SET}.py").write_text(inspect.cleandoc(MODULE) + "\n", encoding="utf-8")
