"""Test cells of every kind that real courses have: run here, each scores what it scores in one plain process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from corpus import Case, cases
from helpers.grading import Grader, assignment_from
from helpers.notebooks import ROOT, check, code, notebook, released, replaced, solution

HERE = Path(__file__).resolve().parent
CASES = cases()


@pytest.fixture(scope="module")
def plainly() -> dict[str, float]:
    """What every answer earns in one plain process."""
    program = [sys.executable, str(HERE / "plainly.py")]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def _ours(grader: Grader, case: Case, answer: str) -> tuple[float, str]:
    cells = [code(case.given)] if case.given else []
    original = notebook(
        *cells,
        solution("answer", f"### BEGIN SOLUTION\n{case.right}\n### END SOLUTION"),
        check("test_answer", case.test),
    )
    given = replaced(released(original), {"answer": getattr(case, answer)})
    outcome = grader.grade(given, assignment_from(original))
    return outcome.scores["answer"], outcome.message("answer")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_cell_scores_what_it_scores_in_a_plain_process(grader: Grader, plainly: dict[str, float], case: Case) -> None:
    """The right and the wrong answer earn the same as where test and answer share a process."""
    for answer in ("right", "wrong"):
        earned, told = _ours(grader, case, answer)
        assert earned == pytest.approx(plainly[f"{case.name}:{answer}"]), (answer, told)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_corpus_tells_right_from_wrong(plainly: dict[str, float], case: Case) -> None:
    """In a plain process, a right answer earns its point and a wrong one less."""
    assert plainly[f"{case.name}:right"] == 1 > plainly[f"{case.name}:wrong"]
