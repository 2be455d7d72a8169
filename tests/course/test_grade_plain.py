"""`autograder grade` on an ordinary course: two notebooks, cells for a person, late submissions, wrong usage."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.command import Ran, autograder, results
from helpers.course import Cell, cells_of, gradebook, submit
from helpers.notebooks import Json, check, code, hidden, markdown, notebook, replaced, solution, written

WEEK = "week1"
ESSAY = {"grade_id": "essay", "grade": True, "solution": True, "locked": False, "task": False, "points": 5}
PLOT = {**ESSAY, "grade_id": "plot", "points": 2}
PART1 = notebook(
    markdown("# Week 1"),
    solution("f", "### BEGIN SOLUTION\ndef f(x):\n    return 2 * x\n### END SOLUTION"),
    check("test_f", "assert f(2) == 4, 'f doubles'\n" + hidden("assert f(-1) == -2"), 2),
    markdown("YOUR ANSWER HERE", ESSAY),
    code("# YOUR CODE HERE\nraise NotImplementedError()", PLOT),
)
PART2 = notebook(solution("g", "g = 3"), check("test_g", "assert g == 3", 3))
DONE1 = replaced(
    PART1, {"f": "def f(x):\n    return x + x", "test_f": "", "essay": "Doubling adds.", "plot": "print('a plot')"}
)
LEFT1 = replaced(PART1, {"f": "def f(x):\n    return 4", "test_f": ""})
DUE = datetime(2026, 1, 2, 12, tzinfo=UTC)
CONFIG = "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"

pytestmark = pytest.mark.xdist_group("grade_plain")


@dataclass(frozen=True)
class Graded:
    """The course after it was graded: what was said, the report, the gradebook's cells."""

    course: Path
    ran: Ran
    report: dict[str, Any]
    cells: dict[str, dict[str, Cell]]

    def entry(self, student: str, part: str) -> Json:
        """Return the report's entry of one notebook."""
        path = f"submitted/{student}/{WEEK}/{part}.ipynb"
        found: Json = next(one for one in self.report["submissions"] if one["path"] == path)
        return found


def _hand_in(course: Path, student: str, timestamp: str = "") -> None:
    submit(course, student, WEEK, DONE1, "part1")
    folder = submit(course, student, WEEK, PART2, "part2")
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """A course whose assignment has a due date, graded."""
    course = tmp_path_factory.mktemp("plain") / "course"
    written(PART1, course / "source" / WEEK / "part1.ipynb")
    written(PART2, course / "source" / WEEK / "part2.ipynb")
    (course / "nbgrader_config.py").write_text(CONFIG)
    submit(course, "half", WEEK, LEFT1, "part1")
    assert autograder("grade", WEEK, folder=course).status == 0
    with gradebook(course) as opened:
        opened.update_or_create_assignment(WEEK, duedate=DUE.replace(tzinfo=None))
    _hand_in(course, "ada")
    _hand_in(course, "early", "2026-01-02 11:59:59 UTC")
    _hand_in(course, "late", "2026-01-02 13:00:00.000000 UTC\n")
    (course / "submitted" / "absent").mkdir()
    ran = autograder("grade", WEEK, "--force", "--json", "out.json", folder=course)
    return Graded(course, ran, results(course / "out.json"), cells_of(course, WEEK))


def test_what_a_person_must_grade_is_left_and_listed(graded: Graded) -> None:
    """A written cell for a person has no score and is marked; it is listed and counts in no total."""
    cells = graded.cells["ada"]
    assert (cells["test_f"].auto, cells["test_g"].auto) == (2, 3)
    for name in ("essay", "plot"):
        assert (cells[name].auto, cells[name].needs_manual) == (None, True)
    entry = graded.entry("ada", "part1")
    assert (entry["score"], entry["max_score"], entry["needs_manual"]) == (2, 2, ["essay", "plot"])


def test_a_cell_left_as_it_was_earns_0_without_a_person(graded: Graded) -> None:
    """A cell for a person that the student did not touch earns 0 and waits for nobody, as in nbgrader."""
    for name in ("essay", "plot"):
        assert graded.cells["half"][name] == Cell(0, 0.0, None, None, needs_manual=False)


def test_a_notebook_that_was_not_submitted_earns_0(graded: Graded) -> None:
    """Of two notebooks, the one that is missing earns 0, and a message says whose it is."""
    assert graded.cells["half"]["test_g"] == Cell(0, 0.0, None, None, needs_manual=False)
    assert re.search(r"half: part2\.ipynb was not submitted", graded.ran.err)


def test_who_did_not_submit_is_not_in_the_gradebook(graded: Graded) -> None:
    """A student's folder without the assignment is no submission of it."""
    assert set(graded.cells) == {"ada", "early", "half", "late"}
    assert graded.ran.status == 0


