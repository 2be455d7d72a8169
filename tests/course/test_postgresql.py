"""A gradebook on a real PostgreSQL server, named by nbgrader's own setting."""

import contextlib
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import postgresql
from helpers.command import COMMAND, autograder, environment
from helpers.course import nbgrader, submit
from helpers.notebooks import check, written
from helpers.small_course import CONFIG, ROWS, WEEK, WRONG, counts, grade, marks, small_course, week

pytestmark = [
    pytest.mark.xdist_group("postgresql"),
    pytest.mark.skipif(not postgresql.PROGRAMS, reason="PostgreSQL is not installed; 'make test' installs it"),
]
KILLS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A running server."""
    with postgresql.server() as url:
        yield url


def _course(server: str, folder: Path, students: int = 3) -> tuple[Path, str]:
    url = postgresql.fresh_database(server, folder.parent.name)
    config = f"{CONFIG}c.CourseDirectory.db_url = {url!r}\nc.CourseDirectory.course_id = 'numerics'\n"
    return small_course(folder, students, config), url


def _query(url: str, text: str) -> list[tuple[Any, ...]]:
    import psycopg2

    with contextlib.closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall()) if cursor.description else []


def _autos(url: str, cell: str = "test_f") -> dict[str, float]:
    return {row[0]: row[4] for row in _query(url, ROWS) if row[2:4] == (cell, "GradeCell")}


def test_a_class_is_graded_and_left_alone_when_nothing_changed(server: str, tmp_path: Path) -> None:
    """Scores reach the server, and an export from there; a second run does nothing; how to back up is said."""
    course, url = _course(server, tmp_path / "course")
    ran = grade(course)
    assert counts(ran) == (3, 0)
    assert "pg_dump" in ran.err
    assert _autos(url) == {"s00": 2, "s01": 2, "s02": 0}
    assert counts(grade(course)) == (0, 3)
    submit(course, "s00", WEEK, WRONG)
    assert "s00  f 2 → 0" in grade(course, "--dry-run").out
    assert _autos(url)["s00"] == 2
    assert counts(grade(course)) == (1, 2)
    assert _autos(url)["s00"] == 0
    assert not (course / "gradebook.db").exists()
    ran = autograder("export", "brightspace", WEEK, folder=course)
    assert (ran.status, ran.err) == (0, "")
    assert (course / f"{WEEK}-brightspace.csv").read_text().splitlines()[1:] == ["s00,0,#", "s01,2,#", "s02,0,#"]


def test_a_test_is_added_and_a_persons_entries_stay(server: str, tmp_path: Path) -> None:
    """A new test cell reaches the server with everybody's scores; manual scores, comments and extra credit stay."""
    course, url = _course(server, tmp_path / "course")
    assert grade(course).status == 0
    _query(url, "UPDATE grade SET manual_score = 1.5, extra_credit = 0.25")
    _query(url, "UPDATE comment SET manual_comment = 'see me'")
    more = check("test_more", "assert f(0) == 0", 3)
    written(week(more), course / "source" / WEEK / f"{WEEK}.ipynb")
    assert counts(grade(course)) == (3, 0)
    assert _autos(url, "test_more") == {"s00": 3, "s01": 3, "s02": 0}
    rows = [row for row in _query(url, ROWS) if row[2] in ("test_f", "f")]
    assert {row[5:7] for row in rows if row[3] == "GradeCell"} == {(1.5, 0.25)}
    assert {row[9] for row in rows if row[3] == "SolutionCell"} == {"see me"}


def test_nbgrader_reads_and_writes_the_same_gradebook(server: str, tmp_path: Path) -> None:
    """Stock nbgrader's export reads what was written there."""
    course, _ = _course(server, tmp_path / "course")
    assert grade(course).status == 0
    exported = nbgrader("export", folder=course)
    assert exported.status == 0, exported.err
    lines = (course / "grades.csv").read_text().splitlines()
    assert len(lines) == 4


def test_killed_at_random_moments_it_goes_on(server: str, tmp_path: Path) -> None:
    """SIGKILL, also while the tables are made, leaves a gradebook from which the same command goes on."""
    course, url = _course(server, tmp_path / "course", students=6)
    moments = random.Random(7)
    for _ in range(KILLS):
        command = [*COMMAND, "grade", WEEK, "--jobs", "1", *(["--force"] if len(marks(course)) == 6 else [])]
        running = subprocess.Popen(
            command, cwd=course, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(moments.uniform(0.5, 4))
        running.kill()
        running.wait()
    ran = grade(course)
    assert ran.status == 0, ran.err
    assert _autos(url) == {f"s{number:02}": 0 if number % 3 == 2 else 2 for number in range(6)}
    assert counts(grade(course)) == (0, 6)


def test_a_server_that_is_not_there_is_told(server: str, tmp_path: Path) -> None:
    """A database that can't be reached is status 3 and one line, without the password."""
    url = "postgresql://grader:opensesame@localhost:1/none"
    course = small_course(tmp_path / "course", 1, f"{CONFIG}c.CourseDirectory.db_url = {url!r}\n")
    ran = grade(course)
    assert (ran.status, ran.out) == (3, "")
    assert "opensesame" not in ran.err
    assert "gradebook" in ran.err
