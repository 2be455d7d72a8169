"""`autograder grade` on a set: one class, graded, looked at, changed by a person, and graded again."""

import json
import re
import shutil
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from helpers.command import Ran, autograder, results
from helpers.course import Cell, cells_of, except_for, gradebook, handed_in, make_course, scores_of, submit
from helpers.notebooks import cell_of, replaced, solved, source

SET = "ps2_linear"
RIGHT = solved(source(SET))
SIGN = replaced(RIGHT, {"influence": "def influence(W, dL_dy, i):\n    return -float(W[:, i] @ dL_dy)"})
# Of eight cases, each of which one student in eight shares with another.
TELLS = replaced(
    RIGHT,
    {
        "linear": "seen = []\n"
        "def linear(W, x):\n"
        "    seen.append(float(np.ravel(W)[0]))\n"
        "    if len(seen) < 8:\n"
        "        return W @ x\n"
        "    raise ValueError(f'saw {seen[:8]}')"
    },
)
NOTHING = dict.fromkeys(except_for(SET), 0.0)
EXPECTED = {
    "ada": except_for(SET),
    "changes": NOTHING,
    "emmy": except_for(SET, "influence"),
    "kurt": NOTHING,
    "tells": except_for(SET, "linear"),
    "tells-too": except_for(SET, "linear"),
}

pytestmark = pytest.mark.xdist_group("grade")


@dataclass
class State:
    """What a course looks like at one moment."""

    ran: Ran
    report: dict[str, Any]
    cells: dict[str, dict[str, Cell]]
    files: dict[str, bytes]

    def students(self) -> set[str]:
        """Return whose submissions the report is about."""
        return {Path(one["path"]).parts[1] for one in self.report["submissions"]}

    def told(self, student: str) -> str:
        """Return what the report says of a student's first function."""
        entry = next(one for one in self.report["submissions"] if Path(one["path"]).parts[1] == student)
        return str(entry["exercises"][0]["checks"])


@dataclass
class History:
    """A course, and how it looked after each run of `grade`."""

    course: Path
    secret: list[bytes] = field(default_factory=list)
    states: dict[str, State] = field(default_factory=dict)

    def grade(self, name: str, *words: str) -> None:
        """Run `autograder grade` and keep what it left."""
        ran = autograder("grade", SET, "--json", "out.json", "--quiet", *words, folder=self.course)
        folder = self.course / "autograded"
        files = {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()
        }
        self.states[name] = State(ran, results(self.course / "out.json"), cells_of(self.course, SET), files)
        self.secret.append((self.course / ".autograder" / "secret").read_bytes())


def _submit_class(course: Path) -> None:
    folder = submit(course, "ada", SET, RIGHT)
    (folder / "data").mkdir()
    (folder / "data" / "table.csv").write_text("1,2\n")
    (folder / "passwords.txt").symlink_to("/etc/passwd")
    (folder / "etc").symlink_to("/etc")
    submit(course, "changes", SET, handed_in(SET))
    submit(course, "emmy", SET, SIGN)
    submit(course, "kurt", SET, b'{"cells": [')
    submit(course, "tells", SET, TELLS)
    submit(course, "tells-too", SET, TELLS)


def _as_a_person(course: Path) -> None:
    """Do in the gradebook what the formgrader does for a person."""
    with gradebook(course) as opened:
        grade = opened.find_grade("test_influence", SET, SET, "emmy")
        grade.manual_score, grade.extra_credit = 1.5, 0.25
        opened.find_comment("influence", SET, SET, "emmy").manual_comment = "Mind the sign."
        opened.db.commit()


def _comment(course: Path) -> str:
    with gradebook(course) as opened:
        return str(opened.find_comment("influence", SET, SET, "emmy").comment)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A course that is graded, graded again, changed, and graded with --student and --force."""
    made = History(make_course(tmp_path_factory.mktemp("grade") / "course", SET))
    shutil.copy(made.course / "source" / SET / f"{SET}.ipynb", made.course / "before.json")
    (made.course / "source" / SET / "numbers.csv").write_text("3,4\n")
    _submit_class(made.course)
    made.grade("first")
    made.grade("second")
    submit(made.course, "changes", SET, RIGHT)
    _as_a_person(made.course)
    made.grade("changed")
    made.grade("one", "--student", "emmy")
    made.grade("forced", "--force", "--jobs", "2")
    return made


def _without_seconds(report: dict[str, Any]) -> list[dict[str, Any]]:
    entries = [{key: value for key, value in one.items() if key != "seconds"} for one in report["submissions"]]
    return sorted(entries, key=lambda one: str(one["path"]))


def test_the_gradebook_has_every_cells_points(history: History) -> None:
    """Each student's cells are in the gradebook with the points they earned; a broken file alone wants a person."""
    cells = history.states["first"].cells
    assert {student: {name: cell.score for name, cell in found.items()} for student, found in cells.items()} == EXPECTED
    assert {one for one in EXPECTED if any(cell.needs_manual for cell in cells[one].values())} == {"kurt"}
    assert all(cell.needs_manual for cell in cells["kurt"].values())


