"""A batch goes on when the grader's own processes die: they are replaced, and the submission is graded again."""

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.grading import SEED, assignment_from
from helpers.inside import children
from helpers.notebooks import check, code, notebook, solution, written

from autograder.batch import LocalCrew, grade_all, setup_for
from autograder.callloop.limits import Limits
from autograder.isolation import strongest
from autograder.pipeline import Submission
from autograder.report import Status
from autograder.sandbox.backend import Backend

COURSE = assignment_from(notebook(solution("f", "f = 1"), check("test_f", "assert f == 1")))

MUCH = 50


def _submissions(folder: Path, count: int, slow: tuple[int, ...] = (), seconds: int = 0) -> list[Submission]:
    texts = [f"import time\ntime.sleep({seconds if number in slow else 0})\nf = 1" for number in range(count)]
    paths = [written(notebook(solution("f", text)), folder / f"{number}.ipynb") for number, text in enumerate(texts)]
    return [Submission(path, path.name, lambda *_: (COURSE, []), lambda *_: SEED) for path in paths]


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _kill(among: set[int], what: str) -> int:
    """Kill those of some processes whose command line holds a text; return how many."""
    killed = 0
    for one in [one for one in among if what in _command(one)]:
        with contextlib.suppress(ProcessLookupError):  # a fork that ended by itself just now
            os.kill(one, signal.SIGKILL)
            killed += 1
    return killed


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_every_submission_gets_its_result(tmp_path: Path, jobs: int) -> None:
    """Any number of workers gives each submission its result, once."""
    crew = LocalCrew(setup_for([COURSE], strongest("full")[0], Limits()), jobs)
    found = dict(grade_all(_submissions(tmp_path, MUCH), crew))
    assert sorted(found) == list(range(MUCH))
    assert all(graded.result.score == 1 for graded in found.values())
    assert [found[place].result.path for place in range(MUCH)] == [f"{place}.ipynb" for place in range(MUCH)]
    assert len(crew.stations) == jobs


def test_there_are_no_more_workers_than_submissions(tmp_path: Path) -> None:
    """Two submissions have two workers at most, and one has one, however many are allowed."""
    for count in (1, 2):
        crew = LocalCrew(setup_for([COURSE], strongest("full")[0], Limits()), 5)
        assert len(list(grade_all(_submissions(tmp_path, count), crew))) == count
        assert len(crew.stations) == count


def test_a_slow_submission_keeps_no_others_waiting(tmp_path: Path) -> None:
    """While one worker is at a submission that takes long, another judges the rest."""
    # On a busy machine, to start takes several seconds.
    setup = setup_for([COURSE], strongest("full")[0], Limits(cell_seconds=40.0))
    order = [place for place, _ in grade_all(_submissions(tmp_path, 4, (0,), 10), LocalCrew(setup, 2))]
    assert order == [1, 2, 3, 0]


def test_what_a_notebooks_first_cell_imports_is_loaded_once() -> None:
    """A cell that an instructor has not marked is loaded before any submission, as a locked one is."""
    course = assignment_from(
        notebook(code("import colorsys"), solution("f", "import wave"), check("t", "import chunk"))
    )
    assert setup_for([course], strongest("full")[0], Limits()).modules == ("chunk", "colorsys")


def test_no_submission_is_no_work() -> None:
    """An empty batch starts nothing."""
    setup = setup_for([COURSE], strongest("full")[0], Limits())
    assert list(grade_all([], LocalCrew(setup, 2))) == []


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("what", ["autograder.judge.server", "callloop.server"])
def test_killed_processes_of_the_graders_are_replaced(tmp_path: Path, what: str, jobs: int) -> None:
    """When all judge's servers or all sandboxes are killed in the middle, every submission is graded all the same."""
    before = children(os.getpid())
    setup = setup_for([COURSE], strongest("full")[0], Limits())
    results = []
    for number, (_, graded) in enumerate(grade_all(_submissions(tmp_path, 12), LocalCrew(setup, jobs))):
        results.append(graded.result)
        if number == 1:
            assert _kill(children(os.getpid()) - before, what)
    assert [result.status for result in results] == [Status.GRADED] * 12, [result.message for result in results]
    lost = [result.exercises for result in results if result.score != 1]
    assert lost == []


def test_a_killed_lane_takes_no_other_with_it(tmp_path: Path) -> None:
    """Where one of two workers' processes is killed, the other's goes on, and the first is replaced."""
    before = children(os.getpid())
    crew = LocalCrew(setup_for([COURSE], strongest("full")[0], Limits()), 2)
    results = []
    for number, (_, graded) in enumerate(grade_all(_submissions(tmp_path, 12), crew)):
        results.append(graded.result)
        if number == 1:
            servers = [one for one in children(os.getpid()) - before if "autograder.judge.server" in _command(one)]
            first = min(servers)
            lanes = sorted(children(first) & set(servers))
            os.kill(lanes[0], signal.SIGKILL)
    assert [result.score for result in results] == [1] * 12, [result.message for result in results]
    assert _command(first) == ""


def test_nothing_is_left_of_workers_that_were_stopped(tmp_path: Path) -> None:
    """A run that is stopped while its workers judge leaves no process, and does not wait for what they are at."""
    before = children(os.getpid())
    setup = setup_for([COURSE], strongest("full")[0], Limits(cell_seconds=60.0))
    slow = grade_all(_submissions(tmp_path, 6, (2, 3, 4, 5), 50), LocalCrew(setup, 2))
    assert {next(slow)[0], next(slow)[0]} == {0, 1}
    started = time.monotonic()
    slow.close()
    assert time.monotonic() - started < 20
    while children(os.getpid()) - before and time.monotonic() - started < 20:
        time.sleep(0.05)
    assert children(os.getpid()) - before == set()


@pytest.fixture
def anybodys() -> Iterator[Path]:
    """A folder that the sandbox's own user can look into."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_what_was_graded_counts_where_no_worker_starts_any_more(tmp_path: Path, anybodys: Path) -> None:
    """On a machine that becomes too busy to start a sandbox, each submission that is left is said to be not graded."""
    here, program = anybodys / "here", anybodys / "bwrap"
    program.write_text(f'#!/bin/sh\ntest -e {here} && exec bwrap "$@"\necho too busy >&2\nexit 1\n')
    program.chmod(0o755)
    here.touch()
    before = children(os.getpid())
    backend = strongest("full")[0]
    assert isinstance(backend, Backend)
    crew = LocalCrew(setup_for([COURSE], replace(backend, bubblewrap=str(program)), Limits()), 1)
    found = {}
    for place, graded in grade_all(_submissions(tmp_path, 6, (2,), 1), crew):
        found[place] = graded.result
        if len(found) == 2:
            here.unlink()
            assert _kill(children(os.getpid()) - before, "autograder.judge.server")
    assert sorted(found) == list(range(6))
    assert found[0].score == found[1].score == 1
    assert {found[place].status for place in range(3, 6)} == {Status.ERROR}
    assert "too busy" in found[5].message
