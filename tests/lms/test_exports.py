"""`autograder export` and the plugins: the table, the scores that nbgrader counts, and what is said of the rest."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from helpers.class_book import EXPECTED, OTHER, PEOPLE, SET, graded_folder
from helpers.course import gradebook
from helpers.exporting import ID_OF, TAKEN, Export, canvas_grades, canvas_roster, inside, table_text
from nbgrader.apps import ExportApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin

import autograder.lms

pytestmark = pytest.mark.xdist_group("exports")


# --- the table ------------------------------------------------------------------------------------


def _table(text: str) -> dict[str, dict[str, str]]:
    assert text.startswith("\ufeff")
    return {row["student_id"]: row for row in csv.DictReader(io.StringIO(text[1:], newline=""))}


def test_the_table_has_a_row_a_student_and_a_column_an_exercise(export: Export) -> None:
    """Exercises stand in the notebook's order; penalty, score and status beside them; nobody is left out."""
    ran, text = export("csv")
    rows = _table(text)
    assert list(rows["ada"]) == [
        "student_id", "last_name", "first_name", "email", "grad_z", "grad_a", "essay", "late_penalty", "score",
        "max_score", "status",
    ]  # fmt: skip
    assert set(rows) == set(PEOPLE)
    assert {name: float(row["score"]) for name, row in rows.items() if row["score"]} == TAKEN
    assert (rows["late"]["late_penalty"], rows["evil"]["grad_a"]) == ("2", "2.25")
    assert [rows[name]["status"] for name in ("ada", "waits", "absent")] == [
        "graded", "needs manual grading: essay", "no submission",
    ]  # fmt: skip
    assert "ps1: 1 student has no submission" in ran.err
    assert "ps1: 1 submission waits for a person's grading" in ran.err


