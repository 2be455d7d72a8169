"""Foreign courses, with two lines in their configuration: cell by cell the scores that stock nbgrader gives."""

from pathlib import Path

import pytest
from corpus import WHOLE
from courses import COURSES, NUMERICS
from helpers.command import autograder, results
from helpers.course import scores_of, through_api

LINES = "from autograder.configuration import use_sandbox\n"
USE = "use_sandbox(c)\n"
ALLOWED = 'use_sandbox(c, on_students_side=["roots/test_traced"])\n'
# A kernel takes seconds; `make check` starts one for everybody.
STUDENTS = ("right", "wrong", "blank") if WHOLE else ("right", "wrong")
COMPARED = tuple(COURSES) if WHOLE else ("numerics",)
Scores = dict[str, dict[str, dict[str, float]]]

pytestmark = pytest.mark.xdist_group("foreign_courses")


def _ours(folder: Path, name: str) -> Path:
    course = COURSES[name].laid_out(folder, LINES)
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(ALLOWED if name == "numerics" else USE)
    return course


def _graded(course: Path, name: str) -> Scores:
    assignments = sorted({assignment for assignment, _ in COURSES[name].notebooks})
    calls = [("generate_assignment", one) for one in assignments]
    calls += [("autograde", one, student) for one in assignments for student in STUDENTS]
    through_api(course, *calls)
    return {one: scores_of(course, one) for one in assignments}


@pytest.fixture(scope="module", params=COMPARED)
def graded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, Scores, Scores]:
    """A course's name and folder, and its scores by stock nbgrader and by nbgrader with the two lines."""
    name = request.param
    place = tmp_path_factory.mktemp(name)
    stock = COURSES[name].laid_out(place / "stock")
    with (stock / "nbgrader_config.py").open("a") as file:
        file.write("c.OverwriteCells.add_missing_cells = True\n")
    ours = _ours(place / "ours", name)
    return name, ours, _graded(stock, name), _graded(ours, name)


def test_every_cell_has_the_score_of_stock_nbgrader(graded: tuple[str, Path, Scores, Scores]) -> None:
    """Right, wrong and empty submissions: every cell's score is the same, with and without the sandbox."""
    _, _, stock, ours = graded
    assert ours == stock
    for students in ours.values():
        assert sum(students["wrong"].values()) < sum(students["right"].values())
        assert sum(students.get("blank", {}).values()) == 0


def test_grade_gives_the_same_scores(graded: tuple[str, Path, Scores, Scores]) -> None:
    """`autograder grade` finds the same folders, files and settings as nbgrader, and gives the same scores."""
    name, course, stock, _ = graded
    for assignment, scores in stock.items():
        ran = autograder("grade", assignment, "--force", "--json", "out.json", folder=course)
        assert ran.status == 0, ran.err + ran.out
        found = scores_of(course, assignment)
        assert {student: found[student] for student in scores} == scores
        told = "\n".join(results(course / "out.json")["submissions"][0]["warnings"])
        assert ("its score could be forged" in told) == (name == "numerics")


@pytest.fixture(scope="module")
def numerics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The numeric course, with nothing allowed on the student's side."""
    return NUMERICS.laid_out(tmp_path_factory.mktemp("numerics") / "course")


def test_compat_names_the_cell_that_cannot_run_trusted(numerics: Path) -> None:
    """The cell that traces calls is named with the reason and what to do; exit status 3; the others run trusted."""
    ran = autograder("compat", numerics, "--json", "found.json", folder=numerics)
    assert ran.status == 3, ran.err
    assert "test_traced: cannot run trusted" in ran.out
    assert "sys.setprofile" in ran.out
    assert 'on_students_side=["roots/test_traced"]' in ran.out.replace("'", '"')
    found = results(numerics / "found.json")
    assert found["counts"] == {"trusted": 3, "with_a_note": 0, "allowed": 0, "cannot": 1}


def test_an_allowed_cell_is_marked_everywhere(tmp_path: Path) -> None:
    """A test on the student's side is marked in the terminal, JSON and JUnit, in the notebook, and by compat."""
    course = _ours(tmp_path / "course", "numerics")
    ran = autograder("compat", course, folder=course)
    assert ran.status == 0, ran.err
    assert "test_traced: on the student's side" in ran.out
    given = course / "submitted" / "right" / "roots" / "roots.ipynb"
    ran = autograder("run", given, "--explain", "--json", "o.json", "--junit", "o.xml", folder=course)
    assert ran.status == 0, ran.err
    assert "on_students_side: run on the student's side" in ran.out
    assert "how bisect was run: ran trusted" in ran.out
    assert "how traced was run: ran on the student's side" in ran.out
    assert "could be forged" in (course / "o.xml").read_text()
    assert "could be forged" in str(results(course / "o.json")["submissions"][0]["warnings"])
