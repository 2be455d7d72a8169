"""`autograder export`: files that each system's importer takes as they are, with the scores that nbgrader counts."""

import contextlib
import csv
import io
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import lms
from helpers.class_book import EXPECTED, MAX_SCORE, OTHER, PEOPLE, SET, graded_folder, make_class
from helpers.command import Ran
from helpers.course import gradebook
from nbgrader.apps import ExportApp
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin

import autograder.lms
from autograder.cli.main import main

TAKEN = {student: score for student, score in EXPECTED.items() if student != "waits"}
CANVAS_IDS = {str(900 + place): name for place, name in enumerate(PEOPLE)}
ID_OF = {name: number for number, name in CANVAS_IDS.items()}
pytestmark = pytest.mark.xdist_group("exports")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with the class of all cases."""
    return make_class(tmp_path_factory.mktemp("exports") / "course")


Export = Callable[..., tuple[Ran, str]]


def _inside(*words: str | Path) -> Ran:
    """Run the command in this process, which has read all that it needs."""
    out, err, terminating = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGTERM)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main([str(word) for word in words])
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            signal.signal(signal.SIGTERM, terminating)
    return Ran(status, out.getvalue(), err.getvalue()).without_traceback()


@pytest.fixture
def export(course: Path, tmp_path: Path) -> Export:
    """Writes a gradebook, and returns what the command said and the file's text."""

    def made(
        form: str, *words: str | Path, roster: str | bytes | None = None, sets: tuple[str, ...] = (SET,)
    ) -> tuple[Ran, str]:
        if roster is not None:
            (tmp_path / "roster.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
            words = (*words, "--roster", tmp_path / "roster.csv")
        target = tmp_path / "out.csv"
        target.unlink(missing_ok=True)
        ran = _inside("export", form, *sets, "--output", target, "--course", course, *words)
        return ran, target.read_bytes().decode() if target.exists() else ""

    return made


def _canvas_roster(*titles: str, worth: float = MAX_SCORE) -> str:
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Old work (11)", *titles, "Final Score"],
        ["", "", "", "", "", "Manual Posting", *[""] * len(titles), ""],
        ["    Points Possible", "", "", "", "", "10", *[f"{worth:g}"] * len(titles), "(read only)"],
    ]
    for name, (first, last, _, _) in PEOPLE.items():
        rows.append([f"{last}, {first}", ID_OF[name], f"S{name}", name, "Math, A", "9", *[""] * len(titles), "90"])
    rows.append(["Student, Test", "999", "", "abcdef", "Math, A", "", *[""] * len(titles), ""])
    return _text(rows)


def _text(rows: list[list[str]], separator: str = ",") -> str:
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows(rows)
    return made.getvalue()


def _canvas(text: str, known: dict[str, str] | None = None) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    users = {number: {"login": name} for number, name in CANVAS_IDS.items()}
    grades, worth = lms.canvas(text, users, known or {})
    return {item: {CANVAS_IDS[user]: score for user, score in ones.items()} for item, ones in grades.items()}, worth[
        "worth"
    ]


# --- each system ------------------------------------------------------------------------------------


def test_canvas_finds_students_by_login_without_a_roster(export: Export) -> None:
    """Canvas enters every score under a new assignment of the right worth; students are found by nbgrader's id."""
    ran, text = export("canvas")
    assert ran.status == 0, ran.err
    # An ID that nbgrader knows comes first, and these users' IDs are others.
    users = {facts[3] or name: {"login": name} for name, facts in PEOPLE.items()}
    grades, worth = lms.canvas(text, users, {})
    by_name = {users[user]["login"]: score for user, score in grades[SET].items()}
    assert (by_name, worth["worth"]) == (TAKEN, {SET: MAX_SCORE})


def test_canvas_fills_in_the_column_of_its_own_gradebook(export: Export) -> None:
    """With Canvas's gradebook as the roster, students keep their IDs, the assignment its number; no more is touched."""
    ran, text = export("canvas", roster="\ufeff" + _canvas_roster("PS1 (42)", "ps10 (43)"))
    assert ran.status == 0, ran.err
    grades, worth = _canvas(text, {"42": "PS1", "43": "ps10"})
    assert (grades, worth) == ({"PS1": TAKEN}, {"PS1": MAX_SCORE})
    assert "absent" not in text
    assert "Student, Test" not in ran.err


