"""Extensions: the examples of docs/extending.md work as they stand; what has not the right form is refused in words."""

import csv
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from helpers.command import Ran, autograder, results
from helpers.extensions import installed
from helpers.notebooks import ROOT, check, code, notebook, released, replaced, solution, solved, source, written

from autograder.errors import ExtensionError
from autograder.exercises.further import further_checks
from autograder.extensions import CHECKS, WRITERS, fault_of_call, load
from autograder.isolation import IsolationError, chosen
from autograder.sandbox.provided import BACKENDS, provided

SET = "ps5_two_layer"
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
SINGLE = "def grad_W2(A1, dZ2):\n    return (A1.T @ dZ2).astype('float32')"
NICENESS = "import os\n\ndef grad_b2(dZ2):\n    raise RuntimeError(f'niceness {os.getpriority(os.PRIO_PROCESS, 0)}')"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page's package installed in it."""
    blocks = dict.fromkeys(re.findall(r"(?ms)^```python\n(.*?)^```", PAGE))
    (declared,) = re.findall(r"(?ms)^```toml\n(.*?)^```", PAGE)
    points = tomllib.loads(declared)["project"]["entry-points"]
    return installed(tmp_path_factory.mktemp("extended") / "site", "our_course", "\n".join(blocks), points)


@pytest.fixture(scope="module")
def extended(place: Path) -> tuple[Ran, Path]:
    """A run with the page's check, writer and sandbox over an answer in single precision and a right one."""
    folder = place.parent
    right = solved(source(SET))
    written(replaced(right, {"grad_W2": SINGLE, "grad_b2": NICENESS}), folder / "single.ipynb")
    written(right, folder / "right.ipynb")
    words = ("--assignment", SET, "--write", "csv=points.csv", "--backend", "niced", "--json", "out.json", "--jobs", 2)
    return autograder("run", "single.ipynb", "right.ipynb", *words, folder=folder, PYTHONPATH=_path(place)), folder


def _path(place: Path) -> str:
    return f"{place}:{ROOT}"


def _checks(folder: Path, number: int) -> dict[str, dict[str, dict[str, Any]]]:
    found = results(folder / "out.json")["submissions"][number]["exercises"]
    return {one["name"]: {check["name"]: check for check in one["checks"]} for one in found}


def test_the_pages_check_looks_at_its_exercises_and_costs_points(extended: tuple[Ran, Path]) -> None:
    """An answer in single precision fails the added check, a right one passes it, and other exercises have none."""
    ran, folder = extended
    assert ran.status == 0, ran.err
    single, right = _checks(folder, 0), _checks(folder, 1)
    assert single["grad_W2"]["double_precision"]["passed"] is False
    assert "expected float64, got float32" in single["grad_W2"]["double_precision"]["message"]
    assert single["grad_W2"]["value"]["passed"] is True
    assert right["grad_W2"]["double_precision"] == {"name": "double_precision", "passed": True, "message": ""}
    assert {name for name, made in right.items() if "double_precision" in made} == {"grad_W1", "grad_W2"}


def test_the_pages_writer_writes(extended: tuple[Ran, Path]) -> None:
    """--write calls the writer with the report that everything else is made from."""
    ran, folder = extended
    rows = list(csv.reader((folder / "points.csv").read_text().splitlines()))
    report = results(folder / "out.json")["submissions"]
    expected = [[one["path"], str(one["score"]), str(one["max_score"])] for one in report]
    assert rows == [["path", "points", "of"], *expected]
    assert report[0]["score"] < report[1]["score"] == report[1]["max_score"], ran.out


def test_the_pages_sandbox_starts_what_runs_student_code(extended: tuple[Ran, Path]) -> None:
    """--backend starts the sandbox its own way: students' code is at the lowest priority, and the report says so."""
    _, folder = extended
    assert results(folder / "out.json")["isolation"]["layers"][-1] == "nice"
    assert "niceness 19" in _checks(folder, 0)["grad_b2"]["runs"]["message"]


# --- what is refused ------------------------------------------------------------------------------

BAD = """
number = 5
def none(): ...
def two(report, path): ...
class NoLevel:
    layers, is_a_boundary = (), True
    def start(self, folder, control, groups): ...
class Odd(NoLevel):
    level = "total"
class Weak(NoLevel):
    level = "none"
class Wordless(NoLevel):
    level, layers = "full", "namespaces"
def broken():
    raise RuntimeError("no such machine")
"""
WRITERS_THERE = {"number": "bad:number", "none": "bad:none", "absent": "bad:absent", "two": "bad:two"}
BACKENDS_THERE = {"nolevel": "bad:NoLevel", "odd": "bad:Odd", "weak": "bad:Weak", "wordless": "bad:Wordless"}


