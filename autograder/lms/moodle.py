"""Gradebooks for Moodle: the grading worksheet of an assignment, filled in; or a file for the gradebook's CSV import.

From Moodle's documentation, "Using Assignment" (offline grading worksheet) and "Grade import".
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from autograder.gradebook.grades import Student
from autograder.lms.names import moment
from autograder.lms.roster import Roster, RosterError, Row
from autograder.lms.shared import find_column, find_students, note_on_column, note_on_points, rows_of, title_of
from autograder.lms.standing import ClassGrades, Wish, Written, named
from autograder.lms.table import csv_text, name_cell, number_cell

# The worksheet's columns, in the languages that `NAMES` of the roster knows.
GRADE = ("grade", "bewertung", "note", "calificación")
MAXIMUM = ("maximum grade", "höchste bewertung", "bestwertung", "note maximale", "calificación máxima")
COLUMNS = ("First name", "Last name", "ID number", "Email address")
_SUBMITTED = ("last modified (submission)",)
_TIME = re.compile(
    r"\w+, (?P<day>\d{1,2}) (?P<month>[^\W\d]+) (?P<year>\d{4}), (?P<hour>\d{1,2}):(?P<minute>\d\d) (?P<half>AM|PM)",
    re.IGNORECASE,
)
_PARTICIPANT = re.compile(r"\D+\d+")


def _is_worksheet(roster: Roster) -> bool:
    """Tell whether a table is a grading worksheet: its first column numbers the participants, "Participant 123"."""
    return bool(roster.rows) and all(_PARTICIPANT.fullmatch(row.cells[0].strip()) for row in roster.rows)


def _worksheet(graded: ClassGrades, wish: Wish, roster: Roster) -> Written:
    """Return the worksheet with grades in it; rows without one are left out, so that nothing there changes."""
    if len(graded.sets) != 1:
        msg = f"{roster.path} is the grading worksheet of one assignment, but {len(graded.sets)} are exported"
        raise RosterError(msg)
    (grades,) = graded.sets
    titles = [title.casefold() for title in roster.header]
    wanted = wish.columns.get(grades.name, "").casefold()
    places = [place for place, title in enumerate(titles) if title == wanted or (not wanted and title in GRADE)]
    if len(places) != 1:
        got = ", ".join(roster.header)
        msg = f"{roster.path}: it is not clear which column takes the grade; name it with --column. There are: {got}"
        raise RosterError(msg)
    found = find_students(graded, wish, roster)
    notes = list(found.notes)
    ours, theirs = number_cell(graded.worth(grades, wish)), ""
    for place in (place for place, title in enumerate(titles) if title in MAXIMUM):
        theirs = next((number_cell(_number(row.cells[place])) for row in roster.rows if row.cells[place].strip()), "")
    notes += note_on_points(grades.name, ours, theirs, "Moodle, which drops what is above")
    rows = []
    of_names = {place for kind in ("name", "first", "last") for place in roster.places[kind]}
    for student, row in sorted(found.rows.items(), key=lambda one: one[1].line):
        score = graded.given(grades, student, wish)
        if score is not None:
            # Moodle knows a row by its number; it does not look at the names.
            cells = [name_cell(cell) if place in of_names else cell for place, cell in enumerate(row.cells)]
            cells[places[0]] = number_cell(score)
            rows.append(cells)
    return Written(csv_text([roster.header, *rows]), tuple(notes), found.complete)


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def moodle_form(graded: ClassGrades, wish: Wish, roster: Roster | None = None) -> Written:
    """Return a gradebook for Moodle.

    With a grading worksheet as the roster, that worksheet, to be uploaded where it was downloaded. Else a file for
    Grades > Import > CSV file, where a student is found by "Email address" or "ID number"; without a roster the latter
    is nbgrader's id.
    """
    if roster is not None and _is_worksheet(roster):
        return _worksheet(graded, wish, roster)
    kinds = ("first", "last", "number", "login", "email")
    places = sorted(roster.places[kind][0] for kind in kinds if roster.places[kind]) if roster else []
    header = [roster.header[place] for place in places] if roster else list(COLUMNS)
    found = find_students(graded, wish, roster)
    columns = [find_column(roster, title_of(grades, wish), r"(.*: *)?{}( \(.*\))?") for grades in graded.sets]
    notes = [*found.notes, *(note for column in columns for note in note_on_column(column, roster, "Moodle"))]
    of_names = [place for kind in ("first", "last") for place in (roster.places[kind] if roster else [])]
    without = [one.id for one in graded.students.values() if not one.email]
    if roster is None and without:
        told = "without an email address here, so map the import from ID number, or give --roster"
        notes.append(f"{told}: {named(without)}")

    def identity(student: Student, row: Row | None) -> list[str]:
        if row is None:
            return [name_cell(student.first_name), name_cell(student.last_name), student.id, student.email]
        return [name_cell(row.cells[place]) if place in of_names else row.cells[place] for place in places]

    rows = rows_of(graded, wish, found.rows if roster else None, identity)
    return Written(csv_text([[*header, *(one.title for one in columns)], *rows]), tuple(notes), found.complete)


def submission_time(roster: Roster | None, number: str, zone: ZoneInfo) -> datetime | None:
    """Return when a participant submitted, in UTC, if a grading worksheet says so in English; else None."""
    if roster is None or not number or not _is_worksheet(roster):
        return None
    places = [place for place, title in enumerate(roster.header) if title.casefold() in _SUBMITTED]
    for row in roster.rows if places else ():
        if row.cells[0].strip().endswith(number) and not row.cells[0].strip().removesuffix(number)[-1:].isdigit():
            found = _TIME.fullmatch(row.cells[places[0]].strip())
            if found:
                day, time = f"{found['month']} {found['day']}, {found['year']}", f"{found['hour']}:{found['minute']}"
                return moment(f"{day} {time} {found['half']}", zone)
    return None
