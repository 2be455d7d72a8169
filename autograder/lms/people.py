"""Who a downloaded file belongs to: by the LMS's numbers and names, its roster, and nbgrader's gradebook."""

import re
from collections.abc import Iterable, Sequence

from autograder.gradebook.grades import Student
from autograder.lms.names import Owner, bare
from autograder.lms.roster import Roster, Row, match
from autograder.writers.text import inert

_DIGITS = re.compile(r"\d+$")
# What can't be a folder, or what nbgrader's pages could not show.
_NOT_IN_IDS = frozenset('/\\<>"\0')


class UnknownOwnerError(Exception):
    """A file can't be assigned to a student; the message says why, and what to do."""


def _names_of(student: Student) -> set[str]:
    first, last = student.first_name, student.last_name
    return {bare(first + last), bare(last + first)} - {""} if first and last else set()


def _usable(student: str) -> bool:
    return (
        bool(student) and not student.startswith(".") and not _NOT_IN_IDS & set(student) and inert(student) == student
    )


class People:
    """Everybody whom a submission may belong to.

    students: of the gradebook. roster: what the LMS exported, if it is there.
    """

    def __init__(self, students: Iterable[Student], roster: Roster | None) -> None:
        self.students = list(students)
        self.roster = roster
        self.of_row: dict[int, str] = {}
        if roster is not None:
            self.of_row = {row.line: student for student, row in match(self.students, roster).rows.items()}

    def student(self, owner: Owner) -> str:
        """Return the id of the student whose a file is. Raises UnknownOwnerError."""
        if self.roster is not None and (rows := self._rows(self.roster, owner)):
            if len(rows) > 1:
                told = " and ".join(self.roster.shown(row) for row in rows)
                msg = f"the roster has several whom this may be: {told}"
                raise UnknownOwnerError(msg)
            return self._of(self.roster, rows[0])
        found = [one.id for one in self.students if owner.number and one.lms_id == owner.number]
        if not found and not owner.hidden:
            found = [one.id for one in self.students if bare(owner.name) in _names_of(one)]
        if len(found) == 1:
            return found[0]
        raise UnknownOwnerError(self._told(owner, found))

    def _told(self, owner: Owner, found: Sequence[str]) -> str:
        if found:
            return f"several students of the gradebook are called {owner.name}: {', '.join(found)}; give a roster"
        if owner.hidden and self.roster is None:
            return f"{owner.system} keeps names from graders here; give its grading worksheet as the roster"
        where = "neither the roster nor the gradebook has" if self.roster else "the gradebook has no"
        number = f" (number {owner.number} there)" if owner.number else ""
        remedy = "" if self.roster else "; enter the student's names with nbgrader db student add, or give a roster"
        return f"{where} {owner.name}{number}{remedy}"

    @staticmethod
    def _rows(roster: Roster, owner: Owner) -> list[Row]:
        """Return the rows that may be the owner's: by number, else by name."""

        def numbers(row: Row) -> set[str]:
            return {found.group() for text in roster.values(row, "lms") if (found := _DIGITS.search(text))}

        rows = [row for row in roster.rows if owner.number and owner.number in numbers(row)]
        if rows or owner.hidden:
            return rows
        return [row for row in roster.rows if bare(owner.name) in {bare(name) for name in roster.full_names(row)}]

    def _of(self, roster: Roster, row: Row) -> str:
        """Return the student of a row: the gradebook's, else a new one by the row's login, number or address."""
        if row.line in self.of_row:
            return self.of_row[row.line]
        names = [text for kind in ("login", "number", "email") for text in roster.values(row, kind)]
        for name in (text.removeprefix("#").strip() for text in names):
            if _usable(name):
                return name
        msg = f"{roster.shown(row)} is in the roster without a login, number or address that could be an id"
        raise UnknownOwnerError(msg)