@pytest.fixture
def bad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package whose extensions have the wrong form."""
    backends = {**BACKENDS_THERE, "broken": "bad:broken"}
    place = installed(tmp_path / "site", "bad", BAD, {WRITERS: WRITERS_THERE, BACKENDS: backends})
    monkeypatch.syspath_prepend(str(place))
    return place


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing", "there is no writer 'nothing'; installed are: absent, none, number, two"),
        ("number", "expected what can be called as f(report, path), got int"),
        ("none", "expected what can be called as f(report, path), got ()"),
        ("absent", "can't be loaded: AttributeError"),
    ],
)
def test_a_writer_of_another_form_is_refused(bad: Path, name: str, told: str) -> None:
    """What is missing, can't be loaded or called is told with what was expected and whose it is."""
    with pytest.raises(ExtensionError) as refused:
        load(WRITERS, name, lambda thing: fault_of_call(thing, "report", "path"))
    assert told in str(refused.value)
    assert name == "nothing" or f"(bad:{name} of bad)" in str(refused.value)
    assert callable(load(WRITERS, "two", lambda thing: fault_of_call(thing, "report", "path")))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nolevel", "it has no level"),
        ("odd", "its level is 'total'; expected one of none, container, full"),
        ("wordless", "its layers are 'namespaces'; expected a tuple of names"),
        ("broken", "can't be made: RuntimeError: no such machine"),
    ],
)
def test_a_backend_of_another_form_is_refused(bad: Path, name: str, told: str) -> None:
    """A sandbox that lacks a part, or says what can't be, is refused before anything is graded."""
    with pytest.raises(ExtensionError, match=re.escape(told)):
        provided(name)


def test_a_backend_that_gives_too_little_is_refused(bad: Path) -> None:
    """A sandbox whose level is below what is accepted is not used; at its own level it is."""
    with pytest.raises(IsolationError, match="'none', and 'container' is the least"):
        chosen("weak", "container")
    assert chosen("weak", "none")[1].level == "none"


@pytest.mark.parametrize(
    ("point", "told"),
    [("shape = bad:two", "has the name of a built-in check"), ("mine = bad:two", "f(exercise, given, answer)")],
)
def test_a_check_of_another_form_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, told: str
) -> None:
    """A check with a built-in check's name, or that can't be called as one, is refused."""
    name, value = point.split(" = ")
    monkeypatch.syspath_prepend(str(installed(tmp_path, "bad", BAD, {CHECKS: {name: value}})))
    further_checks.cache_clear()
    try:
        with pytest.raises(ExtensionError, match=re.escape(told)):
            further_checks()
    finally:
        further_checks.cache_clear()


RAISING = "def at_fault(exercise, given, answer):\n    raise ValueError(answer)\n"


def test_a_check_that_raises_costs_nobody_points_unseen(tmp_path: Path) -> None:
    """A check that raises makes its exercises ones that could not be judged, with status 3 and no value told."""
    place = installed(tmp_path / "site", "faulty", RAISING, {CHECKS: {"at_fault": "faulty:at_fault"}})
    written(solved(source("ps1_chain_rule")), tmp_path / "right.ipynb")
    ran = autograder("run", "right.ipynb", "--json", "out.json", folder=tmp_path, PYTHONPATH=_path(place))
    assert ran.status == 3
    for made in _checks(tmp_path, 0).values():
        assert made["could_not_judge"]["message"].endswith("the check 'at_fault' raised ValueError")


def test_a_check_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    """Nobody is graded with fewer checks than are installed: status 2, and which check it is."""
    place = installed(tmp_path / "site", "faulty", RAISING, {CHECKS: {"gone": "faulty:gone"}})
    written(released(notebook(solution("f"), check("test_f", "f"), code(""))), tmp_path / "any.ipynb")
    ran = autograder("run", "any.ipynb", folder=tmp_path, PYTHONPATH=_path(place))
    assert ran.status == 2
    assert "the check 'gone' (faulty:gone of faulty) can't be loaded" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--write", "csv"), "expected NAME=FILE"),
        (("--write", "nothing=out"), "there is no writer 'nothing'"),
        (("--backend", "nothing"), "there is no sandbox backend 'nothing'"),
    ],
)
def test_names_that_are_not_installed_are_wrong_usage(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    """--write and --backend with what is not there end with status 2 before anything is graded."""
    written(released(source("ps1_chain_rule")), tmp_path / "any.ipynb")
    ran = autograder("run", "any.ipynb", *words, folder=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert told in ran.err
