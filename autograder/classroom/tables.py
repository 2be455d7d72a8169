"""Everything that a report says, as CSV files that a spreadsheet opens (RFC 4180, UTF-8).

A cell that a spreadsheet would take for a formula gets an apostrophe before it: students choose some of the text
(OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograder.classroom.analysis import Analysis
from autograder.classroom.mistakes import named
from autograder.classroom.set_page import everybody_in
from autograder.classroom.statistics import Number
from autograder.classroom.values import Item, Work
from autograder.writers.text import readable

if TYPE_CHECKING:
    from autograder.classroom.pages import Everybody

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ANSWERS = (
    "student", "state", "message", "percent", "total", "penalty", "notebook", "exercise", "score", "max_score",
    "mistake", "told", "failed_checks", "seconds", "cpu_seconds", "peak_bytes", "restarts", "warnings",
)  # fmt: skip
EXERCISES = (
    "notebook", "exercise", "max_score", "by_hand", "students", "difficulty", "full", "nothing", "discrimination",
    "alpha_without", "alpha",
)  # fmt: skip
FINDINGS = ("kind", "student", "other_student", "exercise", "what", "where", "evidence", "number")


def _safe(value: Any) -> Any:
    if value is None:
        return ""
    if not isinstance(value, str):
        return round(value, 6) if isinstance(value, float) else value
    text = readable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return file.getvalue()


def _value(number: Number) -> float | str:
    return number.reason if number.value is None else number.value


class Tables:
    """The tables of a report on one assignment. anonymous: with numbers for names."""

    def __init__(self, found: Analysis, *, anonymous: bool) -> None:
        self.found, self.classroom = found, found.classroom
        self.everybody: Everybody = everybody_in(found.classroom, anonymous=anonymous)

    def _who(self, work: Work) -> str:
        return self.everybody.who(work.student).shown

    def answers(self) -> str:
        """Return a row for each student's answer to each exercise."""
        rows = [self._answer(work, item) for work in self.classroom.works for item in self.classroom.items]
        absent = [self.everybody.who(student).shown for student in self.classroom.absent]
        blank = [""] * (len(ANSWERS) - 2)
        return as_csv(ANSWERS, [*rows, *([one, "nothing handed in", *blank] for one in absent)])

    def _answer(self, work: Work, item: Item) -> list[Any]:
        verdict = work.verdicts.get(item.key)
        mistake, told = named(verdict) if verdict is not None and not verdict.passed else ("", "")
        failed = [check.name for check in verdict.checks if not check.passed] if verdict else []
        whole = (self.classroom.percent(work), work.total) if work.counts else ("", "")
        return [
            self._who(work), work.state.value, work.message, *whole, work.penalty, item.key[0], item.name,
            work.scores.get(item.key, "") if work.counts else "", item.max_score, mistake, told, " ".join(failed),
            work.seconds, work.cpu_seconds, work.peak_bytes, work.restarts, "; ".join(work.warnings),
        ]  # fmt: skip

    def exercises(self) -> str:
        """Return a row for each exercise's statistics."""
        number, alpha = self.found.distribution.number, _value(self.found.alpha)
        rows = [
            [
                one.item.key[0], one.item.name, one.item.max_score, one.item.manual, number, _value(one.difficulty),
                one.full, one.none, _value(one.discrimination), _value(one.alpha_without), alpha,
            ]
            for one in self.found.items
        ]  # fmt: skip
        return as_csv(EXERCISES, rows)

    def findings(self) -> str:
        """Return a row for each line of evidence, each pair of submissions, and each group of alike answers."""
        rows: list[list[Any]] = []
        for tried in self.found.attempts:
            who = self._who(tried.work)
            rows += [["attempt", who, "", "", one.what, one.place, one.text, ""] for one in tried.evidence]
        for pair in self.found.similarity.pairs:
            what = f"{pair.passages} rare passages in common, {pair.bits:.0f} bits"
            rows.append(["alike", self._who(pair.one), self._who(pair.other), "", what, "", "", pair.similarity])
        for number, group in enumerate(self.found.alike, start=1):
            rows += [
                ["cluster", self._who(work), "", group.item.name, group.id or group.text, f"cluster {number}", "", ""]
                for work in group.works
            ]
        return as_csv(FINDINGS, rows)

    def all(self) -> dict[str, str]:
        """Return every table, by what is added to the page's name."""
        return {"": self.answers(), "-exercises": self.exercises(), "-findings": self.findings()}
