"""Reading what an LMS exported: its gradebook, or its grading worksheet, to learn who is who there."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograder.gradebook.grades import Student

MOST_BYTES = 64 * 1024**2
# What Canvas, Moodle (in English, German, French, Spanish) and Brightspace call the columns that tell who somebody is.
NAMES: Mapping[str, tuple[str, ...]] = {
    "lms": ("id", "identifier", "identifiant", "identificador"),
    "login": (
        "sis login id", "username", "login id", "login", "anmeldename", "nom d'utilisateur", "nombre de usuario",
    ),
    "number": (
        "sis user id", "integration id", "id number", "orgdefinedid", "org defined id", "id-nummer",
        "numéro d'identification", "número de id", "número de identificación",
    ),
    "email": (
        "email address", "email", "e-mail", "e-mail-adresse", "adresse de courriel", "adresse e-mail",
        "dirección de correo", "dirección email", "correo electrónico",
    ),
    "name": ("student", "full name", "vollständiger name", "nom complet", "nombre completo"),
    "first": ("first name", "firstname", "vorname", "prénom", "nombre"),
    "last": ("last name", "lastname", "surname", "nachname", "nom", "nom de famille", "apellido(s)", "apellidos"),
}  # fmt: skip
# Rows of Canvas's that are no student's.
_POINTS_POSSIBLE = "points possible"
_REMARKS = re.compile(r"\s*(Muted|Manual Posting.*|\(read only\))?\s*", re.IGNORECASE)
_TEST_STUDENT = "student, test"


class RosterError(Exception):
    """A roster can't be used; the message says what was expected, what was got, and what to do."""


@dataclass(frozen=True)
class Row:
    """One student's row. cells: as they stand in the file. line: its number among the rows."""

    cells: tuple[str, ...]
    line: int


def _key(text: str) -> str:
    # Brightspace puts a # before ids, so that spreadsheets take them for text.
    return text.strip().removeprefix("#").casefold()


@dataclass(frozen=True)
class Roster:
    """An LMS's table. path: for messages. remarks: the rows above the students', such as Canvas's points."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[Row, ...] = field(default=())

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where the columns of each kind are."""
        titles = [title.strip().casefold() for title in self.header]
        found = {kind: [place for place, title in enumerate(titles) if title in names] for kind, names in NAMES.items()}
        if not found["email"]:
            found["email"] = [place for place in range(len(titles)) if self._all_emails(place)]
        return found

    def _all_emails(self, place: int) -> bool:
        cells = [row.cells[place] for row in self.rows if row.cells[place].strip()]
        return bool(cells) and all(re.fullmatch(r"\s*[^@\s]+@[^@\s]+\s*", cell) for cell in cells)

    def values(self, row: Row, kind: str) -> list[str]:
        """Return what a row has in the columns of a kind, without what is empty."""
        return [row.cells[place].strip() for place in self.places[kind] if row.cells[place].strip()]

    def keys(self, row: Row, *kinds: str) -> set[str]:
        """Return what a student of this row may be known by, in a form to compare."""
        return {_key(value) for kind in kinds for value in self.values(row, kind)} - {""}

    def shown(self, row: Row) -> str:
        """Return who a row is, for a message."""
        named = self.values(row, "name") or [" ".join([*self.values(row, "first"), *self.values(row, "last")]).strip()]
        others = [*self.values(row, "login"), *self.values(row, "number"), *self.values(row, "email")]
        return next((text for text in [*named, *others, *self.values(row, "lms")] if text), f"row {row.line}")

    def full_names(self, row: Row) -> list[str]:
        """Return a row's name in every order that it may be written in: "First Last", "Last First"."""
        names = [part.replace(",", " ") for part in self.values(row, "name")]
        names += [" ".join(reversed(text.split(",", 1))) for text in self.values(row, "name") if "," in text]
        first, last = " ".join(self.values(row, "first")), " ".join(self.values(row, "last"))
        return [name for name in (*names, f"{first} {last}".strip(), f"{last} {first}".strip()) if name]