def test_canvas_is_told_which_column_and_points_are_scaled(export: Export) -> None:
    """--column names the assignment there; what is worth something else there is said, and --out-of scales it."""
    ran, text = export("canvas", "--column", "Homework 1", roster=_canvas_roster("Homework 1 (7)", worth=100))
    assert "ps1 is worth 7 points here, but 100 in Canvas; --out-of 100" in ran.err
    ran, text = export(
        "canvas", "--column", "Homework 1", "--out-of", "100", roster=_canvas_roster("Homework 1 (7)", worth=100)
    )
    assert "worth" not in ran.err
    grades, worth = _canvas(text, {"7": "Homework 1"})
    assert worth == {"Homework 1": 100}
    assert grades["Homework 1"]["ada"] == round(600 / 7, 4)


def test_several_assignments_make_one_file(export: Export) -> None:
    """Each assignment is a column; a student has a cell where there is a score."""
    ran, text = export("canvas", roster=_canvas_roster(f"{SET} (1)", f"{OTHER} (2)"), sets=(SET, OTHER))
    grades, _ = _canvas(text, {"1": SET, "2": OTHER})
    assert grades == {SET: TAKEN, OTHER: {"ada": 6.0}}
    assert f"{OTHER}: 7 students have no submission" in ran.err


def test_moodle_takes_a_file_for_its_gradebook(export: Export) -> None:
    """Without a roster students are found by ID number or address."""
    ran, text = export("moodle")
    by_id = {name: name for name in PEOPLE}
    assert lms.moodle_gradebook(text, by_id, "ID number", SET) == TAKEN
    assert "without an email address here, so map the import from ID number, or give --roster: pepe" in ran.err


def test_moodle_gets_its_gradebook_back(export: Export) -> None:
    """With an export of Moodle's gradebook, columns keep their titles, addresses their capitals."""
    rows = [["First name", "Last name", "ID number", "Email address", "Assignment: PS1 (Real)", "Course total (Real)"]]
    rows += [[first, last, "", f"{name.title()}@Uni.Example", "-", "-"] for name, (first, last, _, _) in PEOPLE.items()]
    ran, text = export("moodle", roster=_text(rows, ";"))
    assert ran.status == 0, ran.err
    users = {f"{name.title()}@Uni.Example": name for name in PEOPLE}
    assert lms.moodle_gradebook(text, users, "Email address", "Assignment: PS1 (Real)") == TAKEN
    assert "Course total" not in text


WORKSHEET = ["Identifier", "Full name", "Email address", "Status", "Grade", "Maximum Grade", "Grade can be changed",
             "Last modified (submission)", "Last modified (grade)", "Feedback comments"]  # fmt: skip


def _worksheet(maximum: str = "7.00") -> str:
    rows = [WORKSHEET]
    for number, (name, (first, last, email, _)) in enumerate(PEOPLE.items(), start=71):
        rows.append([f"Participant {number}", f"{first} {last}", email or f"{name}@uni.example", "Submitted", "",
                     maximum, "Yes", "Monday, 5 January 2026, 10:00 AM", "-", ""])  # fmt: skip
    return _text(rows)


def test_moodle_gets_its_worksheet_filled_in(export: Export) -> None:
    """The grading worksheet keeps all that its importer looks at, and has the grades in it."""
    ran, text = export("moodle", roster=_worksheet())
    assert ran.status == 0, ran.err
    participants = {str(number): name for number, name in enumerate(PEOPLE, start=71)}
    assert lms.moodle_worksheet(text, participants, 7.0) == TAKEN
    assert "Moodle" not in ran.err


def test_grades_that_moodle_would_drop_are_told(export: Export) -> None:
    """A worksheet whose maximum is another is pointed out, because Moodle drops what is above without a word."""
    assert "--out-of 5 scales" in export("moodle", roster=_worksheet("5.00"))[0].err


def test_a_worksheet_in_another_language_needs_no_more_words(export: Export) -> None:
    """In German the columns have other names; where none is known, --column tells."""
    german = (
        _worksheet()
        .replace("Identifier", "ID")
        .replace("Grade,", "Bewertung,")
        .replace("Email address", "E-Mail-Adresse")
    )
    assert export("moodle", roster=german)[0].status == 0
    finnish = _worksheet().replace("Grade,", "Arvosana,", 1)
    ran, _ = export("moodle", roster=finnish)
    assert ran.status == 2
    assert "name it with --column. There are: Identifier, " in ran.err
    ran, text = export("moodle", "--column", "Arvosana", roster=finnish)
    assert ran.status == 0
    assert "Participant 71" in text


