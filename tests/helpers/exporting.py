"""Exporting the class of `class_book`: the command inside this process, rosters of each system, and Canvas's answer."""

import contextlib
import csv
import io
import signal
from collections.abc import Callable
from pathlib import Path

from autograder.cli.main import main
from helpers import lms
from helpers.class_book import EXPECTED, MAX_SCORE, PEOPLE
from helpers.command import Ran

TAKEN = {student: score for student, score in EXPECTED.items() if student != "waits"}
CANVAS_IDS = {str(900 + place): name for place, name in enumerate(PEOPLE)}
ID_OF = {name: number for number, name in CANVAS_IDS.items()}
Export = Callable[..., tuple[Ran, str]]


def inside(*words: str | Path) -> Ran:
    """Run the command in this process, which has read all that it needs."""
    out, err = io.StringIO(), io.StringIO()
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = main([str(word) for word in words])
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            for one, action in before.items():
                signal.signal(one, action)
    return Ran(status, out.getvalue(), err.getvalue()).without_traceback()


def canvas_roster(*titles: str, worth: float = MAX_SCORE) -> str:
    """Return the gradebook that Canvas would export, with these assignments in it."""
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Old work (11)", *titles, "Final Score"],
        ["", "", "", "", "", "Manual Posting", *[""] * len(titles), ""],
        ["    Points Possible", "", "", "", "", "10", *[f"{worth:g}"] * len(titles), "(read only)"],
    ]
    for name, (first, last, _, _) in PEOPLE.items():
        rows.append([f"{last}, {first}", ID_OF[name], f"S{name}", name, "Math, A", "9", *[""] * len(titles), "90"])
    rows.append(["Student, Test", "999", "", "abcdef", "Math, A", "", *[""] * len(titles), ""])
    return table_text(rows)


def table_text(rows: list[list[str]], separator: str = ",") -> str:
    """Return rows as the text of a CSV file."""
    made = io.StringIO()
    csv.writer(made, delimiter=separator).writerows(rows)
    return made.getvalue()


def canvas_grades(
    text: str, known: dict[str, str] | None = None
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Return the grades that Canvas would enter, by assignment and student, and what assignments would be worth."""
    users = {number: {"login": name} for number, name in CANVAS_IDS.items()}
    grades, worth = lms.canvas(text, users, known or {})
    return {item: {CANVAS_IDS[user]: score for user, score in ones.items()} for item, ones in grades.items()}, worth[
        "worth"
    ]