def _text(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _separator(first_line: str) -> str:
    return max(",;\t", key=first_line.count)


def read_roster(path: Path) -> Roster:
    """Return the table in a file that an LMS exported: CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or cp1252.

    Raises RosterError if it is none, or says nothing by which a student could be known.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            msg = f"the roster {path} is larger than {MOST_BYTES // 1024**2} MB"
            raise RosterError(msg)
        text = _text(path.read_bytes())
        lines = list(
            csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text.split("\n", 1)[0]), strict=True)
        )
    except OSError as error:
        msg = f"the roster {path} can't be read: {error.strerror}"
        raise RosterError(msg) from None
    except csv.Error as error:
        msg = f"the roster {path} is no CSV file ({error}); export it anew from the LMS, as CSV, not as a spreadsheet"
        raise RosterError(msg) from None
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    header = tuple(title.strip() for title in lines[0]) if lines else ()
    roster = _sorted_rows(path, header, lines[1:])
    if not any(roster.places[kind] for kind in ("lms", "login", "number", "email")):
        wanted = "ID, SIS Login ID, Username, OrgDefinedId, ID number or Email address"
        got = ", ".join(header) or "none"
        msg = f"the roster {path} has no column that tells who is who ({wanted}); its columns: {got}"
        raise RosterError(msg)
    return roster


def _sorted_rows(path: Path, header: tuple[str, ...], lines: Sequence[Sequence[str]]) -> Roster:
    rows: list[Row] = []
    remarks: list[Row] = []
    for number, line in enumerate(lines, start=1):
        row = Row(tuple([*line, *[""] * (len(header) - len(line))][: len(header)]), number)
        first = row.cells[0].strip().casefold()
        if _POINTS_POSSIBLE in first or all(_REMARKS.fullmatch(cell) for cell in row.cells):
            remarks.append(row)
        elif first != _TEST_STUDENT:
            rows.append(row)
    return Roster(path, header, tuple(rows), tuple(remarks))


@dataclass(frozen=True)
class Matched:
    """Who is who. rows: by student. lost: students without a row, and why. others: rows without a student."""

    rows: dict[str, Row]
    lost: dict[str, str]
    others: tuple[Row, ...]


def _index(roster: Roster) -> dict[str, list[Row]]:
    """Return the rows by everything that a student may be known by; what stands before an address's @ is marked."""
    index: dict[str, list[Row]] = {}
    for row in roster.rows:
        keys = roster.keys(row, "login", "number", "email", "lms")
        for key in keys | {_local(key) for key in roster.keys(row, "email")}:
            index.setdefault(key, []).append(row)
    return index


def _local(address: str) -> str:
    return f"{address.partition('@')[0]}@"


def _give_up_shared(found: dict[str, Row], lost: dict[str, str]) -> None:
    """Take a row from all of the students who have it, if there are several."""
    owners: dict[int, list[str]] = {}
    for owner, row in found.items():
        owners.setdefault(row.line, []).append(owner)
    for several in (names for names in owners.values() if len(names) > 1):
        for name in several:
            lost[name] = f"has the same row as {', '.join(one for one in several if one != name)}"
            del found[name]


def match(students: Sequence[Student], roster: Roster) -> Matched:
    """Find each student's row, by id, login, number or email; what may be two people's is nobody's."""
    found: dict[str, Row] = {}
    lost: dict[str, str] = {}
    index = _index(roster)
    for student in students:
        mine = {_key(student.id), _key(student.email), _key(student.lms_id)} - {""}
        rows = {row.line: row for key in mine for row in index.get(key, [])}
        rows = rows or {row.line: row for row in index.get(_local(_key(student.id)), [])}
        if len(rows) == 1:
            found[student.id] = next(iter(rows.values()))
        elif rows:
            lost[student.id] = f"may be {' or '.join(roster.shown(row) for row in rows.values())}"
        else:
            lost[student.id] = "has no row"
    _give_up_shared(found, lost)
    taken = {row.line for row in found.values()}
    return Matched(found, lost, tuple(row for row in roster.rows if row.line not in taken))
