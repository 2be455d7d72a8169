"""What a student is told of a graded notebook: the page as values, which the template only lays out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from markupsafe import Markup

from autograder.gradebook.entries import Entries, Grade
from autograder.marks import stored_result
from autograder.notebook.assignment import Assignment
from autograder.pages.answers import Answer, Stop, answer_of, place_of
from autograder.pages.formulas import instructors_markdown
from autograder.pages.notebook_view import View, in_place, view_of
from autograder.pages.picture import Drawn, Key, drawn, legend
from autograder.pages.sections import section_above, title_of
from autograder.pages.words import Said, in_words, inputs_in_words
from autograder.report import ErrorPattern, ExerciseResult, Status, SubmissionResult

NOT_WRITTEN = "not-written"
_SENTENCE = re.compile(r".+?[.?!](?= [A-Z]|$)", re.DOTALL)


class Verdict(Enum):
    """What came of an exercise, in a word or two."""

    RIGHT = "right"
    PARTLY = "partly right"
    WRONG = "not right yet"
    NOT_WRITTEN = "not written yet"
    EMPTY = "nothing handed in"
    NOT_JUDGED = "could not be judged"
    WAITING = "waits for your instructor"
    BY_HAND = "graded by your instructor"


@dataclass(frozen=True)
class Review:
    """What to read again: a heading, the text below it, and where it stands in the notebook."""

    heading: Markup
    html: Markup
    cell: int | None


@dataclass(frozen=True)
class Picture:
    """What a wrong answer looks like."""

    parts: list[Drawn]
    legend: list[Key]
    inputs: str

    @classmethod
    def of(cls, pattern: ErrorPattern | None) -> "Picture | None":
        """Return the picture of a pattern, if there is one."""
        return cls(drawn(pattern), legend(pattern), inputs_in_words(pattern)) if pattern else None


@dataclass(frozen=True)
class Card:
    """What is said of one exercise.

    tests: the points that the tests gave, where a person gave others. stopped: what ended the cell.
    """

    anchor: str
    name: str
    verdict: Verdict
    score: float
    most: float
    extra: float = 0.0
    tests: float | None = None
    diagnosis: str = ""
    checks: tuple[Said, ...] = ()
    picture: Picture | None = None
    answer: Answer | None = None
    stopped: str = ""
    review: Review | None = None
    comment: str = ""

    @property
    def needs_work(self) -> bool:
        """True if the student can still do something about it."""
        return self.verdict in (Verdict.PARTLY, Verdict.WRONG, Verdict.NOT_WRITTEN, Verdict.EMPTY)

    @property
    def in_short(self) -> str:
        """The most important sentence; "" where nothing was tried."""
        if self.verdict in (Verdict.NOT_WRITTEN, Verdict.EMPTY):
            return ""
        messages = (check.message for check in self.failed)
        told = self.diagnosis or self.stopped or next(messages, "")
        found = _SENTENCE.match(told)
        return found[0] if found else told

    @property
    def failed(self) -> tuple[Said, ...]:
        """The checks that found something."""
        return tuple(check for check in self.checks if not check.passed)

    @property
    def passed(self) -> tuple[Said, ...]:
        """The checks that found nothing."""
        return tuple(check for check in self.checks if check.passed)


@dataclass(frozen=True)
class Page:
    """A page of feedback.

    refusal: why the notebook could not be graded, or "". by_hand: whether a person gave points.
    has_details: whether more is known than points.
    """

    title: Markup
    assignment: str
    notebook: str
    student: str
    score: float
    most: float
    late: float
    refusal: str
    by_hand: bool
    cards: tuple[Card, ...]
    comments: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    view: View
    has_details: bool

    @property
    def share(self) -> float:
        """How much of the points was earned, from 0 to 100."""
        return max(0.0, min(100.0, 100 * self.score / self.most)) if self.most else 0.0

    @property
    def first(self) -> Card | None:
        """What to look at first: the earliest that is wrong, for later ones build on it; else what is missing."""
        work = [card for card in self.cards if card.needs_work]
        tried = [card for card in work if card.verdict in (Verdict.WRONG, Verdict.PARTLY)]
        return next(iter(tried or work), None)

    @property
    def is_all_right(self) -> bool:
        """True if there is nothing left to mend, and nothing to wait for."""
        return bool(self.cards) and not self.waiting and self.score + self.late >= self.most

    @property
    def waiting(self) -> float:
        """The points that wait for a person."""
        return sum(card.most for card in self.cards if card.verdict is Verdict.WAITING)

    @property
    def extra(self) -> float:
        """The points beyond those of the exercises."""
        return sum(card.extra for card in self.cards)


def page_of(assignment: Assignment, student: str, notebook: Mapping[str, Any], entries: Entries | None) -> Page:
    """Return what a student is told of a graded notebook.

    notebook: its JSON, as grading left it. entries: what the gradebook says of it, if it knows it.
    Raises KeyError, TypeError, AttributeError or ValueError if the JSON is no notebook's.
    """
    result = stored_result(notebook)
    view = view_of(notebook, assignment)
    refusal = result.message if result and result.status is Status.ERROR else ""
    maker = _Cards(assignment, view, result, entries or Entries())
    cards = () if refusal else maker.cards()
    return Page(
        title=_heading(title_of(assignment)),
        assignment=assignment.name,
        notebook=assignment.notebook_name,
        student=student,
        score=entries.score if entries else result.score if result else 0.0,
        most=entries.most if entries else assignment.max_score,
        late=entries.late if entries else 0.0,
        refusal=refusal,
        by_hand=any(grade.manual is not None for grade in entries.grades.values()) if entries else False,
        cards=cards,
        comments=maker.other_comments(cards),
        notes=_notes(result),
        view=view,
        has_details=result is not None,
    )


def _notes(result: SubmissionResult | None) -> tuple[str, ...]:
    """Return what else was noticed, which cost nothing."""
    if result is None:
        return ()
    counted = ", ".join(f"{kind} ({count} times)" for kind, count in sorted(result.python_warnings.items()))
    warned = (f"While it ran, your code warned: {counted}. That costs nothing.",) if counted else ()
    return (*(f"{told[:1].upper()}{told[1:]}." for told in result.warnings), *warned)


class _Cards:
    """The cards of one notebook."""

    def __init__(self, assignment: Assignment, view: View, result: SubmissionResult | None, entries: Entries) -> None:
        self.assignment, self.view, self.entries = assignment, view, entries
        self.results = {one.grade_id: one for one in result.exercises} if result else {}

    def cards(self) -> tuple[Card, ...]:
        """Return a card an exercise, in the order of the instructor's notebook."""
        graded = [
            cell.grade_id for cell in self.assignment.cells if cell.grade_id and (cell.is_grade or cell.is_manual)
        ]
        return tuple(self._card(f"exercise-{number}", grade_id) for number, grade_id in enumerate(graded, start=1))

    def other_comments(self, cards: tuple[Card, ...]) -> tuple[tuple[str, str], ...]:
        """Return a person's comments, with their cells, that are on no card."""
        names = {card.name for card in cards}
        return tuple((cell, text) for cell, text in self.entries.comments.items() if cell not in names)

    def _card(self, anchor: str, grade_id: str) -> Card:
        exercise, name = self.results.get(grade_id), self.assignment.exercise_name(grade_id)
        grade = self.entries.grades.get(grade_id) or self._grade_without_gradebook(grade_id)
        verdict = _verdict(exercise, grade)
        if grade_id in self.assignment.needs_manual and grade.manual is None and grade.auto == 0:
            verdict = Verdict.EMPTY
        card = Card(
            anchor, name, verdict, grade.counts, grade.most, grade.extra,
            tests=grade.auto if grade.manual is not None and grade.auto != grade.manual else None,
            comment=self.entries.comments.get(name, ""), review=self._review(name, grade_id),
        )  # fmt: skip
        return self._with_findings(card, exercise) if exercise else card

    def _grade_without_gradebook(self, grade_id: str) -> Grade:
        exercise = self.results.get(grade_id)
        cell = next(one for one in self.assignment.cells if one.grade_id == grade_id)
        return Grade(cell.points, exercise.score if exercise else None, None, 0.0)

    def _with_findings(self, card: Card, exercise: ExerciseResult) -> Card:
        place = place_of(self.view.cells, self.assignment, exercise)
        missing = any(check.name == "defined" and not check.passed for check in exercise.checks)
        stop = self.view.stops.get(place) if place is not None and missing else None
        answer = None
        if place is not None and not exercise.passed:
            answer = answer_of(self.view.cells, place, exercise, stop)
        verdict = Verdict.NOT_WRITTEN if card.verdict is Verdict.WRONG and _is_stub(exercise, stop) else card.verdict
        return Card(
            card.anchor, card.name, verdict, card.score, card.most, card.extra, card.tests,
            diagnosis=exercise.diagnosis.message if exercise.diagnosis else "",
            checks=tuple(map(in_words, exercise.checks)), picture=Picture.of(exercise.picture), answer=answer,
            stopped=stop.text if stop else "", review=card.review, comment=card.comment,
        )  # fmt: skip

    def _review(self, name: str, grade_id: str) -> Review | None:
        own = name if name in self.assignment.solutions else grade_id
        section = section_above(self.assignment, own)
        if section is None:
            return None
        source = self.assignment.cells[section.position].source.strip()
        there = (place for place, cell in enumerate(self.view.cells, start=1) if cell.source.strip() == source)
        text = in_place(instructors_markdown(section.text))
        return Review(_heading(section.heading), text, next(there, None))


