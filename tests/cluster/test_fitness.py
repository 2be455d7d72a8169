"""A worker that can't grade as it was asked to says why, and grades nothing; what it sends is not believed blindly."""

import json
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from helpers.cluster import Cluster, cluster, grading
from helpers.notebooks import ROOT
from helpers.small_course import WEEK, left

from autograder.callloop.limits import Limits
from autograder.cluster.answers import AnswerError, packed_result, unpacked
from autograder.cluster.connection import ClusterError
from autograder.cluster.crew import AHEAD, LEAST_AHEAD, ClusterCrew
from autograder.cluster.parcel import Errand, Parcel
from autograder.notebook.assignment import Assignment, load_assignments
from autograder.pipeline import Graded, Submission, settled_submission
from autograder.report import Check, ExerciseResult, Status, SubmissionResult

SEED = "5eed" * 16
WITHOUT_NAMESPACES = json.dumps({"user": None, "readable": [], "refused": ["user namespaces"]})
REFUSING = (sys.executable, str(ROOT / "tests" / "helpers" / "elsewhere.py"), WITHOUT_NAMESPACES)
pytestmark = pytest.mark.xdist_group("dask")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers that nothing happens to."""
    with cluster(tmp_path_factory.mktemp("cluster")) as found:
        yield found


def _tests(course: Path) -> tuple[Parcel, Assignment]:
    (assignment,) = load_assignments(course, WEEK)
    return Parcel.of([assignment], Limits(), "full"), assignment


def _submissions(course: Path, assignment: Assignment, count: int) -> list[Submission]:
    path = course / "submitted" / "s01" / WEEK / f"{WEEK}.ipynb"
    return [settled_submission(path, f"{number}", assignment, SEED) for number in range(count)]


@pytest.mark.parametrize(("name", "there"), [("numpy", "1.0"), ("Python", "3.0"), ("backprop-autograder", "0.0 (f00)")])
def test_other_versions_are_refused(running: Cluster, course: Path, name: str, there: str) -> None:
    """Workers with another NumPy, Python or text of this program grade nothing, and the message names both versions."""
    tests, assignment = _tests(course)
    said: list[str] = []
    crew = ClusterCrew(running.address, replace(tests, facts={**tests.facts, name: there}), said.append)
    try:
        crew.start(_submissions(course, assignment, 3))
        message = f"{name} {tests.facts[name]} on the worker, {there} on yours"
        with pytest.raises(ClusterError) as caught:
            crew.next()
        assert message in str(caught.value)
        assert all(message in one for one in said)
    finally:
        crew.stop()


def test_few_submissions_are_under_way_at_once(running: Cluster, course: Path) -> None:
    """However many submissions there are, only some for each worker have been read at any time."""
    tests, assignment = _tests(course)
    crew = ClusterCrew(running.address, tests, print)
    crew.start(_submissions(course, assignment, 60))
    most, found = 0, set()
    try:
        for _ in range(60):
            found.add(crew.next()[0])
            most = max(most, len(crew.work.tries) + len(crew.work.ready))
    finally:
        crew.stop()
    assert found == set(range(60))
    assert most <= max(LEAST_AHEAD, 2 * AHEAD)
    assert crew.work.bytes_under_way == 0


def test_a_worker_that_can_not_isolate_is_left_out(course: Path, tmp_path: Path) -> None:
    """On a machine without user namespaces a worker refuses full isolation; the run says so, and others do the work."""
    with cluster(tmp_path / "cluster", workers=0) as mixed:
        mixed.start_worker(*REFUSING)
        alone = grading(course, WEEK, mixed.address)
        _, err = alone.communicate(timeout=60)
        assert alone.returncode == 3
        assert b"no worker of the cluster" in err
        assert b"does not isolate student code fully" in err
        assert b"Traceback" not in err
        mixed.start_worker()
        together = grading(course, WEEK, mixed.address)
        _, err = together.communicate(timeout=60)
        assert together.returncode == 3, err  # one submission is no notebook
        assert all(row[4] is not None for row in left(course).rows if row[2:4] == ("test_f", "GradeCell"))


def test_the_courses_secret_stays(course: Path) -> None:
    """Nothing that is sent holds the course's secret or a file that tests do not import."""
    tests, _ = _tests(course)
    sent = zlib.decompress(tests.packed())
    assert (course / ".autograder" / "secret").read_bytes() not in sent
    assert set(tests.modules) == {"solutions/__init__.py", "solutions/week1.py", "solutions/numbers.py"}
    assert Parcel.unpacked(tests.packed()) == tests
    errand = Errand("a.ipynb", "submitted/a.ipynb", WEEK, b"content", SEED)
    assert Errand.unpacked(errand.packed()) == errand


@pytest.mark.parametrize("name", ["../up.py", "/etc/up.py", "a/../../up.py"])
def test_modules_stay_below_their_folder(course: Path, tmp_path: Path, name: str) -> None:
    """A module whose name leads elsewhere is not written."""
    tests, _ = _tests(course)
    with pytest.raises(ValueError, match=r"up\.py"):
        replace(tests, modules={name: b""}).laid_out(tmp_path / "below")


# --- answers --------------------------------------------------------------------------------------

RIGHT = Graded(
    SubmissionResult("a", Status.GRADED, (ExerciseResult("f", "test_f", 2.0, 2.0, (Check("runs", passed=True),)),)),
    {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
)


def _changed(*path: Any, to: Any) -> bytes:
    data = json.loads(zlib.decompress(packed_result("tcp://w", RIGHT, "full", ("seccomp",))))
    part = data
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = to
    return zlib.compress(json.dumps(data).encode())


def test_an_answer_comes_back_as_it_was(course: Path) -> None:
    """A result that is packed and unpacked is the same."""
    _, assignment = _tests(course)
    answer = unpacked(packed_result("tcp://w", RIGHT, "full", ("seccomp",)), "a", assignment)
    assert answer.graded == replace(RIGHT, assignment=assignment)
    assert (answer.level, answer.layers, answer.refused) == ("full", ("seccomp",), "")


@pytest.mark.parametrize(
    "given",
    [
        b"", b"{}", zlib.compress(b"[]"), zlib.compress(b"{}"), "text", None,
        _changed("result", "exercises", to=[]),
        _changed("result", "exercises", 0, "score", to=float("nan")),
        _changed("result", "exercises", 0, "score", to="2"),
        _changed("result", "exercises", 0, "score", to=True),
        _changed("result", "exercises", 0, "grade_id", to="test_g"),
        _changed("result", "status", to="perfect"),
        _changed("result", "warnings", to="none"),
        _changed("result", "message", to=None),
        _changed("notebook", to=None),
        _changed("notebook", "cells", to={}),
        _changed("level", to=3),
    ],
)  # fmt: skip
def test_an_answer_of_another_form_is_refused(course: Path, given: Any) -> None:
    """What is not an answer to this assignment is an error, and no result."""
    _, assignment = _tests(course)
    with pytest.raises(AnswerError):
        unpacked(given, "a", assignment)
