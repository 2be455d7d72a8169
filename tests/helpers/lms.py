"""How the systems read what is given to them: their importers' rules, as far as they decide what a file does.

Canvas: "How do I import grades in the Gradebook?"; Moodle: "Grade import" and, for the grading worksheet, "Using
Assignment"; Brightspace: "Importing grades". Each reads a file strictly and returns the grades that it would enter.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import NoReturn

Grades = dict[str, dict[str, float]]
RESERVED = ("Current Score", "Final Score", "Override Score")


class RejectedError(Exception):
    """The system would not take the file."""


def reject(why: str) -> NoReturn:
    """Take no such file."""
    raise RejectedError(why)


def _rows(text: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        reject("lines differ in length")
    return rows


def _number(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        reject(f"{text!r} is no grade")
    return float(text)


def _canvas_columns(header: Sequence[str]) -> int:
    """Return how many columns tell who somebody is."""
    count = 4 if header[2] == "SIS Login ID" else 5 if header[2:4] == ["SIS User ID", "SIS Login ID"] else 3
    if "Section" not in header[count - 1]:
        reject("invalid header row")
    return count


def canvas(text: str, users: Mapping[str, Mapping[str, str]], known: Mapping[str, str]) -> tuple[Grades, Grades]:
    """Return the grades by assignment and user, and what assignments would be worth.

    users: by ID, each with login and name. known: assignments' titles by number; another title makes a new one.
    """
    header, *rows = _rows(text)
    if "Student" not in header[0] or "ID" not in header[1]:
        reject("invalid header row")
    student_columns = _canvas_columns(header)
    titles = {}
    for place, title in list(enumerate(header))[student_columns:]:
        found = re.fullmatch(r"(.*) \((\d+)\)", title)
        titles[place] = known[found[2]] if found and found[2] in known else title
    grades: Grades = {title: {} for title in titles.values()}
    worth: Grades = {"worth": {}}
    for row in rows:
        if "Points Possible" in row[0]:
            worth["worth"] = {title: _number(row[place]) for place, title in titles.items()}
            continue
        login = row[header.index("SIS Login ID")]
        by_login = [user for user, facts in users.items() if login and facts["login"] == login]
        user = row[1] if row[1] in users else (by_login or [""])[0]
        if not user:
            reject(f"no user {row[0]}")
        for place, title in titles.items():
            if row[place]:
                grades[title][user] = _number(row[place])
    return grades, worth


def moodle_gradebook(text: str, users: Mapping[str, str], field: str, item: str) -> dict[str, float]:
    """Return the grades by user, of one column, with users found by another. users: by the value of that field."""
    header, *rows = _rows(text)
    grades = {}
    for row in rows:
        who = row[header.index(field)]
        if who not in users:
            reject(f"no user {who!r}")
        if row[header.index(item)]:
            grades[users[who]] = _number(row[header.index(item)])
    return grades


def moodle_worksheet(text: str, participants: Mapping[str, str], maximum: float) -> dict[str, float]:
    """Return the grades by user that a filled-in worksheet enters; one past the maximum is dropped."""
    header, *rows = _rows(text)
    if not {"Identifier", "Grade", "Last modified (grade)"} <= set(header):
        reject("the columns are not those of the worksheet")
    grades = {}
    for row in rows:
        number = row[header.index("Identifier")].removeprefix("Participant ")
        grade = row[header.index("Grade")]
        if number in participants and grade and _number(grade) <= maximum:
            grades[participants[number]] = _number(grade)
    return grades


def brightspace(text: str, users: Mapping[str, Sequence[str]]) -> Grades:
    """Return the grades by item and user. users: OrgDefinedId and Username, by user."""
    header, *rows = _rows(text)
    if header[-1] != "End-of-Line Indicator" or any(row[-1] != "#" for row in rows):
        reject("the lines have no end")
    keys = [place for place, title in enumerate(header) if title in ("OrgDefinedId", "Username")]
    items = {
        place: found[1]
        for place, title in enumerate(header)
        if (found := re.fullmatch(r"(.*) Points Grade(?: <.*>)?", title))
    }
    if not keys or len(keys) + len(items) + 1 != len(header):
        reject("a column is none that can be imported")
    grades: Grades = {item: {} for item in items.values()}
    for row in rows:
        wanted = {row[place].removeprefix("#") for place in keys} - {""}
        found = [user for user, names in users.items() if wanted & set(names)]
        if len(found) != 1:
            reject(f"no user {wanted}")
        for place, item in items.items():
            if row[place]:
                grades[item][found[0]] = _number(row[place])
    return grades
