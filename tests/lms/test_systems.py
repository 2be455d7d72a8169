"""`autograder export`: files that each system's importer takes as they are."""

import csv
import io

import pytest
from helpers import lms
from helpers.class_book import MAX_SCORE, OTHER, PEOPLE, SET
from helpers.exporting import TAKEN, Export, canvas_grades, canvas_roster, table_text

pytestmark = pytest.mark.xdist_group("exports")


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
    ran, text = export("canvas", roster="\ufeff" + canvas_roster("PS1 (42)", "ps10 (43)"))
    assert ran.status == 0, ran.err
    grades, worth = canvas_grades(text, {"42": "PS1", "43": "ps10"})
    assert (grades, worth) == ({"PS1": TAKEN}, {"PS1": MAX_SCORE})
    assert "absent" not in text
    assert "Student, Test" not in ran.err


def test_canvas_is_told_which_column_and_points_are_scaled(export: Export) -> None:
    """--column names the assignment there; what is worth something else there is said, and --out-of scales it."""
    ran, text = export("canvas", "--column", "Homework 1", roster=canvas_roster("Homework 1 (7)", worth=100))
    assert "ps1 is worth 7 points here, but 100 in Canvas; --out-of 100" in ran.err
    ran, text = export(
        "canvas", "--column", "Homework 1", "--out-of", "100", roster=canvas_roster("Homework 1 (7)", worth=100)
    )
    assert "worth" not in ran.err
    grades, worth = canvas_grades(text, {"7": "Homework 1"})
    assert worth == {"Homework 1": 100}
    assert grades["Homework 1"]["ada"] == round(600 / 7, 4)


def test_several_assignments_make_one_file(export: Export) -> None:
    """Each assignment is a column; a student has a cell where there is a score."""
    ran, text = export("canvas", roster=canvas_roster(f"{SET} (1)", f"{OTHER} (2)"), sets=(SET, OTHER))
    grades, _ = canvas_grades(text, {"1": SET, "2": OTHER})
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
    ran, text = export("moodle", roster=table_text(rows, ";"))
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
    return table_text(rows)


def test_moodle_gets_its_worksheet_filled_in(export: Export) -> None:
    """The grading worksheet keeps all that its importer looks at, and has the grades in it."""
    ran, text = export("moodle", roster=_worksheet())
    assert ran.status == 0, ran.err
    participants = {str(number): name for number, name in enumerate(PEOPLE, start=71)}
    assert lms.moodle_worksheet(text, participants, 7.0) == TAKEN
    assert "Moodle" not in ran.err


def test_grades_that_moodle_would_drop_are_told(export: Export) -> None:
    """A worksheet whose maximum is another is pointed out, because Moodle drops what is above without a word."""
    told = "7 points here, but 5 in Moodle, which drops what is above; --out-of 5 scales"
    assert told in export("moodle", roster=_worksheet("5.00"))[0].err


def test_no_name_in_moodles_worksheet_is_a_formula(export: Export) -> None:
    """A name that a spreadsheet would calculate gets an apostrophe in the worksheet, too; no other cell changes."""
    ran, text = export("moodle", roster=_worksheet())
    assert ran.status == 0, ran.err
    given, written = (list(csv.DictReader(io.StringIO(table, newline=""))) for table in (_worksheet(), text))
    before = {row["Identifier"]: row["Full name"] for row in given}
    changed = [row["Full name"] for row in written if row["Full name"] != before[row["Identifier"]]]
    assert changed == ["'" + " ".join(PEOPLE["evil"][:2])]
    assert {row["Last modified (grade)"] for row in written} == {"-"}


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
    ran, text = export("brightspace", roster=table_text(rows))
    users = {name: (f"7{place}", name.title()) for place, name in enumerate(PEOPLE)}
    assert lms.brightspace(text, users) == {"PS1": TAKEN}
    assert "#Ada" in text
