"""Fixtures of the cluster's tests: a course, and what grading it on one machine leaves."""

import shutil
from pathlib import Path

import pytest
from helpers.course import submit
from helpers.small_course import WEEK, copied, grade, left, small_course
from reference import STUDENTS, UNHURRIED, Reference


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Some right, some wrong, some slow submissions, one that is none, and a file beside one."""
    place = tmp_path_factory.mktemp("dask")
    course = small_course(place / "course", STUDENTS)
    (course / ".autograder").mkdir()
    (course / ".autograder" / "secret").write_text("5e" * 32)
    for number in range(0, STUDENTS, 2):
        submit(course, f"s{number:02}", WEEK, UNHURRIED)
    submit(course, "torn", WEEK, b'{"cells": [')
    (course / "submitted" / "s01" / WEEK / "notes.txt").write_text("beside")
    graded = copied(course, place / "graded")
    ran = grade(graded, "--json", str(place / "report.json"))
    assert ran.status == 3, ran.err
    return Reference(course, left(graded), place / "report.json")


@pytest.fixture
def course(reference: Reference, tmp_path: Path) -> Path:
    """A course that nobody has graded."""
    return copied(reference.fresh, tmp_path / "course")


@pytest.fixture(scope="session", autouse=True)
def enough_room() -> None:
    """Skip where Dask is not installed."""
    pytest.importorskip("distributed")
    assert shutil.which("bwrap")
