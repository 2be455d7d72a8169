"""nbgrader's own commands on this course, from release to feedback: real exchange, gradebook and sandbox."""

import csv
import getpass
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from helpers.command import Ran
from helpers.course import cells_of, except_for, handed_in, make_course, nbgrader, points_of, scores_of, submit
from helpers.notebooks import cell_of, code, duplicated, inserted, markdown, replaced, solved, source, without

SET = "ps3_matrix"
ME = getpass.getuser()
RIGHT = solved(source(SET))
WRONG_SHAPE = "def grad_b(dD):\n    return dD.sum(axis=1)"
SCRIPT = "<script>alert('message')</script>"
HOSTILE = f"def grad_X(W, dD):\n    raise ValueError({SCRIPT!r})"
PRINTS = f"print({SCRIPT.replace('message', 'printed')!r})"
SHOWS = f"from IPython.display import HTML\nHTML({SCRIPT.replace('message', 'shown')!r})"
WRITES = f"{SCRIPT.replace('message', 'written')} <img src=x onerror=alert('loaded')>"
CLASS = {
    "broken": b'{"cells": [',
    "hostile": inserted(
        inserted(
            inserted(replaced(RIGHT, {"grad_X": HOSTILE}), code(PRINTS), before="grad_X"), code(SHOWS), before="grad_X"
        ),
        markdown(WRITES),
        before="grad_X",
    ),
    "reworked": inserted(
        duplicated(without(RIGHT, "test_forward"), "test_grad_W", "pass"), markdown("my own notes"), before="grad_W"
    ),
    "shapeless": replaced(RIGHT, {"grad_b": WRONG_SHAPE}),
    "started": handed_in(SET, forward="def forward(W, X, b):\n    return W @ X + b"),
}

pytestmark = pytest.mark.xdist_group("nbgrader_commands")


@dataclass(frozen=True)
class Term:
    """A course after a week: its folder, its student's folder, and what each command said."""

    course: Path
    student: Path
    said: dict[str, Ran]

    def feedback(self, student: str) -> str:
        """Return the feedback page of a student."""
        return (self.course / "feedback" / student / SET / f"{SET}.html").read_text(encoding="utf-8")


def _solve(folder: Path) -> None:
    """Do what a student does: open the fetched notebook, write the answers, save."""
    path = folder / SET / f"{SET}.ipynb"
    fetched = json.loads(path.read_text(encoding="utf-8"))
    answers = {cell: cell_of(RIGHT, cell)["source"] for cell in ("forward", "partial", "grad_W", "grad_X", "grad_b")}
    path.write_text(json.dumps(replaced(fetched, answers)), encoding="utf-8")


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Term:
    """A course that was released, fetched, solved, submitted, collected, graded, and given back."""
    place = tmp_path_factory.mktemp("term")
    exchange, student = place / "exchange", place / "student"
    exchange.mkdir()
    student.mkdir()
    config = f"c.Exchange.root = {str(exchange)!r}\n"
    course = make_course(place / "course", SET, config=config)
    (student / "nbgrader_config.py").write_text(
        f"c = get_config()\n{config}c.CourseDirectory.course_id = 'backprop'\n", encoding="utf-8"
    )
    said = {"generate_assignment": nbgrader("generate_assignment", SET, folder=course)}
    said["release_assignment"] = nbgrader("release_assignment", SET, folder=course)
    said["fetch_assignment"] = nbgrader("fetch_assignment", SET, folder=student)
    _solve(student)
    said["submit"] = nbgrader("submit", SET, folder=student)
    said["collect"] = nbgrader("collect", SET, folder=course)
    for name, given in CLASS.items():
        submit(course, name, SET, given)
    said["autograde"] = nbgrader("autograde", SET, folder=course)
    said["generate_feedback"] = nbgrader("generate_feedback", SET, folder=course)
    said["release_feedback"] = nbgrader("release_feedback", SET, "--student", ME, folder=course)
    said["fetch_feedback"] = nbgrader("fetch_feedback", SET, folder=student)
    said["export"] = nbgrader("export", folder=course)
    return Term(course, student, said)


