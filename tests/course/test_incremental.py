"""Grading again does what changed and nothing else: submission, tests, environment, seed, limits."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.course import gradebook, submit
from helpers.notebooks import check, written
from helpers.small_course import RIGHT, WEEK, WRONG, auto_scores, copied, counts, grade, left, marks, small_course, week

pytestmark = pytest.mark.xdist_group("incremental")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three that was graded once."""
    course = small_course(tmp_path_factory.mktemp("incremental") / "course")
    assert counts(grade(course)) == (3, 0)
    return course


def _edit(path: str, text: str) -> Callable[[Path], None]:
    return lambda course: (course / path).write_text(text) and None


def _comment(path: str) -> Callable[[Path], None]:
    return lambda course: (course / path).write_text((course / path).read_text() + "# edited\n") and None


def _forget(path: str) -> Callable[[Path], None]:
    def forget(course: Path) -> None:
        target = course / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    return forget


NOTHING_TO_DO: dict[str, Callable[[Path], None]] = {
    "nothing": lambda course: None,
    "another set's module": _comment("solutions/week2.py"),
    "the record is lost": _forget(f".autograder/graded-{WEEK}.jsonl"),
    "the record is nonsense": _edit(f".autograder/graded-{WEEK}.jsonl", '{"x": [\n\x00\n[1, 2, 3]\nnull\n'),
    "the files were touched": lambda course: [path.touch() for path in course.rglob("*.ipynb")] and None,
}
ALL_AGAIN: dict[str, Callable[[Path], None]] = {
    "the tests": lambda course: (
        written(week(check("test_more", "assert f(0) == 0", 1)), course / f"source/{WEEK}/{WEEK}.ipynb") and None
    ),
    "a module that tests import": _comment("solutions/week1.py"),
    "a module that such a module imports": _comment("solutions/numbers.py"),
    "a file beside the notebook in source/": _edit(f"source/{WEEK}/data.csv", "1,2\n"),
    "the secret": _edit(".autograder/secret", "00" * 32),
    "the graded files are gone": _forget("autograded"),
    "the gradebook is gone": _forget("gradebook.db"),
}


@pytest.mark.parametrize("name", NOTHING_TO_DO)
def test_what_bears_on_no_result_grades_nothing(done: Path, tmp_path: Path, name: str) -> None:
    """A change that no result hangs on, or a lost cache, leaves everything graded as it is, to the last byte."""
    course = copied(done, tmp_path / "course")
    before = left(course)
    NOTHING_TO_DO[name](course)
    assert counts(grade(course)) == (0, 3)
    assert left(course) == before


@pytest.mark.parametrize("name", ALL_AGAIN)
def test_what_every_result_hangs_on_grades_all_again(done: Path, tmp_path: Path, name: str) -> None:
    """Changed tests, whatever they import, another seed, lost results: everybody is graded again, once."""
    course = copied(done, tmp_path / "course")
    ALL_AGAIN[name](course)
    assert counts(grade(course)) == (3, 0)
    assert counts(grade(course)) == (0, 3)
    assert auto_scores(course) == {"s00": 2, "s01": 2, "s02": 0}


def test_other_limits_grade_all_again(done: Path, tmp_path: Path) -> None:
    """A result was made within limits; with others it is made again. --force makes all again, too."""
    course = copied(done, tmp_path / "course")
    assert counts(grade(course, "--timeout", "9")) == (3, 0)
    assert counts(grade(course, "--timeout", "9")) == (0, 3)
    assert counts(grade(course, "--timeout", "9", "--force")) == (3, 0)


