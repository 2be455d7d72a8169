"""Where attacks are tried: a notebook with one exercise to attack between two honest ones, and what must hold after.

An attack has failed if its exercise earned nothing, the honest ones kept theirs, nothing secret is in
anything that came back, no process is left, and an honest submission on the same grader is judged as before.
"""

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from helpers.grading import SEED, Grader, Outcome, assignment_from
from helpers.inside import children
from helpers.notebooks import (
    ROOT,
    SETS,
    Json,
    check,
    hidden,
    locked,
    notebook,
    replaced,
    solution,
    solved,
    source,
)

from autograder.report import ExerciseResult, Isolation, Report
from autograder.writers.json_report import as_json

CORPUS = Path(__file__).with_name("corpus")
# What must be in nothing that comes back: a name, a number and a text of the hidden test, the seed, places.
CANARY, EXPECTED = "canary_in_the_hidden_test", "60491.0625"
SECRETS = (
    CANARY,
    EXPECTED,
    "HIDDEN TESTS",
    SEED,
    SEED[:16],
    str(ROOT),
    "nbgrader_config",
    "def reference_of_the_course",
)
HIDDEN = f"""{CANARY} = 245.94930371
def reference_of_the_course(x):
    return x * x
rows = np.linspace(1.0, 2.0, 7)
np.testing.assert_allclose(f(rows), reference_of_the_course(rows), rtol=1e-12, err_msg="{CANARY}")
assert np.allclose(f(np.array([{CANARY}])), {EXPECTED})
for given, wanted in [(2.0, 4.0), (245.95, {EXPECTED})]:
    assert abs(f(given) - wanted) <= 1.0, f"{{wanted}}"
"""
VISIBLE = "value = f(np.array([3.0]))\nassert isinstance(value, np.ndarray)\nassert value.tolist() == [9.0]\n"
TEST = VISIBLE + hidden(HIDDEN)
RIGHT = "def f(x):\n    return x * x"
COURSE = notebook(
    locked("setup", "import numpy as np\ndef close(a, b):\n    return abs(a - b) < 1e-9"),
    solution("before", "def before(x):\n    return x + 1"),
    check("test_before", "assert before(1) == 2 and close(before(2), 3)", 1),
    solution("f", RIGHT),
    check("test_f", TEST, 2),
    solution("after", "def after(x):\n    return x - 1"),
    check("test_after", "assert after(1) == 0 and close(before(5), 6)", 3),
)
ASSIGNMENT = assignment_from(COURSE)
KEPT = {"before": 1.0, "f": 0.0, "after": 3.0}
FULL = {"before": 1.0, "f": 2.0, "after": 3.0}
SOLVED = {name: solved(source(name)) for name in SETS}


def corpus(name: str) -> dict[str, str]:
    """Return the attacks of one file: cells of students, each under a line with its name."""
    text = (CORPUS / f"{name}.txt").read_text(encoding="utf-8")
    parts = (part.partition("\n") for part in text.removeprefix("### ").split("\n\n### "))
    return {title: cell.strip("\n") for title, _, cell in parts}


def verdicts(outcome: Outcome) -> tuple[ExerciseResult, ...]:
    """Return what must be the same each time an honest submission is graded."""
    return outcome.result.exercises


def came_back(outcome: Outcome) -> str:
    """Return all that a student may get to see: the report as JSON, and what the notebook's cells show."""
    still = replace(outcome.result, seconds=0.0)
    report = json.dumps(as_json(Report("small", Isolation("full", ()), (still,))), ensure_ascii=False)
    assert outcome.graded.notebook is not None
    shown = [cell.get("outputs", []) for cell in outcome.graded.notebook["cells"]]
    return report + json.dumps(shown, ensure_ascii=False)


def assert_nothing_secret(outcome: Outcome) -> None:
    """Fail if anything of the hidden test, the seed or the course is in what came back."""
    told = came_back(outcome)
    assert [secret for secret in SECRETS if secret in told] == []


def _parent_and_name(process: int) -> tuple[int, str]:
    try:
        start, _, rest = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
    except OSError:  # ended in between
        return 0, ""
    return int(rest.split()[1]), start.partition("(")[2]


@dataclass
class Arena:
    """One running grader, with what it says of honest submissions."""

    grader: Grader
    honest: tuple[ExerciseResult, ...] = ()
    # How many submissions the grader had taken when an honest one was last judged as ever.
    known_good: int = -1

    def __post_init__(self) -> None:
        self.honest = verdicts(self.grade(RIGHT))
        assert [one.score for one in self.honest] == list(FULL.values())

    def running(self) -> set[int]:
        """Return the processes of submissions: all that the sandboxes' fork servers started."""
        process = self.grader.worker._process
        assert process is not None
        below = {one: _parent_and_name(one) for one in children(process.process.pid)}
        servers = {
            one
            for one, (parent, name) in below.items()
            if name.startswith("python") and below.get(parent, (0, ""))[1] == "bwrap"
        }
        return {one for one, (parent, _) in below.items() if parent in servers}

    def grade(self, text: str) -> Outcome:
        """Grade a submission with this text in the attacked cell."""
        return self.grader.grade(replaced(COURSE, {"f": text}), ASSIGNMENT)

    def fails(self, text: str, scores: dict[str, float] | None = None) -> Outcome:
        """Grade an attack by the text of its cell, and assert that it failed in every way."""
        return self.fails_as(replaced(COURSE, {"f": text}), scores)

    def fails_as(self, given: Json, scores: dict[str, float] | None = None) -> Outcome:
        """Grade an attack by its whole notebook, and assert that it failed in every way."""
        outcome = self.grader.grade(given, ASSIGNMENT)
        assert outcome.scores == (KEPT if scores is None else scores), came_back(outcome)
        assert not any(one.could_not_judge for one in outcome.result.exercises), came_back(outcome)
        assert_nothing_secret(outcome)
        self.is_untouched()
        return outcome

    def is_untouched(self) -> None:
        """Assert that an honest submission is judged as before, and that no process is left."""
        assert verdicts(self.grade(RIGHT)) == self.honest
        deadline = time.monotonic() + 5
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self.running() == set()
        self.known_good = self.grader.number

    def set_loses(self, name: str, texts: dict[str, str], *lost: str, extra: Any = ()) -> Outcome:
        """Grade a set with attacks in some cells; assert that exactly these exercises lost their points."""
        given = replaced(SOLVED[name], texts)
        given["cells"] += list(extra)
        outcome = self.grader.grade_set(name, given)
        assert set(outcome.lost) == set(lost), came_back(outcome)
        assert all(outcome.scores[one] == 0 for one in lost)
        assert_nothing_secret(outcome)
        assert self.grader.grade_set(name, SOLVED[name]).lost == {}
        return outcome
