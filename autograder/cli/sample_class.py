"""The demo's class: students who are right, wrong in many ways, broken, and cheating.

Each sample turns the instructor's notebook of any problem set into what that student hands in.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NotebookJson = dict[str, Any]

CHEAT = """import numpy as np, builtins, sys
np.allclose = lambda *a, **k: True
np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
builtins.isinstance = lambda *a: True
class AgreesWithEverything:
    def __eq__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
"""


@dataclass(frozen=True)
class Sample:
    """One student: a name, what they did, and how their notebook comes about."""

    student: str
    story: str
    make: Callable[[NotebookJson], str]


def _text(cell: NotebookJson) -> str:
    source = cell["source"]
    return "".join(source) if isinstance(source, list) else str(source)


def _marks(cell: NotebookJson) -> NotebookJson:
    found: NotebookJson = cell["metadata"].get("nbgrader", {})
    return found


def _solutions(notebook: NotebookJson) -> list[NotebookJson]:
    return [cell for cell in notebook["cells"] if _marks(cell).get("solution")]


def _handed_in(notebook: NotebookJson) -> NotebookJson:
    """Take the hidden halves out of the tests, as in a student's copy."""
    for cell in notebook["cells"]:
        cell["source"] = re.sub(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS\n?", "", _text(cell), flags=re.DOTALL)
    return notebook


def _edited(change: Callable[[list[NotebookJson], NotebookJson], None]) -> Callable[[NotebookJson], str]:
    def make(notebook: NotebookJson) -> str:
        handed_in = _handed_in(notebook)
        change(_solutions(handed_in), handed_in)
        for cell in handed_in["cells"]:
            # A student's copy has no such marks.
            cell["source"] = re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", _text(cell), flags=re.MULTILINE)
        return json.dumps(handed_in, indent=1)

    return make


def _in_body(cell: NotebookJson, statement: str) -> None:
    """Put a statement first in a solution's body."""
    cell["source"] = _text(cell).replace("    ### BEGIN SOLUTION", f"    {statement}\n    ### BEGIN SOLUTION", 1)


def _nothing(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    pass


def _no_transpose(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    for cell in solutions:
        cell["source"] = _text(cell).replace(".T", "")


def _wrong_sign(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    for cell in solutions[len(solutions) // 2 :]:
        wrong = re.sub(r"return ([^\n,{]+)\n", r"return -(\1)\n", _text(cell))
        if wrong != _text(cell):
            cell["source"] = wrong
            return


def _last_ones_missing(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    for cell in solutions[-2:]:
        _in_body(cell, "raise NotImplementedError")


def _endless_loop(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    _in_body(solutions[1], "while True: pass")


def _crash(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    _in_body(solutions[2], "import os; os._exit(0)")


def _syntax_error(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    solutions[0]["source"] = _text(solutions[0]).replace(":", "", 1)


def _warns(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    for cell in solutions[::2]:
        _in_body(cell, "import sys, warnings; print('here', file=sys.stderr); warnings.warn('careful')")


def _cheats(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    for cell in solutions:
        _in_body(cell, "return AgreesWithEverything()")
    notebook["cells"] = [cell for cell in notebook["cells"] if not _marks(cell).get("grade")]
    patch: NotebookJson = {
        "cell_type": "code",
        "id": "help",
        "metadata": {},
        "source": CHEAT,
        "outputs": [],
        "execution_count": None,
    }
    notebook["cells"].insert(0, patch)


def _rearranged(solutions: list[NotebookJson], notebook: NotebookJson) -> None:
    tests = [cell for cell in notebook["cells"] if _marks(cell).get("grade")]
    tests[0]["source"] = "pass"
    notebook["cells"].remove(tests[1])
    notebook["cells"].append(json.loads(json.dumps(tests[2])))


SAMPLE_CLASS = (
    Sample("ada", "everything right", _edited(_nothing)),
    Sample("blaise", "right, but warns and prints to stderr", _edited(_warns)),
    Sample("carl", "right, but edited, deleted and duplicated tests", _edited(_rearranged)),
    Sample("dorothy", "forgot every transpose", _edited(_no_transpose)),
    Sample("emmy", "one wrong sign", _edited(_wrong_sign)),
    Sample("felix", "did not do the last two", _edited(_last_ones_missing)),
    Sample("grace", "an endless loop in the second", _edited(_endless_loop)),
    Sample("hypatia", "the third ends the process", _edited(_crash)),
    Sample("ivan", "a syntax error in the first", _edited(_syntax_error)),
    Sample("jonas", "cheats: patches NumPy, deletes the tests", _edited(_cheats)),
    Sample("kurt", "uploaded half a file", lambda notebook: json.dumps(notebook)[: len(json.dumps(notebook)) // 2]),
)