def test_brightspace_takes_a_file_with_or_without_its_own(export: Export) -> None:
    """Users are found by Username, or by both ids with their # as Brightspace exported them; lines have their end."""
    ran, text = export("brightspace")
    assert ran.status == 0, ran.err
    assert lms.brightspace(text, {name: (name,) for name in PEOPLE}) == {SET: TAKEN}
    rows = [["OrgDefinedId", "Username", "Last Name", "First Name", "PS1 Points Grade <Numeric MaxPoints:7>",
             "X Points Grade", "Calculated Final Grade Numerator", "End-of-Line Indicator"]]  # fmt: skip
    rows += [[f"#7{place}", f"#{name.title()}", "L", "F", "", "3", "", "#"] for place, name in enumerate(PEOPLE)]
    ran, text = export("brightspace", roster=_text(rows))
    users = {name: (f"7{place}", name.title()) for place, name in enumerate(PEOPLE)}
    assert lms.brightspace(text, users) == {"PS1": TAKEN}
    assert "#Ada" in text


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
    kept = [line for line in _canvas_roster(f"{SET} (1)").splitlines() if ",ada," not in line]
    twice = next(line for line in kept if ",jose," in line).replace(ID_OF["jose"], "990")
    stranger = '"Newton, Isaac",991,,isaac,"Math, A",,,'
    ran, text = export("canvas", roster="\n".join([*kept, twice, stranger]) + "\n")
    assert ran.status == 3
    assert "ada (has no row)" in ran.err
    assert "jose (may be García, José Ñandú or García, José Ñandú)" in ran.err
    assert "in the roster, but not in the gradebook: " in ran.err
    assert "Newton, Isaac" in ran.err
    grades, _ = _canvas(text, {"1": SET})
    assert set(grades[SET]) == TAKEN.keys() - {"ada", "jose"}


def test_what_is_not_graded_yet_and_what_could_not_be_is_told(course: Path, tmp_path: Path) -> None:
    """A submission that the gradebook does not have gets no score and status 3; half a notebook is pointed out."""
    copied = shutil.copytree(course, tmp_path / "course")
    (copied / "submitted" / "new" / SET).mkdir(parents=True)
    graded_folder(copied, "ada", SET, "its JSON is broken")
    graded_folder(copied, "jose", SET)
    ran = _inside("export", "csv", SET, "--course", copied, "--output", copied / f"{SET}-csv.csv")
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
        ran, text = export("brightspace", roster=_text(rows, separator).encode(encoding))
        assert ran.status == 3  # the others have no row
        assert "ada,6,#" in text


def test_wrong_usage_is_told(course: Path, tmp_path: Path) -> None:
    """An unknown assignment, a column for several, the roster as the target, and no gradebook at all."""
    (tmp_path / "r.csv").write_text(_canvas_roster())
    for words, status, told in (
        (("canvas", "ps9"), 2, "the gradebook has no assignment 'ps9'; it has: ps1, ps2"),
        (("canvas", SET, OTHER, "--column", "X"), 2, "names the column of one assignment, but there are 2"),
        (("canvas", SET, "--roster", tmp_path / "r.csv", "--output", tmp_path / "r.csv"), 2, "is the roster itself"),
        (("canvas", SET, "--roster", tmp_path / "none.csv"), 2, "can't be read"),
        (("excel", SET), 2, "invalid choice"),
    ):
        ran = _inside("export", *words, *(() if words[0] == "excel" else ("--course", course)))
        assert ran.status == status, ran.err
        assert told in ran.err
    (tmp_path / "bare" / "source").mkdir(parents=True)
    (tmp_path / "bare" / "nbgrader_config.py").write_text("c = get_config()\n")
    ran = _inside("export", "csv", SET, "--course", tmp_path / "bare", "--output", tmp_path / "x.csv")
    assert ran.status == 3
    assert "grade something first" in ran.err
    assert not (tmp_path / "bare" / "gradebook.db").exists()


# --- plugins of nbgrader's; tests/lms/test_documents.py runs them by its own command ------------------


def _plugin(course: Path, form: str, target: Path, **settings: object) -> str:
    app = ExportApp()
    app.coursedir = CourseDirectory(root=str(course))
    plugin = getattr(autograder.lms, f"{form.title()}Exporter")(parent=app, to=str(target), **settings)
    with gradebook(course) as book:
        plugin.export(book)
    return target.read_bytes().decode()


def test_a_plugin_exports_every_assignment_with_a_roster(course: Path, tmp_path: Path) -> None:
    """Without --assignment all assignments are columns, each in the roster's."""
    (tmp_path / "r.csv").write_text(_canvas_roster(f"{SET} (1)", f"{OTHER} (2)"))
    text = _plugin(course, "canvas", tmp_path / "out.csv", roster=str(tmp_path / "r.csv"))
    assert _canvas(text, {"1": SET, "2": OTHER})[0] == {SET: TAKEN, OTHER: {"ada": 6.0}}


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
