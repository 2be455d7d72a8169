"""The page on a class's work on one assignment."""

from datetime import datetime
from typing import Any

from autograder.classroom.analysis import Analysis, facts, in_short, reliability_in_words, to_do
from autograder.classroom.charts import charts_of
from autograder.classroom.mistakes import lost
from autograder.classroom.pages import Everybody, Who, page
from autograder.classroom.similarity import Pair
from autograder.classroom.values import Classroom, Item, State, Work

MOST_CODE = 4_000
SLOWEST = 10
# Of mistakes and clusters, so many are seen at once.
MOST_LISTED = 10
# Of a group of near-duplicates, so many pairs stand side by side.
MOST_PAIRS = 6
MEGABYTE = 1024**2


class _View:
    """What the template asks for, by student."""

    def __init__(self, found: Analysis, everybody: Everybody) -> None:
        self.found, self.classroom, self.everybody = found, found.classroom, everybody
        self.attempted = {one.work.student for one in found.attempts}

    def who(self, work: Work, item: Item | None = None) -> Who:
        """Return how a student is named, with a link to the page of the notebook that an exercise is in."""
        link = work.pages.get(item.key[0], "") if item else next(iter(work.pages.values()), "")
        return self.everybody.who(work.student, link)

    def absent(self) -> list[Who]:
        """Return who handed nothing in."""
        return [self.everybody.who(student) for student in self.classroom.absent]

    def share(self, work: Work, item: Item) -> float | None:
        """Return which part of an exercise's points a student earned."""
        if not work.counts or item.max_score <= 0:
            return None
        return work.scores.get(item.key, 0.0) / item.max_score

    def losers(self, item: Item) -> list[Who]:
        """Return who lost points in an exercise."""
        return [self.who(work, item) for work in self.classroom.counted if lost(work, item)]

    def flags(self, work: Work) -> list[str]:
        """Return what else is to be known of a submission, in a word or two each."""
        flags = [work.state.value] if work.state is not State.GRADED else []
        flags += ["late"] if work.penalty else []
        flags += ["to grade by hand"] if work.waiting else []
        flags += ["see attempts"] if work.student in self.attempted else []
        return flags

    def slowest(self) -> list[Work]:
        """Return the submissions that took longest."""
        return sorted((work for work in self.classroom.works if work.seconds), key=lambda one: -one.seconds)[:SLOWEST]

    def totals(self) -> dict[str, float]:
        """Return what the class used: seconds, seconds of processor, most megabytes, restarts."""
        works = self.classroom.works
        return {
            "seconds": sum(work.seconds for work in works),
            "cpu": sum(work.cpu_seconds for work in works),
            "peak": max((work.peak_bytes for work in works), default=0) / MEGABYTE,
            "restarts": sum(work.restarts for work in works),
        }

    def warned(self) -> dict[str, int]:
        """Return how many students' code warned, by category."""
        found: dict[str, int] = {}
        for work in self.classroom.works:
            for kind in work.python_warnings:
                found[kind] = found.get(kind, 0) + 1
        return found

    def side_by_side(self, pair: Pair) -> list[tuple[str, list[tuple[str, bool]], list[tuple[str, bool]]]]:
        """Return, by function, the lines of both, each with whether the other has it too and the stub has not."""
        given = {line.strip() for text in self.classroom.given for line in text.split("\n")}
        both = [(name, _marked(left, right, given), _marked(right, left, given)) for name, left, right in pair.cells]
        return [one for one in both if any(same for _, same in one[1])]


def _marked(text: str, other: str, given: set[str]) -> list[tuple[str, bool]]:
    """Return a text's lines without the stub's, each with whether the other text has it."""
    lines = {line.strip() for line in other.split("\n")} - given - {""}
    own = [line for line in text[:MOST_CODE].split("\n") if line.strip() not in given or line.startswith("def ")]
    return [(line, line.strip() in lines) for line in own]


def cut(text: str) -> str:
    """Return code of a length that can be read on a page."""
    return text if len(text) <= MOST_CODE else f"{text[:MOST_CODE]}\n… ({len(text):,} characters)"


def everybody_in(classroom: Classroom, *, anonymous: bool) -> Everybody:
    """Return the students of a class, in the numbers that stand for them."""
    students = [*(work.student for work in classroom.works), *classroom.absent]
    return Everybody(students, classroom.names, classroom.assignment, anonymous=anonymous)


def set_page(found: Analysis, *, anonymous: bool, now: datetime) -> str:
    """Return the HTML of the report on a class's work. anonymous: leave all names and links out."""
    everybody = everybody_in(found.classroom, anonymous=anonymous)
    view = _View(found, everybody)
    told: dict[str, Any] = {
        "title": f"{found.classroom.assignment}: report on the class", "found": found, "view": view,
        "facts": facts(found), "to_do": to_do(found), "in_words": reliability_in_words(found.alpha),
        "made": f"{now:%Y-%m-%d %H:%M}", "cut": cut, "in_short": in_short, "most_listed": MOST_LISTED,
        "states": State, "most_pairs": MOST_PAIRS, "anonymous": anonymous, "megabyte": MEGABYTE,
    }  # fmt: skip
    return page("set.html.j2", charts_of(found, everybody.number), **told)
