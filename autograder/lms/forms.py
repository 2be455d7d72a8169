"""The gradebooks: a function each, from what a class has to the text of a file that imports as it is."""

from collections.abc import Callable

from autograder.gradebook.grades import Student
from autograder.lms.moodle import moodle_form
from autograder.lms.roster import Roster, RosterError, Row
from autograder.lms.shared import find_column, find_students, note_on_column, note_on_points, rows_of, title_of
from autograder.lms.standing import ClassGrades, Wish, Written, notes_on
from autograder.lms.table import csv_text, name_cell, number_cell

# A spreadsheet takes UTF-8 for what it is if this stands at the beginning.
BYTE_ORDER_MARK = "\ufeff"
Form = Callable[[ClassGrades, Wish, Roster | None], Written]
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_NAMES = ("student", "lastname", "firstname", "section")
END_OF_LINE = ("End-of-Line Indicator", "#")


def csv_form(graded: ClassGrades, wish: Wish, roster: Roster | None = None) -> Written:
    """Return a table of a class: who, points by exercise, late penalty, score, how far grading has come."""
    several = len(graded.sets) > 1
    header = ["student_id", "last_name", "first_name", "email"]
    for grades in graded.sets:
        own = [*(one.name for one in grades.exercises), "late_penalty", "score", "max_score", "status"]
        header += [name_cell(f"{grades.name}: {title}" if several else title) for title in own]
    rows = []
    for student in graded.students.values():
        row = [name_cell(part) for part in (student.id, student.last_name, student.first_name, student.email)]
        for grades in graded.sets:
            earned = grades.earned.get(student.id)
            row += [number_cell(earned.scores[one.name] if earned else None) for one in grades.exercises]
            row += [number_cell(earned.late if earned else None), number_cell(graded.given(grades, student.id, wish))]
            row += [number_cell(grades.max_score), name_cell(graded.status(grades, student.id))]
        rows.append(row)
    notes, complete = notes_on(graded, wish)
    return Written(BYTE_ORDER_MARK + csv_text([header, *rows]), tuple(notes), complete)


def _canvas_header(roster: Roster | None) -> list[str]:
    """Return the columns that tell who somebody is, as Canvas exported them. Raises RosterError if it did not."""
    if roster is None:
        return list(CANVAS_COLUMNS)
    titles = [title.casefold() for title in roster.header]
    if titles[0] not in ("student", "lastname") or "id" not in titles or "section" not in titles:
        got = ", ".join(roster.header)
        msg = (
            f"{roster.path} is no gradebook of Canvas's: it would begin with {', '.join(CANVAS_COLUMNS)}; it has: {got}"
        )
        raise RosterError(msg)
    return list(roster.header[: titles.index("section") + 1])


def canvas_form(graded: ClassGrades, wish: Wish, roster: Roster | None = None) -> Written:
    """Return a gradebook for Canvas: who, as far as the section; then the assignments, "Name (number)" if known.

    Canvas finds a student by ID, then SIS User ID, then SIS Login ID; without a roster that is nbgrader's id.
    """
    header = _canvas_header(roster)
    found = find_students(graded, wish, roster)
    columns = [find_column(roster, title_of(grades, wish), r"{} \(\d+\)", len(header)) for grades in graded.sets]
    notes, worth = list(found.notes), []
    remarks = [row for row in roster.remarks if "points possible" in row.cells[0].casefold()] if roster else []
    for grades, column in zip(graded.sets, columns, strict=True):
        ours = number_cell(graded.worth(grades, wish))
        theirs = remarks[0].cells[column.place].strip() if remarks and column.place is not None else ""
        notes += note_on_column(column, roster, "Canvas") + note_on_points(grades.name, ours, theirs, "Canvas")
        worth.append(theirs or ours)

    def identity(student: Student, row: Row | None) -> list[str]:
        if row is None:
            name = ", ".join(part for part in (student.last_name, student.first_name) if part) or student.id
            return [name_cell(name), student.lms_id, "", student.id, ""]
        cells = zip(header, row.cells, strict=False)
        return [name_cell(cell) if title.casefold() in _NAMES else cell for title, cell in cells]

    possible = ["    Points Possible", *[""] * (len(header) - 1), *worth]
    rows = rows_of(graded, wish, found.rows if roster else None, identity)
    return Written(
        csv_text([[*header, *(one.title for one in columns)], possible, *rows]), tuple(notes), found.complete
    )


def brightspace_form(graded: ClassGrades, wish: Wish, roster: Roster | None = None) -> Written:
    """Return a gradebook for Brightspace: OrgDefinedId, Username, "Name Points Grade", and the mark at each line's end.

    Of OrgDefinedId and Username one is needed; without a roster the latter is nbgrader's id. No names: Brightspace
    takes none.
    """
    titles = [title.casefold() for title in roster.header] if roster else ["username"]
    places = [titles.index(wanted) for wanted in ("orgdefinedid", "username") if wanted in titles]
    if not places:
        path = roster.path if roster else ""
        msg = f"{path} is no gradebook of Brightspace's: it has neither OrgDefinedId nor Username"
        raise RosterError(msg)
    header = [roster.header[place] for place in places] if roster else ["Username"]
    found = find_students(graded, wish, roster)
    notes, columns = list(found.notes), []
    for grades in graded.sets:
        column = find_column(roster, title_of(grades, wish), r"{} Points Grade( <.*>)?")
        new = column.place is None and not column.title.endswith(" Points Grade")
        notes += note_on_column(column, roster, "Brightspace")
        columns.append(f"{column.title} Points Grade" if new else column.title)

    def identity(student: Student, row: Row | None) -> list[str]:
        return [row.cells[place] for place in places] if row else [student.id]

    end, mark = END_OF_LINE
    rows = rows_of(graded, wish, found.rows if roster else None, identity)
    made = [[*header, *columns, end], *([*row, mark] for row in rows)]
    return Written(csv_text(made), tuple(notes), found.complete)


FORMS: dict[str, Form] = {
    "csv": csv_form,
    "canvas": canvas_form,
    "moodle": moodle_form,
    "brightspace": brightspace_form,
}