def test_names_survive_and_none_is_a_formula(export: Export) -> None:
    """Commas, quotes and letters of any script arrive; what a spreadsheet would calculate is text."""
    rows = _table(export("csv")[1])
    for name, (first, last, _, _) in PEOPLE.items():
        if name != "evil":
            assert (rows[name]["first_name"], rows[name]["last_name"]) == (first, last)
    assert rows["evil"]["first_name"] == "'=HYPERLINK(1)"
    assert rows["evil"]["last_name"].startswith("'+cmd")
    for form in ("canvas", "moodle", "brightspace"):
        cells = [cell for row in csv.reader(io.StringIO(export(form)[1], newline="")) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_scores_are_those_that_nbgrader_exports(course: Path, export: Export, tmp_path: Path) -> None:
    """For whoever has a submission, the score is what nbgrader's own exporter writes."""
    with gradebook(course) as book:
        CsvExportPlugin(to=str(tmp_path / "theirs.csv")).export(book)
    # nbgrader quotes nothing, so that only the ends of a line can be relied on.
    lines = [line.split(",") for line in (tmp_path / "theirs.csv").read_text().splitlines()[1:]]
    theirs = {line[3]: float(line[-2]) for line in lines if line[0] == SET and line[3] in EXPECTED}
    ours = {name: float(row["score"]) for name, row in _table(export("csv", "--partial")[1]).items() if row["score"]}
    assert ours == theirs == EXPECTED


@pytest.mark.parametrize(("words", "score"), [((), ""), (("--missing", "zero"), "0"), (("--partial",), "")])
def test_who_has_no_submission_gets_what_was_asked_for(export: Export, words: tuple[str, ...], score: str) -> None:
    """No submission is an empty cell, or 0 where that is wanted."""
    ran, text = export("csv", *words)
    assert _table(text)["absent"]["score"] == score
    assert ran.status == 0


def test_a_score_that_a_person_has_not_finished_waits(export: Export) -> None:
    """Such a score is given out only where it was asked for."""
    assert "waits" not in export("canvas")[1]
    ran, text = export("canvas", "--partial")
    assert ",waits,,3" in text
    assert "their score so far" in ran.err


def test_an_exercise_can_be_dropped(export: Export) -> None:
    """A dropped exercise counts neither in scores nor in what can be had; a misspelt one is refused."""
    rows = _table(export("csv", "--drop", "grad_z", "--drop", "essay")[1])
    assert (rows["ada"]["score"], rows["ada"]["max_score"], rows["waits"]["status"]) == ("2", "2", "graded")
    assert "grad_z" not in rows["ada"]
    ran, _ = export("csv", "--drop", "grad_q")
    assert ran.status == 2
    assert "there is no exercise grad_q to leave out; there are: essay, grad_a, grad_z" in ran.err


# --- what must be said ----------------------------------------------------------------------------


def test_who_can_not_be_matched_is_told_on_either_side(export: Export) -> None:
    """Students without a row, or with one that may be another's, are named with why, as are rows without a student."""
    kept = [line for line in canvas_roster(f"{SET} (1)").splitlines() if ",ada," not in line]
    twice = next(line for line in kept if ",jose," in line).replace(ID_OF["jose"], "990")
    stranger = '"Newton, Isaac",991,,isaac,"Math, A",,,'
    ran, text = export("canvas", roster="\n".join([*kept, twice, stranger]) + "\n")
    assert ran.status == 3
    assert "ada (has no row)" in ran.err
    assert "jose (may be García, José Ñandú or García, José Ñandú)" in ran.err
    assert "in the roster, but not in the gradebook: " in ran.err
    assert "Newton, Isaac" in ran.err
    grades, _ = canvas_grades(text, {"1": SET})
    assert set(grades[SET]) == TAKEN.keys() - {"ada", "jose"}


def test_what_is_not_graded_yet_and_what_could_not_be_is_told(course: Path, tmp_path: Path) -> None:
    """A submission that the gradebook does not have gets no score and status 3; half a notebook is pointed out."""
    copied = shutil.copytree(course, tmp_path / "course")
    (copied / "submitted" / "new" / SET).mkdir(parents=True)
    graded_folder(copied, "ada", SET, "its JSON is broken")
    graded_folder(copied, "jose", SET)
    ran = inside("export", "csv", SET, "--course", copied, "--output", copied / f"{SET}-csv.csv")
    assert ran.status == 3
    assert "ps1: 1 submission is not graded yet (no score; type: autograder grade ps1): new" in ran.err
    assert "ps1: 1 file could not be graded (0 points in the gradebook): ada" in ran.err
    rows = _table((copied / f"{SET}-csv.csv").read_bytes().decode())
    assert [rows[name]["status"] for name in ("new", "ada", "jose")] == [
        "not graded yet",
        "could not be graded",
        "graded",
    ]


BAD_ROSTERS = [
    ("canvas", "a,b\n1,2\n", "no column that tells who is who (ID, SIS Login ID,"),
    ("canvas", "", "its columns: none"),
    ("canvas", "Username,End-of-Line Indicator\n#ada,#\n", "is no gradebook of Canvas's"),
    ("brightspace", "Student,ID,SIS Login ID,Section\nA,1,ada,x\n", "neither OrgDefinedId nor Username"),
    ("canvas", 'Student,ID,Section\n"unclosed,1,x\n', "is no CSV file"),
    ("canvas", "Student,ID,Section,ps1 (1),ps1 (2)\nA,1,x,,\n", "may be one of several columns"),
]


@pytest.mark.parametrize(("form", "roster", "told"), BAD_ROSTERS)
def test_a_roster_that_is_none_is_refused(export: Export, form: str, roster: str, told: str) -> None:
    """A file that is another system's, no table, or ambiguous is wrong usage, and nothing is written."""
    ran, text = export(form, roster=roster)
    assert (ran.status, text) == (2, "")
    assert told in ran.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_may_come_from_any_spreadsheet(export: Export, encoding: str) -> None:
    """UTF-8 with or without its mark, UTF-16 and Windows' encoding are read, with commas, semicolons or tabs."""
    for separator in ",;\t":
        rows = [["Username", "Note", "End-of-Line Indicator"], ["ada", "Señor", "#"]]
        ran, text = export("brightspace", roster=table_text(rows, separator).encode(encoding))
        assert ran.status == 3  # the others have no row
        assert "ada,6,#" in text


def test_wrong_usage_is_told(course: Path, tmp_path: Path) -> None:
    """An unknown assignment, a column for several, the roster as the target, and no gradebook at all."""
    (tmp_path / "r.csv").write_text(canvas_roster())
    for words, status, told in (
        (("canvas", "ps9"), 2, "the gradebook has no assignment 'ps9'; it has: ps1, ps2"),
        (("canvas", SET, OTHER, "--column", "X"), 2, "names the column of one assignment, but there are 2"),
        (("canvas", SET, "--roster", tmp_path / "r.csv", "--output", tmp_path / "r.csv"), 2, "is the roster itself"),
        (("canvas", SET, "--roster", tmp_path / "none.csv"), 2, "can't be read"),
        (("excel", SET), 2, "invalid choice"),
    ):
        ran = inside("export", *words, *(() if words[0] == "excel" else ("--course", course)))
        assert ran.status == status, ran.err
        assert told in ran.err
    (tmp_path / "bare" / "source").mkdir(parents=True)
    (tmp_path / "bare" / "nbgrader_config.py").write_text("c = get_config()\n")
    ran = inside("export", "csv", SET, "--course", tmp_path / "bare", "--output", tmp_path / "x.csv")
    assert ran.status == 3
    assert "grade something first" in ran.err
    assert not (tmp_path / "bare" / "gradebook.db").exists()


# --- plugins of nbgrader's; tests/lms/test_lms_documents.py runs them by its own command ------------------


def _plugin(course: Path, form: str, target: Path, **settings: object) -> str:
    app = ExportApp()
    app.coursedir = CourseDirectory(root=str(course))
    plugin = getattr(autograder.lms, f"{form.title()}Exporter")(parent=app, to=str(target), **settings)
    with gradebook(course) as book:
        plugin.export(book)
    return target.read_bytes().decode()


def test_a_plugin_exports_every_assignment_with_a_roster(course: Path, tmp_path: Path) -> None:
    """Without --assignment all assignments are columns, each in the roster's."""
    (tmp_path / "r.csv").write_text(canvas_roster(f"{SET} (1)", f"{OTHER} (2)"))
    text = _plugin(course, "canvas", tmp_path / "out.csv", roster=str(tmp_path / "r.csv"))
    assert canvas_grades(text, {"1": SET, "2": OTHER})[0] == {SET: TAKEN, OTHER: {"ada": 6.0}}


@pytest.mark.parametrize("form", ["csv", "canvas", "moodle", "brightspace"])
def test_every_plugin_writes_what_the_command_writes(course: Path, export: Export, form: str, tmp_path: Path) -> None:
    """The plugins of nbgrader and our command share what they write."""
    assert _plugin(course, form, tmp_path / "plugin.csv", assignment=[SET]) == export(form)[1]


def test_a_plugin_that_can_not_go_on_ends_with_1(course: Path, tmp_path: Path) -> None:
    """A student, an exercise or a roster that is not there is told in a line."""
    for settings in ({"student": ["nobody"]}, {"drop": ["grad_q"]}, {"roster": "none.csv"}):
        with pytest.raises(SystemExit) as ended:
            _plugin(course, "csv", tmp_path / "x.csv", **settings)
        assert ended.value.code == 1
