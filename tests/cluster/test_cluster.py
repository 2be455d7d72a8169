"""Grading on a Dask cluster ends as grading on one machine does, whatever dies on the way."""

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.cluster import Cluster, cluster, grading, wait_for_the_first, without_seconds
from helpers.small_course import WEEK, counts, grade, left
from reference import STUDENTS, Reference

SECONDS = 100
pytestmark = pytest.mark.xdist_group("dask")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that tests break, one after another."""
    with cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def running(used: Cluster) -> Cluster:
    """A cluster with a scheduler and two workers, whatever the test before has done to it."""
    used.mend(2)
    return used


def test_results_are_those_of_one_machine(running: Cluster, reference: Reference, course: Path, tmp_path: Path) -> None:
    """Gradebook, graded files and report are the same byte for byte, but for the seconds; a second run does nothing."""
    first = grading(course, WEEK, str(running.file), "--json", str(tmp_path / "report.json"))
    _, err = first.communicate(timeout=SECONDS)
    assert first.returncode == 3, err  # one submission is no notebook
    assert b"Traceback" not in err
    assert left(course) == reference.left
    assert without_seconds(tmp_path / "report.json") == without_seconds(reference.report)
    again = grading(course, WEEK, running.address)
    out, err = again.communicate(timeout=SECONDS)
    assert f"graded: 0, could not be graded: 1, unchanged: {STUDENTS}" in out.decode(), err


def test_killed_workers_cost_no_result(running: Cluster, reference: Reference, course: Path) -> None:
    """Workers die by SIGKILL in the middle of the work, again and again; others take their place."""
    grader = grading(course, WEEK, running.address)
    wait_for_the_first(grader)
    for number in range(3):
        running.workers[number].kill()
        running.start_worker()
        time.sleep(0.5)
        assert number > 1 or grader.poll() is None  # with the first two gone it waits for another
    _, err = grader.communicate(timeout=SECONDS)
    assert grader.returncode == 3, err
    assert left(course) == reference.left


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_scheduler_that_comes_back_costs_no_result(
    running: Cluster, reference: Reference, course: Path, how: signal.Signals
) -> None:
    """The scheduler is killed, or closed in order; with another one at its address the run goes on to the same end."""
    grader = grading(course, WEEK, running.address)
    wait_for_the_first(grader)
    running.kill_scheduler(how)
    assert grader.poll() is None
    running.start_scheduler()
    for _ in range(2):
        running.start_worker()
    _, err = grader.communicate(timeout=SECONDS)
    assert grader.returncode == 3, err
    assert left(course) == reference.left


def test_without_a_scheduler_what_is_done_is_saved(running: Cluster, reference: Reference, course: Path) -> None:
    """A scheduler that stays away ends the run with status 3 and a message; the same command does the rest."""
    grader = grading(course, WEEK, running.address, patience="2s")
    wait_for_the_first(grader)
    time.sleep(0.5)
    running.kill_scheduler()
    _, err = grader.communicate(timeout=SECONDS)
    assert grader.returncode == 3
    assert b"Traceback" not in err, err.decode()
    assert f"no Dask scheduler answers at {running.address}".encode() in err
    found = re.search(rb"(\d+) submissions are graded and saved; the same command goes on from there", err)
    assert found is not None, err
    saved = int(found[1])
    assert 1 <= saved < STUDENTS
    done, unchanged = counts(grade(course))
    assert done + unchanged == STUDENTS
    assert unchanged in (saved, saved - 1)  # the torn one is graded, too, if it was saved
    assert left(course) == reference.left


def test_a_worker_that_hangs_keeps_nobody_waiting(running: Cluster, reference: Reference, course: Path) -> None:
    """A stopped worker, which keeps its connections, loses its submissions to the others; no result counts twice."""
    grader = grading(course, WEEK, running.address)
    wait_for_the_first(grader)
    running.stop_worker()
    started = time.monotonic()
    _, err = grader.communicate(timeout=SECONDS)
    assert grader.returncode == 3, err
    assert time.monotonic() - started < 60
    assert left(course) == reference.left


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:9", b"no Dask scheduler answers at tcp://127.0.0.1:9"),
        ("tls://127.0.0.1:9", b"tls://127.0.0.1:9 needs a certificate"),
        ("there-is-none.json", b"no Dask scheduler answers at there-is-none.json"),
    ],
)
def test_an_address_where_nobody_is_ends_with_a_message(course: Path, address: str, told: bytes) -> None:
    """No scheduler, or no way to it: status 3, a message that names the address, and nothing is written."""
    grader = grading(course, WEEK, address, patience="1s")
    _, err = grader.communicate(timeout=SECONDS)
    assert grader.returncode == 3
    assert told in err, err
    assert b"Traceback" not in err
    assert not (course / "gradebook.db").exists()
