"""Tests that change while there are submissions: what would differ is shown first, and a person's entries stay."""

import json
import shutil
from pathlib import Path

import pytest
from helpers.command import results
from helpers.course import gradebook, nbgrader, submit
from helpers.notebooks import check, notebook, solution, written
from helpers.small_course import (
    RIGHT,
    WEEK,
    WRONG,
    auto_scores,
    copied,
    counts,
    grade,
    left,
    rows_of,
    small_course,
    week,
)

MORE = check("test_more", "assert f(5) == 10", 3)
ZERO = check("test_zero", "assert f(0) == 0", 1)

pytestmark = pytest.mark.xdist_group("changed_tests")


def _teach(course: Path, *more: dict) -> None:
    written(week(*more), course / "source" / WEEK / f"{WEEK}.ipynb")


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded course of three, in which a person has marked one student's work."""
    course = small_course(tmp_path_factory.mktemp("changed") / "course")
    _teach(course, ZERO)
    assert counts(grade(course)) == (3, 0)
    with gradebook(course) as opened:
        mine = opened.find_grade("test_f", WEEK, WEEK, "s02")
        mine.manual_score, mine.extra_credit = 1.5, 0.25
        opened.find_comment("f", WEEK, WEEK, "s02").manual_comment = "Nearly."
        opened.db.commit()
    return course


def _by_hand(course: Path) -> list[tuple[object, ...]]:
    """Return what a person has entered: manual score, extra credit, comment."""
    entered = [(*row[:4], *row[5:7], row[9]) for row in rows_of(course)]
    return [row for row in entered if any(value is not None for value in row[4:])]


def _everything(course: Path) -> dict[str, bytes]:
    # But what Python compiles of the course's modules, where it may.
    files = (path for path in sorted(course.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(course)): path.read_bytes() for path in files}


def test_a_dry_run_shows_the_differences_and_writes_nothing(marked: Path, tmp_path: Path) -> None:
    """Old and new points of each exercise that would change are shown, and no file differs afterwards."""
    course = copied(marked, tmp_path / "course")
    _teach(course, MORE)
    submit(course, "new", WEEK, RIGHT)
    before = _everything(course)
    ran = grade(course, "--dry-run")
    assert ran.status == 0, ran.err
    assert _everything(course) == before
    lines = [line.split(maxsplit=1) for line in ran.out.splitlines()]
    assert ["s00", "test_more - → 3, test_zero 1 → -"] in lines
    assert ["new", "f - → 2, test_more - → 3"] in lines
    assert "4 students' scores would change" in ran.out


def test_a_dry_run_writes_its_json(marked: Path, tmp_path: Path) -> None:
    """--json keeps its form in a dry run, and gains the changes."""
    course = copied(marked, tmp_path / "course")
    submit(course, "s00", WEEK, WRONG)
    assert grade(course, "--dry-run", "--json", str(tmp_path / "dry.json")).status == 0
    report = results(tmp_path / "dry.json")
    assert report["changes"] == [
        {"student": "s00", "exercise": "f", "old": 2, "new": 0},
        {"student": "s00", "exercise": "test_zero", "old": 1, "new": 0},
    ]
    assert [one["score"] for one in report["submissions"]] == [0]
    assert left(course) == left(marked)
    assert grade(course, "--json", str(tmp_path / "real.json")).status == 0
    assert set(report) - set(results(tmp_path / "real.json")) == {"changes"}


def test_a_dry_run_of_a_course_that_was_never_graded(tmp_path: Path) -> None:
    """Before the first grading, too, a dry run shows the scores and makes no gradebook, secret or folder."""
    course = small_course(tmp_path / "course")
    before = _everything(course)
    ran = grade(course, "--dry-run")
    assert "3 students' scores would change" in ran.out
    assert _everything(course) == before
    assert not (course / ".autograder").exists()


def test_a_test_cell_is_added(marked: Path, tmp_path: Path) -> None:
    """A new test gets everybody's points, also in the gradebook of those who are graded no more; the rest stays."""
    course = copied(marked, tmp_path / "course")
    shutil.rmtree(course / "submitted" / "s01")
    _teach(course, ZERO, MORE)
    ran = grade(course)
    assert counts(ran) == (2, 0), ran.err
    assert "scores that changed: 2 students'" in ran.out
    rows: dict[str, dict[str, float | None]] = {}
    for row in rows_of(course):
        if row[3] == "GradeCell":
            rows.setdefault(row[0], {})[row[2]] = row[4]
    assert rows == {
        "s00": {"test_f": 2, "test_zero": 1, "test_more": 3},
        "s01": {"test_f": 2, "test_zero": 1, "test_more": None},
        "s02": {"test_f": 0, "test_zero": 0, "test_more": 0},
    }
    assert _by_hand(course) == _by_hand(marked)
    with gradebook(course) as opened:
        assert opened.find_assignment(WEEK).max_score == 6
        assert opened.find_submission(WEEK, "s02").score == 1.75


def test_a_test_cell_is_removed_and_points_change(marked: Path, tmp_path: Path) -> None:
    """A removed test's points are gone from gradebook and total; a test that is worth more counts more."""
    course = copied(marked, tmp_path / "course")
    text = json.dumps(week()).replace('"points": 2', '"points": 4')
    (course / "source" / WEEK / f"{WEEK}.ipynb").write_text(text)
    assert counts(grade(course)) == (3, 0)
    assert auto_scores(course) == {"s00": 4, "s01": 4, "s02": 0}
    assert {row[2] for row in rows_of(course)} == {"f", "test_f"}
    assert _by_hand(course) == _by_hand(marked)
    with gradebook(course) as opened:
        assert opened.find_assignment(WEEK).max_score == 4
    assert counts(grade(course)) == (0, 3)


def test_a_cell_that_a_person_marked_is_not_removed(marked: Path, tmp_path: Path) -> None:
    """A cell on which a person entered something can't vanish: status 3, the student is named, nothing is written."""
    course = copied(marked, tmp_path / "course")
    written(notebook(solution("f", "f = 1"), ZERO), course / "source" / WEEK / f"{WEEK}.ipynb")
    ran = grade(course)
    assert (ran.status, ran.out) == (3, "")
    assert "test_f is no longer in source/" in ran.err
    assert "s02" in ran.err
    assert left(course) == left(marked)


def test_nbgrader_goes_on_with_what_was_added(marked: Path, tmp_path: Path) -> None:
    """After a test was added, nbgrader's own commands read the gradebook and make feedback."""
    course = copied(marked, tmp_path / "course")
    _teach(course, ZERO, MORE)
    assert grade(course).status == 0
    for command in (["generate_assignment", WEEK, "--force"], ["generate_feedback", WEEK], ["export"]):
        ran = nbgrader(*command, folder=course)
        assert ran.status == 0, ran.err
    assert "test_more" not in (course / "grades.csv").read_text()
    assert counts(grade(course)) == (0, 3)