def test_every_command_succeeds(term: Term) -> None:
    """From generate_assignment to export each command ends with 0, bad submissions or not."""
    assert {name: ran.status for name, ran in term.said.items() if ran.status} == {}, term.said


def test_the_gradebook_has_the_scores(term: Term) -> None:
    """Nbgrader autograde, through the sandbox, gives each cell the points it is worth."""
    assert scores_of(term.course, SET) == {
        ME: except_for(SET, "jacobian_D_W"),
        "broken": dict.fromkeys(points_of(SET), 0.0),
        "hostile": except_for(SET, "grad_X"),
        "reworked": points_of(SET),
        "shapeless": except_for(SET, "grad_b"),
        "started": {**dict.fromkeys(points_of(SET), 0.0), "test_forward": 1.0},
    }


def test_no_cell_waits_for_a_person_but_those_of_a_broken_file(term: Term) -> None:
    """All of a set is graded by its tests, so that only what could not be graded is marked for a person to look at."""
    waiting = {
        student for student, cells in cells_of(term.course, SET).items() for cell in cells.values() if cell.needs_manual
    }
    assert waiting == {"broken"}


def test_bad_submissions_do_not_stop_the_batch_and_are_told(term: Term) -> None:
    """A broken file has a graded notebook that says why; lost and doubled tests are in the log."""
    told = term.said["autograde"].err
    assert "its JSON is broken at line 1" in told
    assert "broken" in told
    assert "'test_forward' was missing and has been put back" in told
    assert "'test_grad_W' is there more than once" in told
    notebook = json.loads((term.course / "autograded" / "broken" / SET / f"{SET}.ipynb").read_text())
    (cell,) = notebook["cells"]
    assert "could not be graded" in "".join(cell["source"])


def test_the_feedback_says_what_failed(term: Term) -> None:
    """The page of a student shows the message of the check that failed, and the points."""
    page = term.feedback("shapeless")
    message = "".join(
        output["evalue"]
        for cell in json.loads((term.course / "autograded" / "shapeless" / SET / f"{SET}.ipynb").read_text())["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "test_grad_b"
        for output in cell["outputs"]
        if output["output_type"] == "error"
    )
    assert message
    told = message.split("\n")[0].split(" (")[0].partition(": ")[2]
    assert told[1:].replace("'", "&#39;") in page
    assert "<strong>12</strong> of 14 points" in page


@pytest.mark.parametrize("student", [ME, *CLASS])
def test_the_feedback_shows_no_hidden_test(term: Term, student: str) -> None:
    """No feedback page names the module of the answers, or shows a hidden line."""
    page = term.feedback(student)
    for word in ("EXERCISES", "solutions.ps3", "HIDDEN TESTS", "assess("):
        assert word not in page


def test_what_a_student_prints_and_raises_is_text(term: Term) -> None:
    """Markup in a student's text, output and exception is shown or left out, and never live."""
    page = term.feedback("hostile")
    assert 'onerror="' not in page
    for word in ("message", "printed", "shown", "written"):
        assert f"<script>alert('{word}')" not in page
        assert f'<script>alert("{word}")' not in page
    assert page.count("&lt;script&gt;alert") >= 2


def test_the_student_gets_the_feedback(term: Term) -> None:
    """Released feedback reaches the student's folder, through the exchange."""
    pages = list((term.student / SET / "feedback").rglob("*.html"))
    assert [page.read_text(encoding="utf-8") for page in pages] == [term.feedback(ME)]


def test_the_export_has_every_student(term: Term) -> None:
    """The exported table has a row for each student, with the sum of the points."""
    with (term.course / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["score"]) for name, row in rows.items()} == {
        ME: 10, "broken": 0, "hostile": 11, "reworked": 14, "shapeless": 12, "started": 1,
    }  # fmt: skip
    assert {float(row["max_score"]) for row in rows.values()} == {14}
