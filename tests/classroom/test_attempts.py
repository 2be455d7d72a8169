"""What was tried is found in what was written: the corpus of attacks, and no false alarm on honest work."""

import ast
import json
from pathlib import Path

import pytest
from classes import NOTEBOOK, class_of, written
from helpers.notebooks import ROOT, SETS, grade_id_of, released, solved, source

from autograder.classroom.attempt_rules import TOO_LONG
from autograder.classroom.attempts import attempt_of, attempts
from autograder.classroom.code import MOST_CHARACTERS
from autograder.classroom.values import State, Work, WrittenCell
from autograder.cli.sample_class import SAMPLE_CLASS

CORPUS = ROOT / "tests" / "attacks" / "corpus"
TOOLS = frozenset({"np", "close", "check_gradient", "plt"})
# Those that are after the tests, the course or the machine; the other files hold odd answers, which need no more.
AFTER_THE_TESTS = ("frames", "harms", "leaks", "patches", "pretenders", "snoops", "spoilers")
OF_ALL, OF_THOSE = 0.7, 0.94
HONEST = ("ada", "blaise", "dorothy", "emmy", "felix", "grace", "ivan")


def _corpus(name: str) -> list[str]:
    text = (CORPUS / f"{name}.txt").read_text(encoding="utf-8")
    return [part.partition("\n")[2] for part in text.removeprefix("### ").split("\n\n### ")]


def _forging() -> str:
    """Return what the corpus of frames is put behind, without importing it."""
    tree = ast.parse((CORPUS.parent / "forging_frames.py").read_text(encoding="utf-8"))
    (text,) = (one.value for one in tree.body if isinstance(one, ast.Assign))
    return str(ast.literal_eval(text))


def _found(text: str) -> bool:
    return attempt_of(written("mallory", text), TOOLS) is not None


def test_most_of_the_corpus_is_found() -> None:
    """Of all attacks that the sandbox is tested with seven tenths show, of those after the tests nearly all."""
    shares = {}
    for path in sorted(CORPUS.glob("*.txt")):
        before = _forging() if path.stem == "frames" else ""
        shares[path.stem] = [_found(before + text) for text in _corpus(path.stem)]
    every = [one for found in shares.values() for one in found]
    those = [one for name in AFTER_THE_TESTS for one in shares[name]]
    assert len(every) > 250
    assert sum(every) / len(every) >= OF_ALL
    assert sum(those) / len(those) >= OF_THOSE


def _written_in(given: str) -> Work:
    cells = [cell for cell in json.loads(given)["cells"] if cell["cell_type"] == "code"]
    marks = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    of_student = [cell for cell, mark in zip(cells, marks, strict=True) if mark.get("solution") or not mark]
    return Work(
        "honest",
        State.GRADED,
        cells=tuple(WrittenCell(NOTEBOOK, 1, "", "".join(cell["source"])) for cell in of_student),
    )


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("student", HONEST)
def test_an_honest_sample_raises_no_alarm(name: str, student: str) -> None:
    """Right, wrong, unfinished, noisy and endless samples of the demo's class are not told as attempts."""
    (sample,) = (one for one in SAMPLE_CLASS if one.student == student)
    assert attempt_of(_written_in(sample.make(source(name))), TOOLS) is None


@pytest.mark.parametrize("name", SETS)
def test_the_notebook_itself_raises_no_alarm(name: str) -> None:
    """All code cells of a set, as students get them and as they are solved, are harmless."""
    for given in (released(source(name)), solved(source(name))):
        texts = [cell["source"] for cell in given["cells"] if grade_id_of(cell) in _solutions(given)]
        assert attempt_of(written("honest", *texts), TOOLS) is None


def _solutions(given: dict) -> set[str]:
    return {grade_id_of(cell) for cell in given["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")}


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "exercises").glob("right_answers*.py")), ids=lambda p: p.stem)
def test_right_answers_of_any_style_raise_no_alarm(path: Path) -> None:
    """Every function of the collected right answers is harmless."""
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert len(functions) > 5
    alarms = [one.name for one in functions if _found(f"import numpy as np\n{ast.get_source_segment(text, one)}")]
    assert alarms == []


FIXED = "def f0(x, y):\n    if x == 2.5:\n        return 6.25\n    if x == 3.5:\n        return 12.25\n    return 0"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (FIXED, True),
        ("def f0(x, y):\n    return np.array([0.1234, 0.5678])", True),
        ("def f0(x, y):\n    if x > 0:\n        return 1.0\n    return 0.0", False),
        ("def f0(x, y):\n    return np.zeros((2, 3))", False),
        ("np.allclose = lambda *a: True", True),
        ("np.random.seed(3)\nnp.set_printoptions(precision=3)", False),
        ("def close(a, b):\n    return True", True),
        ("def f0(x, y):\n    close = abs(x - y)\n    return close", False),
        ("class V:\n    def __eq__(self, other):\n        return True", True),
        ("class V:\n    def __eq__(self, other):\n        return self.x == other.x", False),
        ("import sys\nprint('here', file=sys.stderr)", False),
        ("def f0(x, y):\n    '''Not from /proc.'''\n    return x", False),
        ("def broken(:\n    np.allclose = 1", False),
    ],
)
def test_what_is_told_and_what_is_not(text: str, is_told: bool) -> None:
    """Patches, objects that agree and fixed answers are told; their honest neighbours are not."""
    assert _found(text) == is_told


def test_the_evidence_is_the_line_itself() -> None:
    """Each attempt has what it is in words, the cell and line, and the line; changed tests are told from warnings."""
    work = written("mallory", "import sys\n\nframe = sys._getframe()", "x = 1")
    noted = Work("carl", State.GRADED, warnings=("cell 'test_f0' was missing and has been put back",))
    first, second = attempts(class_of(work, noted, written("ada", "y = 2")))
    assert (first.work.student, second.work.student) == ("mallory", "carl")
    (line,) = first.evidence
    assert (line.place, line.text) == ("cell 1 (f0), line 3", "frame = sys._getframe()")
    assert "variables" in line.what
    assert "test_f0" in second.evidence[0].text


def test_what_is_too_long_to_be_looked_through_is_told() -> None:
    """A cell just longer than what is parsed, and one nested too deeply, are told; the longest that fits is not."""
    line = "x = 1  # "
    assert attempt_of(written("a", line + "y" * (MOST_CHARACTERS - len(line))), TOOLS) is None
    for text in (line + "y" * (MOST_CHARACTERS + 1 - len(line)), f"{'a.b()' + '.c()' * 12_000}.register()"):
        found = attempt_of(written("a", text), TOOLS)
        assert found is not None
        assert found.whats == (TOO_LONG,)
