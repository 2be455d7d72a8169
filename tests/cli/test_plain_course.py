"""A course of ordinary nbgrader notebooks, graded from the command line without a change to it."""

from pathlib import Path
from typing import Any

import pytest
from helpers.command import autograder, results
from helpers.notebooks import Json, check, code, notebook, released, replaced, solution, solved, written
from helpers.plain_course import COURSE, POINTS


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one assignment and two submissions."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'plain'\n")
    written(COURSE, tmp_path / "source" / "week1" / "week1.ipynb")
    written(solved(COURSE), tmp_path / "in" / "right.ipynb")
    written(replaced(released(COURSE), {"square": "def square(x):\n    return 9"}), tmp_path / "in" / "wrong.ipynb")
    return tmp_path


def _scores(entry: Json) -> dict[str, Any]:
    return {one["name"]: one["score"] for one in entry["exercises"]}


def test_a_plain_course_is_graded_as_it_is(course: Path) -> None:
    """Run in the course's folder: the course is found, every test judges, the points are as declared."""
    ran = autograder("run", "in", "--json", "out.json", folder=course)
    assert ran.status == 0, ran.err
    report = results(course / "out.json")
    assert report["assignment"] == "week1"
    right, wrong = report["submissions"]
    assert _scores(right) == POINTS
    assert _scores(wrong) == {**POINTS, "square": 0}


def test_a_course_is_found_from_another_folder_by_its_variable(
    course: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """AUTOGRADER_COURSE names the course from anywhere, and the course's secret is made once, for its owner alone."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    ran = autograder("run", course / "in" / "right.ipynb", folder=elsewhere, AUTOGRADER_COURSE=str(course))
    assert ran.status == 0, ran.err
    assert "21 / 21" in ran.out
    secret = course / ".autograder" / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    before = secret.read_text()
    assert autograder("run", course / "in" / "right.ipynb", "--course", course, folder=elsewhere).status == 0
    assert secret.read_text() == before


def test_a_module_of_the_course_is_the_instructors(course: Path) -> None:
    """A test that imports a module beside the course's configuration gets it; the student's side does not."""
    (course / "answers.py").write_text("ANSWER = 42\n")
    week = notebook(solution("f", "f = 42"), check("test_f", "from answers import ANSWER\nassert f == ANSWER"))
    written(week, course / "source" / "week2" / "week2.ipynb")
    cheat = "try:\n    from answers import ANSWER as f\nexcept ImportError:\n    f = 0"
    written(week, course / "in2" / "a-right.ipynb")
    written(replaced(week, {"f": cheat}), course / "in2" / "b-cheat.ipynb")
    ran = autograder("run", "in2", "--json", "out.json", folder=course)
    assert ran.status == 0, ran.err
    assert [one["score"] for one in results(course / "out.json")["submissions"]] == [1, 0]


USUAL = "(1, 0.5, 'a', None, True, [1], (2,), {'a': 1}, {3}, np.ones(2), np.ones((2, 2)) > 0, np.float64(1))"


def test_no_fork_imports_what_its_server_could_have(course: Path) -> None:
    """On neither side is a module imported as values of the usual kinds cross: it would be, for each submission."""
    cells = (
        code("import sys\nimport numpy as np\nbefore = set(sys.modules)"),
        solution("f", "def f(x):\n    return x"),
        check("test_begun", "loaded = set(sys.modules)"),
        check("test_f", f"for x in {USUAL}:\n    assert repr(f(x)) == repr(x)\nassert set(sys.modules) == loaded"),
        solution("g", "def g():\n    return sorted(set(sys.modules) - before)"),
        check("test_g", "assert g() == []"),
    )
    written(notebook(*cells), course / "source" / "week2" / "week2.ipynb")
    written(notebook(*cells), course / "in2" / "a.ipynb")
    ran = autograder("run", "in2", "--assignment", "week2", folder=course)
    assert "3 / 3" in ran.out, ran.out