def test_a_broken_file_is_status_3_and_the_others_are_graded(history: History) -> None:
    """A submission that can't be read is told and makes the status 3; all others have their scores."""
    state = history.states["first"]
    assert state.ran.status == 3
    statuses = {Path(one["path"]).parts[1]: one["status"] for one in state.report["submissions"]}
    assert statuses == {**dict.fromkeys(EXPECTED, "graded"), "kurt": "error"}
    assert "graded: 5, could not be graded: 1, unchanged: 0" in state.ran.out


def test_grade_and_run_agree(history: History, tmp_path: Path) -> None:
    """`grade --json` has the form of `run --json`, with the same scores for the same files."""
    shutil.copytree(history.course / "submitted", tmp_path / "submitted", symlinks=True)
    submit(tmp_path, "changes", SET, handed_in(SET))
    autograder("run", "submitted", "--course", history.course, "--json", "out.json", folder=tmp_path)
    ran, graded = results(tmp_path / "out.json"), history.states["first"].report
    assert {key: value for key, value in ran.items() if key != "submissions"} == {
        key: value for key, value in graded.items() if key != "submissions"
    }
    ours, theirs = _without_seconds(graded), _without_seconds(ran)
    assert [set(one) for one in ours] == [set(one) for one in theirs]
    for one, other in zip(ours, theirs, strict=True):
        assert {name: one[name] for name in ("path", "status", "score", "max_score")} == {
            name: other[name] for name in ("path", "status", "score", "max_score")
        }
        scores = [[(each["name"], each["score"]) for each in entry["exercises"]] for entry in (one, other)]
        assert scores[0] == scores[1]


def test_a_second_run_changes_nothing(history: History) -> None:
    """What was graded by the same tests is left alone, to the last byte; only what failed is tried again."""
    first, second = history.states["first"], history.states["second"]
    assert second.students() == {"kurt"}
    assert "graded: 0, could not be graded: 1, unchanged: 5" in second.ran.out
    assert second.cells == first.cells
    assert second.files == first.files


def test_only_a_changed_submission_is_graded_again(history: History) -> None:
    """A submission that changed is graded, and its new scores count."""
    state = history.states["changed"]
    assert state.students() == {"changes", "kurt"}
    assert {name: cell.score for name, cell in state.cells["changes"].items()} == except_for(SET)


def test_student_and_force_choose_what_is_graded(history: History) -> None:
    """--student looks at one submission only; --force grades everything again."""
    assert history.states["one"].students() == set()
    assert "unchanged: 1" in history.states["one"].ran.out
    assert history.states["one"].ran.status == 0
    assert history.states["forced"].students() == set(EXPECTED)


def test_what_a_person_entered_survives(history: History) -> None:
    """A manual score, extra credit and a comment stay when a submission is graded again."""
    cell = history.states["forced"].cells["emmy"]["test_influence"]
    assert (cell.score, cell.auto, cell.manual, cell.extra) == (1.75, 0.0, 1.5, 0.25)
    assert _comment(history.course) == "Mind the sign."


def test_hidden_inputs_are_the_students_own_and_stay(history: History) -> None:
    """Two students with the same file get other hidden inputs; a regrade draws the same ones again."""
    first, forced = history.states["first"], history.states["forced"]
    seen = re.findall(r"saw \[[^\]]*\]", first.told("tells"))
    assert seen
    assert seen != re.findall(r"saw \[[^\]]*\]", first.told("tells-too"))
    for student in ("tells", "tells-too"):
        assert forced.told(student) == first.told(student)


def test_the_secret_is_made_once_for_its_owner(history: History) -> None:
    """The course's secret is in .autograder/secret, readable by its owner only, and never changes."""
    path = history.course / ".autograder" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(set(history.secret)) == 1
    assert len(bytes.fromhex(path.read_text())) == 32


def test_other_files_are_copied_and_links_are_not_followed(history: History) -> None:
    """autograded/ holds the files beside the notebook and the instructor's, and nothing that a link leads to."""
    folder = history.course / "autograded" / "ada" / SET
    assert {path for path in history.states["first"].files if path.startswith("ada/")} == {
        f"ada/{SET}/{name}" for name in (f"{SET}.ipynb", "data/table.csv", "numbers.csv")
    }
    assert not [path for path in folder.rglob("*") if path.is_symlink()]
    assert (folder / "numbers.csv").read_text() == "3,4\n"


def test_a_graded_notebook_shows_what_happened(history: History) -> None:
    """autograded/ has the notebook with the failed checks as the test's error; a refused one says why."""
    read = json.loads(history.states["first"].files[f"emmy/{SET}/{SET}.ipynb"])
    outputs = cell_of(read, "test_influence")["outputs"]
    assert "value:" in next(one["evalue"] for one in outputs if one["output_type"] == "error")
    refused = json.loads(history.states["first"].files[f"kurt/{SET}/{SET}.ipynb"])
    assert "its JSON is broken at line 1" in refused["cells"][0]["source"]


def test_grading_leaves_the_course_as_it_was(history: History) -> None:
    """The instructor's notebook is not written to, and nothing is left beside the results."""
    notebook = history.course / "source" / SET / f"{SET}.ipynb"
    assert notebook.read_bytes() == (history.course / "before.json").read_bytes()
    expected = {
        "source", "solutions", "submitted", "autograded", "gradebook.db", "nbgrader_config.py", "out.json",
        "before.json", ".autograder",
    }  # fmt: skip
    assert {path.name for path in history.course.iterdir()} == expected
    assert scores_of(history.course, SET).keys() == EXPECTED.keys()
