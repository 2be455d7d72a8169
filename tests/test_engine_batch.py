"""A batch goes on when the grader's own processes die: they are replaced, and the submission is graded again."""

import contextlib
import os
import signal
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

COURSE = assignment_from(notebook(solution("f", "f = 1"), check("test_f", "assert f == 1")))


def _submissions(folder: Path, count: int) -> list[Submission]:
    paths = [written(notebook(solution("f", "f = 1")), folder / f"{number}.ipynb") for number in range(count)]
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
    setup = setup_for([COURSE], strongest("full")[0], Limits())
    found = dict(grade_all(_submissions(tmp_path, 7), LocalCrew(setup, jobs)))
    assert sorted(found) == list(range(7))
    assert all(graded.result.score == 1 for graded in found.values())
    assert [found[place].result.path for place in range(7)] == [f"{place}.ipynb" for place in range(7)]


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


@pytest.mark.parametrize("what", ["autograder.judge.server", "callloop.server"])
def test_a_killed_process_of_the_graders_is_replaced(tmp_path: Path, what: str) -> None:
    """When a judge's server or a sandbox is killed in the middle, every submission is graded all the same."""
    before = children(os.getpid())
    setup = setup_for([COURSE], strongest("full")[0], Limits())
    results = []
    for number, (_, graded) in enumerate(grade_all(_submissions(tmp_path, 12), LocalCrew(setup, 1))):
        results.append(graded.result)
        if number == 1:
            assert _kill(children(os.getpid()) - before, what)
    assert [result.status for result in results] == [Status.GRADED] * 12, [result.message for result in results]
    lost = [result.exercises for result in results if result.score != 1]
    assert lost == []
