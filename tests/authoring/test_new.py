"""`autograder new`: what it writes, what it refuses, and cells for every exercise that can be declared."""

import ast
import importlib
import json
import os
import re
from pathlib import Path

import pytest
from helpers.command import autograder
from helpers.notebooks import ROOT, SETS, Json, cell_of, grade_id_of, released

from autograder.authoring.cells import exercise_cells
from autograder.authoring.templates import COURSE
from autograder.verify.references import source_of

EXERCISES = [(name, one) for name in SETS for one in importlib.import_module(f"solutions.{name}").EXERCISES.exercises]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one new set."""
    assert autograder("new", "ps6_outer", "--start", folder=tmp_path).status == 0
    return tmp_path


def _notebook(course: Path) -> Json:
    text = (course / "source" / "ps6_outer" / "ps6_outer.ipynb").read_text(encoding="utf-8")
    read: Json = json.loads(text)
    for cell in read["cells"]:
        cell["source"] = "".join(cell["source"])
    return read


def test_a_course_that_is_started_is_configured_as_this_one() -> None:
    """The configuration that --start writes is the one of this repository."""
    assert (ROOT / "nbgrader_config.py").read_text(encoding="utf-8") == COURSE


def test_the_release_of_a_new_set_has_stubs_and_no_hidden_test(course: Path) -> None:
    """Solutions and hidden tests stand between nbgrader's marks."""
    text = json.dumps(released(_notebook(course)))
    assert "EXERCISES" not in text
    assert "return dL_dM @ v" not in text
    assert text.count("raise NotImplementedError()") == 2


@pytest.mark.parametrize(
    "name", ["", "6x", "Outer", "a-b", "../up", "class", "a b", "é", "x" * 61, "_x", "a.b", "ps6\n"]
)
def test_a_bad_name_is_refused(course: Path, name: str) -> None:
    """A name that can't be a module's, a folder's and an assignment's is wrong usage."""
    ran = autograder("new", name, folder=course)
    assert ran.status == 2
    assert "can't be a problem set's name" in ran.err


@pytest.mark.parametrize(
    "kept", ["solutions/ps6_outer.py", "source/ps6_outer/ps6_outer.ipynb", "tests/test_ps6_outer.py"]
)
def test_nothing_is_written_over(course: Path, kept: str) -> None:
    """If one file of the name is there, nothing is written."""
    for path in [course / "solutions/ps6_outer.py", course / "tests/test_ps6_outer.py"]:
        if path != course / kept:
            path.unlink()
    if not kept.startswith("source"):
        (course / "source/ps6_outer/ps6_outer.ipynb").unlink()
        (course / "source/ps6_outer").rmdir()
    before = sorted(course.rglob("*.*"))
    ran = autograder("new", "ps6_outer", folder=course)
    assert ran.status == 2
    assert "exists already" in ran.err
    assert sorted(course.rglob("*.*")) == before


def test_without_a_course_it_says_how_to_begin(tmp_path: Path) -> None:
    """Outside of a course nothing is written, and --start is named."""
    ran = autograder("new", "ps6_outer", folder=tmp_path)
    assert ran.status == 2
    assert "--start" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_course_is_not_started_twice(course: Path) -> None:
    """--start in a course is refused, and its configuration stays."""
    ran = autograder("new", "ps7", "--start", folder=course)
    assert ran.status == 2
    assert "is a course already" in ran.err
    assert not (course / "solutions" / "ps7.py").exists()


def test_update_changes_no_cell_that_is_there(course: Path) -> None:
    """What an author wrote stays; a test's points become those that are declared."""
    path = course / "source" / "ps6_outer" / "ps6_outer.ipynb"
    notebook = _notebook(course)
    cell_of(notebook, "test_outer")["source"] += "\n# mine"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    module = course / "solutions" / "ps6_outer.py"
    module.write_text(module.read_text(encoding="utf-8").replace("points=1", "points=7"), encoding="utf-8")
    ran = autograder("new", "ps6_outer", "--update", folder=course)
    assert ran.out.startswith("nothing to add")
    after = _notebook(course)
    assert [cell["source"] for cell in after["cells"]] == [cell["source"] for cell in notebook["cells"]]
    assert cell_of(after, "test_outer")["metadata"]["nbgrader"]["points"] == 7


def test_a_module_that_changes_within_a_second_is_the_changed_one(course: Path) -> None:
    """What is read of a module is what it holds now, be its length and the second of its change the same as before."""
    module = course / "solutions" / "ps6_outer.py"
    changed = module.stat().st_mtime_ns
    for points in (1, 7, 3):
        text = re.sub(r"points=\d", f"points={points}", module.read_text(encoding="utf-8"))
        module.write_text(text, encoding="utf-8")
        os.utime(module, ns=(changed, changed))
        assert autograder("new", "ps6_outer", "--update", folder=course).status == 0
        assert cell_of(_notebook(course), "test_outer")["metadata"]["nbgrader"]["points"] == points
    assert autograder("run", "source/ps6_outer/ps6_outer.ipynb", folder=course).status == 0
    assert [path.name for path in (course / "solutions").rglob("*.pyc") if "ps6_outer" in path.name] == []


def test_update_needs_a_notebook(course: Path) -> None:
    """There must be something to update."""
    ran = autograder("new", "ps9", "--update", folder=course)
    assert ran.status == 2
    assert "no notebook" in ran.err


@pytest.mark.parametrize(("name", "one"), EXERCISES)
def test_cells_can_be_made_for_every_kind_of_exercise(name: str, one: str) -> None:
    """For every exercise of the five sets the made solution passes both halves of the made test."""
    problem_set = importlib.import_module(f"solutions.{name}").EXERCISES
    made = source_of(problem_set)
    namespace: dict[str, object] = {}
    exec("import numpy as np\nfrom autograder import check_gradient", namespace)
    for other in [*problem_set.earlier_than(one), one]:
        _, solution, test = exercise_cells(made, problem_set.exercises[other])
        exec("".join(solution["source"]), namespace)
    assert (grade_id_of(solution), grade_id_of(test)) == (one, f"test_{one}")
    text = "".join(test["source"])
    exec(text, namespace)
    documented = ast.parse("".join(solution["source"])).body[0]
    assert isinstance(documented, ast.FunctionDef)
    assert "Return" in (ast.get_docstring(documented) or "")
    if "Write a check here" not in text:
        namespace[one] = lambda *args, **named: None
        with pytest.raises((AssertionError, TypeError)):
            exec(text.split("### END HIDDEN TESTS\n")[1], namespace)