def test_only_who_changed_is_graded(done: Path, tmp_path: Path) -> None:
    """Another answer, another file beside it, or another time of submission grades that student only."""
    course = copied(done, tmp_path / "course")
    submit(course, "s00", WEEK, WRONG)
    (course / "submitted" / "s01" / WEEK / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    ran = grade(course)
    assert counts(ran) == (2, 1)
    assert auto_scores(course) == {"s00": 0, "s01": 2, "s02": 0}
    assert "s00  f 2 → 0" in ran.out
    (course / "submitted" / "s02" / WEEK / "notes.txt").write_text("mine")
    assert counts(grade(course)) == (1, 2)
    assert (course / "autograded" / "s02" / WEEK / "notes.txt").read_text() == "mine"


def test_an_older_gradebook_is_noticed(done: Path, tmp_path: Path) -> None:
    """Where the gradebook's scores are not those of the graded files, as in an older backup, they are made anew."""
    course = copied(done, tmp_path / "course")
    with gradebook(course) as opened:
        opened.find_grade("test_f", WEEK, WEEK, "s00").auto_score = 1.0
        opened.db.commit()
    assert counts(grade(course)) == (1, 2)
    assert auto_scores(course)["s00"] == 2


DOCTORED = {
    "an older version": {"version": 1},
    "a version to come": {"version": 99},
    "no version": {"version": None},
    "scores that are no numbers": {"scores": {"test_f": "2"}},
    "no scores": {"scores": None},
    "another key": {"key": "0" * 64},
}


@pytest.mark.parametrize("name", DOCTORED)
def test_results_of_another_version_are_made_again(done: Path, tmp_path: Path, name: str) -> None:
    """A mark that this version did not write, in the notebook or in the record, is not believed."""
    course = copied(done, tmp_path / "course")
    path = course / "autograded" / "s00" / WEEK / f"{WEEK}.ipynb"
    data = json.loads(path.read_text())
    data["metadata"]["autograder"] |= DOCTORED[name]
    path.write_text(json.dumps(data))
    record = course / ".autograder" / f"graded-{WEEK}.jsonl"
    facts = path.stat()
    line = [
        str(path.relative_to(course)),
        [facts.st_size, facts.st_mtime_ns, facts.st_ino],
        data["metadata"]["autograder"],
    ]
    record.write_text(record.read_text() + json.dumps(line) + "\n")
    assert counts(grade(course)) == (1, 2)
    assert marks(course) == marks(done)


def test_a_first_versions_mark_is_made_again(done: Path, tmp_path: Path) -> None:
    """The first version's key in the notebook's metadata says nothing to this one."""
    course = copied(done, tmp_path / "course")
    path = course / "autograded" / "s00" / WEEK / f"{WEEK}.ipynb"
    data = json.loads(path.read_text())
    data["metadata"] = {"autograder_key": data["metadata"]["autograder"]["key"]}
    path.write_text(json.dumps(data))
    assert counts(grade(course)) == (1, 2)


def test_a_result_made_with_less_isolation_is_made_again(tmp_path: Path) -> None:
    """What was graded without isolation does not count for who asks for all of it; the other way round it does."""
    course = small_course(tmp_path / "course", students=1)
    assert counts(grade(course, "--isolation", "none")) == (1, 0)
    path = course / "autograded" / "s00" / WEEK / f"{WEEK}.ipynb"
    data = json.loads(path.read_text())
    data["metadata"]["autograder"]["level"] = "none"
    path.write_text(json.dumps(data))
    assert counts(grade(course, "--isolation", "none")) == (0, 1)
    assert counts(grade(course)) == (1, 0)


def test_a_students_own_mark_is_not_believed(tmp_path: Path) -> None:
    """A mark in the submitted file is replaced by the grader's own."""
    course = small_course(tmp_path / "course", students=0)
    forged = {"version": 2, "key": "0" * 64, "scores": {"test_f": 2.0}, "level": "full"}
    submit(course, "eve", WEEK, {**WRONG, "metadata": {"autograder": forged}})
    assert counts(grade(course)) == (1, 0)
    assert auto_scores(course) == {"eve": 0}
    assert marks(course)["eve"]["scores"] == {"test_f": 0}
    assert RIGHT != WRONG


def test_what_can_not_be_graded_is_told_again_without_another_try(tmp_path: Path) -> None:
    """A broken file is status 3 each time, with its reason, until it changes; then it is graded."""
    course = small_course(tmp_path / "course", students=2)
    submit(course, "kurt", WEEK, b'{"cells": [')
    first = grade(course)
    before = left(course)
    again = grade(course, "--json", "out.json")
    assert (first.status, again.status) == (3, 3)
    assert "graded: 0, could not be graded: 1, unchanged: 2" in again.out
    assert again.err == ""
    (entry,) = json.loads((course / "out.json").read_text())["submissions"]
    assert (entry["path"], entry["status"]) == (f"submitted/kurt/{WEEK}/{WEEK}.ipynb", "error")
    assert entry["message"] in first.out
    assert left(course) == before
    submit(course, "kurt", WEEK, RIGHT)
    ran = grade(course)
    assert (ran.status, counts(ran)) == (0, (1, 2))
    assert auto_scores(course)["kurt"] == 2