def test_lateness_is_in_the_gradebook_and_costs_what_the_plugin_says(graded: Graded) -> None:
    """timestamp.txt gives the seconds late, and nbgrader's configured plugin the penalty; others lose nothing."""
    with gradebook(graded.course) as opened:
        late = {one.student_id: one.total_seconds_late for one in opened.assignment_submissions(WEEK)}
        penalties = {
            (one.student_id, each.name): each.late_submission_penalty or 0
            for one in opened.assignment_submissions(WEEK)
            for each in one.notebooks
        }
    assert late == {"ada": 0, "early": 0, "half": 0, "late": 3600}
    assert {key: lost for key, lost in penalties.items() if lost} == {("late", "part1"): 2, ("late", "part2"): 3}


def test_graded_notebooks_keep_what_a_person_must_see(graded: Graded) -> None:
    """autograded/ has the student's text and the outputs of the cell that a person grades."""
    read = json.loads((graded.course / "autograded" / "ada" / WEEK / "part1.ipynb").read_text())
    assert read["cells"][3]["source"] == "Doubling adds."
    assert [output["text"] for output in read["cells"][4]["outputs"]] == ["a plot\n"]


def _small_course(folder: Path, *students: str, config: str = CONFIG) -> Path:
    """Make a course of one notebook, which these students have handed in right."""
    written(PART2, folder / "source" / WEEK / "part2.ipynb")
    (folder / "nbgrader_config.py").write_text(config)
    for student in students:
        submit(folder, student, WEEK, PART2, "part2")
    return folder


def test_a_timestamp_that_is_none_does_not_stop_the_batch(tmp_path: Path) -> None:
    """A timestamp.txt that holds no time counts as none: that student and all others are graded."""
    timestamps = {"words": b"the day before yesterday", "empty": b"", "binary": b"\xff\xfe\x00", "huge": b"9" * 400}
    course = _small_course(tmp_path, "ada", *timestamps)
    for student, content in timestamps.items():
        (course / "submitted" / student / WEEK / "timestamp.txt").write_bytes(content)
    ran = autograder("grade", WEEK, folder=course)
    assert ran.status == 0, ran.err
    scores = {student: cells["test_g"].score for student, cells in cells_of(course, WEEK).items()}
    assert scores == dict.fromkeys(["ada", *timestamps], 3)


WRONG_USAGE = {
    "another assignment": (("grade", "week9"), ("week9", WEEK)),
    "an assignment that is a path": (("grade", "../source"), ("source", WEEK)),
    "a student who did not submit": (("grade", WEEK, "--student", "nobody"), ("nobody", WEEK)),
    "no assignment": (("grade",), ("SET",)),
    "a course that is none": (("grade", WEEK, "--course", "source"), ("--course", "no course")),
}


@pytest.mark.parametrize("name", WRONG_USAGE)
def test_wrong_usage_is_status_2_with_what_to_do(graded: Graded, name: str) -> None:
    """What can't be meant is refused with 2, and the message names what was asked for and what there is."""
    words, told = WRONG_USAGE[name]
    ran = autograder(*words, folder=graded.course)
    assert (ran.status, ran.out) == (2, "")
    for word in told:
        assert word in ran.err


def test_a_course_without_submissions_is_status_2(tmp_path: Path) -> None:
    """Where nobody submitted, the message says in which folder submissions are looked for."""
    ran = autograder("grade", WEEK, folder=_small_course(tmp_path))
    assert (ran.status, ran.out) == (2, "")
    assert str(tmp_path / "submitted") in ran.err


def test_a_folder_outside_any_course_is_status_2(tmp_path: Path) -> None:
    """Only a course that one stands in, or names, is graded: the installed sets are no course with submissions."""
    ran = autograder("grade", "ps2_linear", folder=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "no course found" in ran.err
    assert "--course" in ran.err


def test_a_configuration_that_fails_is_status_2(tmp_path: Path) -> None:
    """A course whose nbgrader_config.py raises is refused with the file's name and the reason."""
    ran = autograder("grade", WEEK, folder=_small_course(tmp_path, "ada", config="1 / 0\n"))
    assert (ran.status, ran.out) == (2, "")
    assert "nbgrader_config.py can't be read: ZeroDivisionError" in ran.err


def test_a_gradebook_that_can_not_be_opened_is_status_3(tmp_path: Path) -> None:
    """A gradebook that is no database is told in one line; the file stays as it was."""
    course = _small_course(tmp_path, "ada")
    (course / "gradebook.db").write_text("no database at all\n" * 100)
    ran = autograder("grade", WEEK, folder=course)
    assert ran.status == 3
    assert "gradebook" in ran.err
    assert (tmp_path / "gradebook.db").read_text().startswith("no database")