def _heading(text: str) -> Markup:
    """Return a heading's text as HTML that fits into a line."""
    return Markup(instructors_markdown(f"# {text}").strip().removeprefix("<h1>").removesuffix("</h1>"))  # noqa: S704


def _is_stub(exercise: ExerciseResult, stop: Stop | None) -> bool:
    """Tell whether a function of a plain test, or its cell, is as it was handed out."""
    raised = stop.text if stop else exercise.line.text.removeprefix("raise ") if exercise.line else ""
    return raised.startswith("NotImplementedError")


def _without_reasons(grade: Grade) -> Verdict:
    """Return what the gradebook alone says of a cell: one for a person, or one of which no result is known."""
    if grade.is_waiting:
        return Verdict.WAITING
    return Verdict.RIGHT if grade.counts >= grade.most else Verdict.WRONG


def _verdict(exercise: ExerciseResult | None, grade: Grade) -> Verdict:
    if grade.manual is not None:
        return Verdict.BY_HAND
    if exercise is None:
        return _without_reasons(grade)
    if exercise.could_not_judge:
        return Verdict.NOT_JUDGED
    if exercise.passed:
        return Verdict.RIGHT
    if exercise.diagnosis and exercise.diagnosis.id == NOT_WRITTEN:
        return Verdict.NOT_WRITTEN
    return Verdict.PARTLY if exercise.score > 0 else Verdict.WRONG
