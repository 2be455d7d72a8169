"""What the gradebooks have in common: whose rows there are, which of the LMS's columns is the assignment's."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from autograder.gradebook.grades import SetGrades, Student
from autograder.lms.roster import Roster, RosterError, Row, match
from autograder.lms.standing import ClassGrades, Wish, named, notes_on
from autograder.lms.table import number_cell

Identity = Callable[[Student, Row | None], list[str]]


def title_of(grades: SetGrades, wish: Wish) -> str:
    """Return what an assignment is called in the LMS."""
    return wish.columns.get(grades.name, grades.name)


@dataclass(frozen=True)
class Found:
    """Who is who. rows: by student. notes: what to say of it. complete: whether nobody with a score is lost."""

    rows: Mapping[str, Row]
    notes: list[str]
    complete: bool


def find_students(graded: ClassGrades, wish: Wish, roster: Roster | None) -> Found:
    """Return each student's row in the roster, and what to say of those who are only here or only there."""
    notes, complete = notes_on(graded, wish)
    if roster is None:
        return Found({}, notes, complete)
    found = match(list(graded.students.values()), roster)
    lost = [
        f"{student} ({why})"
        for student, why in found.lost.items()
        if any(graded.given(grades, student, wish) is not None for grades in graded.sets)
    ]
    if lost:
        notes.append(f"not found in the roster, so that their scores are NOT in the file: {named(lost)}")
    if found.others:
        notes.append(f"in the roster, but not in the gradebook: {named([roster.shown(row) for row in found.others])}")
    return Found(found.rows, notes, complete and not lost)


def rows_of(graded: ClassGrades, wish: Wish, rows: Mapping[str, Row] | None, identity: Identity) -> list[list[str]]:
    """Return the rows of those who get a score, in the roster's order; the others are left as they are in the LMS.

    rows: of the roster, by student; None if there is no roster. identity: returns the cells before the scores.
    """
    known = rows or {}
    students = [student for student in graded.students if rows is None or student in rows]
    made = []
    for student in sorted(students, key=lambda one: (known[one].line if one in known else 0, one)):
        scores = [graded.given(grades, student, wish) for grades in graded.sets]
        if any(score is not None for score in scores):
            made.append([*identity(graded.students[student], known.get(student)), *map(number_cell, scores)])
    return made


@dataclass(frozen=True)
class Column:
    """An assignment's column. place: in the roster, None if it has none by this title."""

    title: str
    place: int | None = None


def find_column(roster: Roster | None, title: str, form: str, first: int = 0) -> Column:
    """Return the roster's column for an assignment, or a new one.

    form: a regular expression of what the LMS makes of a title, {} in its place. first: where columns begin.
    Raises RosterError if the title may mean several columns.
    """
    wanted = re.compile(form.replace("{}", re.escape(title)), re.IGNORECASE)
    names = list(enumerate(roster.header))[first:] if roster else []
    places = [place for place, name in names if name.casefold() == title.casefold()]
    places = places or [place for place, name in names if wanted.fullmatch(name)]
    if len(places) > 1:
        told = ", ".join(name for place, name in names if place in places)
        msg = f"{title!r} may be one of several columns of the roster; name one with --column: {told}"
        raise RosterError(msg)
    if roster is not None and places:
        return Column(roster.header[places[0]], places[0])
    return Column(title)


def note_on_column(column: Column, roster: Roster | None, system: str) -> list[str]:
    """Return what to say if the LMS does not have a column yet."""
    if roster is None or column.place is not None:
        return []
    told = "if there is one by another name, give it with --column TITLE"
    return [f"the roster has no column {column.title!r}: {system} will offer to make a new one; {told}"]


def note_on_points(name: str, ours: str, theirs: str, system: str) -> list[str]:
    """Return what to say if an assignment is worth something else in the LMS."""
    try:
        same = not theirs.strip() or float(theirs.replace(",", ".")) == float(ours)
    except ValueError:
        same = True  # no points at all, such as "(read only)"
    if same:
        return []
    return [f"{name} is worth {ours} points here, but {theirs} in {system}; --out-of {theirs} scales the scores"]
