"""What a person grades is as in stock nbgrader, and stays so when tests run again: essays, drawings, and tasks."""

from pathlib import Path
from typing import Any

import pytest
from helpers.command import autograder
from helpers.course import Cell, cells_of, gradebook, submit, through_api
from helpers.notebooks import Json, check, code, markdown, notebook, released, replaced, solution, written

WEEK = "week1"
ESSAY = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 5}
PLOT = {**ESSAY, "grade_id": "plot", "points": 2}
TASK = {"grade_id": "task", "grade": False, "solution": False, "locked": True, "task": True, "points": 4}
PART1 = notebook(
    solution("f", "### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"),
    check("test_f", "assert f(2) == 4", 2),
    markdown("YOUR ANSWER HERE", ESSAY),
    code("# YOUR CODE HERE\nraise NotImplementedError()", PLOT),
    markdown("State the formula, and verify it for an example.", TASK),
)
PART2 = notebook(markdown("Build something.", {**TASK, "grade_id": "project"}))
WROTE = {"f": "def f(x):\n    return x + x", "essay": "Doubling adds.", "plot": "print('a plot')"}
CLASS = {"wrote": (WROTE, True), "left": ({}, True), "half": (WROTE, False)}
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'numerics'\n"
Entries = tuple[dict[str, dict[str, Cell]], dict[tuple[str, str], str | None]]

pytestmark = pytest.mark.xdist_group("cells_for_a_person")


def _course(folder: Path) -> Path:
    """Lay out a course of two notebooks, of which one student has handed in one."""
    given: tuple[tuple[str, Json], ...] = (("part1", PART1), ("part2", PART2))
    for name, one in given:
        written(one, folder / "source" / WEEK / f"{name}.ipynb")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    through_api(folder, ("generate_assignment", WEEK))
    for student, (answers, has_both) in CLASS.items():
        submit(folder, student, WEEK, replaced(released(PART1), answers), "part1")
        if has_both:
            submit(folder, student, WEEK, released(PART2), "part2")
    return folder


def _entries(course: Path) -> Entries:
    """Return every graded cell's entry, and every comment of nbgrader's own."""
    with gradebook(course) as opened:
        comments = {
            (submission.student_id, comment.name): comment.auto_comment
            for submission in opened.assignment_submissions(WEEK)
            for part in submission.notebooks
            for comment in part.comments
        }
    return cells_of(course, WEEK), comments


def _grade_by_hand(course: Path) -> None:
    """Enter points as the formgrader does, for one student."""
    with gradebook(course) as opened:
        for part, cell in (("part1", "task"), ("part1", "essay"), ("part2", "project")):
            entry: Any = opened.find_grade(cell, part, WEEK, "wrote")
            entry.manual_score, entry.needs_manual_grade = 1.5, False
        opened.db.commit()


def _by_us(course: Path) -> None:
    ran = autograder("grade", WEEK, "--force", folder=course)
    assert ran.status == 0, ran.err


def _by_stock(course: Path) -> None:
    through_api(course, *(("autograde", WEEK, student) for student in CLASS))


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same course twice, graded by stock nbgrader and by us."""
    stock, ours = (_course(tmp_path_factory.mktemp("person") / name) for name in ("stock", "ours"))
    _by_stock(stock)
    _by_us(ours)
    return stock, ours


def test_what_waits_for_a_person_is_as_in_stock_nbgrader(courses: tuple[Path, Path]) -> None:
    """A task waits for a person whatever the student did; an essay or a drawing only where something was written."""
    stock, ours = map(_entries, courses)
    assert ours == stock
    entries, comments = ours
    for student in CLASS:
        assert entries[student]["task"] == Cell(0, None, None, None, needs_manual=True)
        assert comments[student, "task"] is None
    assert entries["left"]["essay"] == Cell(0, 0, None, None, needs_manual=False)
    assert entries["wrote"]["plot"].needs_manual
    assert entries["half"]["project"] == Cell(0, 0, None, None, needs_manual=False)


def test_what_a_person_has_graded_is_as_in_stock_nbgrader_after_a_regrade(courses: tuple[Path, Path]) -> None:
    """A graded task stays graded; an essay is looked at again; the missing notebook that comes later waits."""
    for course, regrade in zip(courses, (_by_stock, _by_us), strict=True):
        _grade_by_hand(course)
        submit(course, "half", WEEK, released(PART2), "part2")
        regrade(course)
    stock, ours = map(_entries, courses)
    entries = ours[0]["wrote"]
    assert entries["task"] == Cell(1.5, None, 1.5, None, needs_manual=False)
    assert entries["essay"] == Cell(1.5, None, 1.5, None, needs_manual=True)
    late, theirs = (one[0]["half"].pop("project") for one in (ours, stock))
    assert ours == stock
    # Stock leaves the 0 that stood for the missing notebook, and tells nobody to look at it.
    assert (theirs.auto, late) == (0, Cell(0, None, None, None, needs_manual=True))
