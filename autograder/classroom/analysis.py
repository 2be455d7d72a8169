"""All that is said of a class's work on one assignment, computed once, and the first minute's sentences."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from autograder.classroom.attempts import Attempt, attempts
from autograder.classroom.mistakes import NOT_WRITTEN, Alike, Mistake, alike, mistakes
from autograder.classroom.similarity import Similarity, similar
from autograder.classroom.statistics import (
    Distribution,
    ItemStatistics,
    Number,
    class_distribution,
    item_statistics,
    reliability,
)
from autograder.classroom.values import Classroom, State, Work

# Nunnally, Psychometric Theory (1978): what a reliability is good enough for.
GOOD, ENOUGH = 0.8, 0.7
# Ebel, Measuring Educational Achievement (1965): below this an exercise hardly tells who did well elsewhere.
DISCRIMINATES = 0.2
FEWEST_TO_JUDGE = 10
MOST_SHORT = 110
_END_OF_SENTENCE = re.compile(r"[.:;](?= |$)")
_OF_AN_ANSWER = re.compile(r"^Your (?:(?:answer|gradient) (?:is |has (?=the |every |each ))?)?")


@dataclass(frozen=True)
class Analysis:
    """A class and what was found."""

    classroom: Classroom
    distribution: Distribution
    items: tuple[ItemStatistics, ...]
    alpha: Number
    mistakes: tuple[Mistake, ...]
    alike: tuple[Alike, ...]
    similarity: Similarity
    attempts: tuple[Attempt, ...]

    def in_state(self, *states: State) -> tuple[Work, ...]:
        """Return the submissions that have come so far."""
        return tuple(work for work in self.classroom.works if work.state in states)

    @property
    def made(self) -> tuple[Mistake, ...]:
        """The mistakes in what was written."""
        return tuple(one for one in self.mistakes if one.id != NOT_WRITTEN)

    @property
    def undone(self) -> tuple[Mistake, ...]:
        """What was left as it was given out, with who left it, by exercise."""
        return tuple(one for one in self.mistakes if one.id == NOT_WRITTEN)

    @property
    def hardest(self) -> ItemStatistics | None:
        """The exercise of which the least was earned."""
        known = [one for one in self.items if one.difficulty.value is not None]
        return min(known, key=lambda one: one.difficulty.value or 0.0, default=None)

    @property
    def unjudged(self) -> dict[str, int]:
        """How many answers a test could not judge, by exercise."""
        found: dict[str, int] = {}
        for work in self.classroom.works:
            for verdict in work.verdicts.values():
                if verdict.could_not_judge:
                    found[verdict.name] = found.get(verdict.name, 0) + 1
        return found

    @property
    def weak(self) -> tuple[ItemStatistics, ...]:
        """The exercises that hardly tell who did well elsewhere, where there are enough students to say so."""
        if self.distribution.number < FEWEST_TO_JUDGE:
            return ()
        known = [one for one in self.items if one.discrimination.value is not None]
        return tuple(one for one in known if (one.discrimination.value or 0.0) < DISCRIMINATES)


Step = Callable[[str], None]


def analysed(classroom: Classroom, step: Step = lambda _: None) -> Analysis:
    """Return what can be said of a class. step: is told what is done next."""
    step("statistics and mistakes")
    made, groups = mistakes(classroom), alike(classroom)
    step("looking through the code")
    tried = attempts(classroom)
    step("comparing submissions")
    pairs = similar(classroom)
    return Analysis(
        classroom, class_distribution(classroom), item_statistics(classroom), reliability(classroom),
        made, groups, pairs, tried,
    )  # fmt: skip


def many(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {one}" if number == 1 else f"{number} {more or f'{one}s'}"


def in_short(text: str) -> str:
    """Return the first sentence of what a mistake looks like, of a length for one line, without its full stop."""
    first = (
        _END_OF_SENTENCE.split(text.strip(), maxsplit=1)[0]
        if not text.startswith(("the function", "a limit"))
        else text
    )
    return first if len(first) <= MOST_SHORT else f"{first[: MOST_SHORT - 1]}…"


def of_an_answer(text: str) -> str:
    """Return the same as whoever reads of a class would say it: not "Your answer is transposed", but "transposed"."""
    return _OF_AN_ANSWER.sub("", in_short(text))


def reliability_in_words(alpha: Number) -> str:
    """Say what a reliability is good enough for."""
    if alpha.value is None:
        return alpha.reason
    if alpha.value >= GOOD:
        return "good: the exercises agree on who can do it"
    return "acceptable" if alpha.value >= ENOUGH else "low: a few points' difference between two students says little"


@dataclass(frozen=True)
class Fact:
    """One sentence of the first minute. place: the id of what tells more on the page; more: what that is, or ""."""

    text: str
    place: str
    more: str


def facts(found: Analysis) -> list[Fact]:
    """Return what somebody should know after a minute."""
    classroom, spread = found.classroom, found.distribution
    handed_in = many(len(classroom.works), "student")
    missing = f"; {len(classroom.absent)} handed nothing in" if classroom.absent else ""
    others = "who was not graded" if classroom.absent or spread.number < len(classroom.works) else ""
    lines = [Fact(f"{handed_in} handed in, {spread.number} graded{missing}.", "ungraded", others)]
    if spread.mean.value is None or spread.median.value is None:
        return [*lines, Fact("Nobody's points are known yet.", "ungraded", "why")]
    points = (
        f"{spread.full} of {spread.number} have full marks; half of the class earned "
        f"{spread.median.value:.0f} % or more (mean {spread.mean.value:.0f} %)."
    )
    lines.append(Fact(points, "scores", "scores"))
    hardest = found.hardest
    if hardest is not None and hardest.difficulty.value is not None and hardest.difficulty.value < 1:
        share = f"{100 * hardest.difficulty.value:.0f} %"
        told = f"Hardest exercise: {hardest.item.name} ({share} of its points were earned)."
        lines.append(Fact(told, "exercises", "exercises"))
    if found.made:
        most = found.made[0]
        who = many(len(most.works), "student")
        told = f"Most frequent mistake: in {most.item.name} ({who}): {of_an_answer(most.text)}."
        lines.append(Fact(told, "mistake-1", "who made it"))
    if found.undone:
        most = found.undone[0]
        told = f"Most often left undone: {most.item.name} ({many(len(most.works), 'student')})."
        lines.append(Fact(told, "undone-1", "who"))
    return [*lines, *_integrity(found)]


def summary(found: Analysis) -> list[str]:
    """Return what somebody should know after a minute, a sentence each."""
    return [fact.text for fact in facts(found)]


def _integrity(found: Analysis) -> list[Fact]:
    tried, pairs, groups = len(found.attempts), len(found.similarity.pairs), found.similarity.groups
    told = f"{many(tried, 'submission')} with signs of an attempt to get round the tests, for your own look."
    alike = f"{many(pairs, 'pair')} of submissions more alike than usual"
    if pairs > 1:
        students = sum(len(group.works) for group in groups)
        alike += f": {students} students in {many(len(groups), 'group')}"
    return [
        Fact(
            told if tried else "No attempt to get round the tests was found.",
            "attempts",
            "who, and what" if tried else "",
        ),
        Fact(
            f"{alike}." if pairs else "No two submissions stand out as alike.", "duplicates", "which" if pairs else ""
        ),
    ]


def to_do(found: Analysis) -> list[Fact]:
    """Return what wants an instructor's hand, a sentence each, with what to type."""
    name = found.classroom.assignment
    lines: list[str] = []
    refused, waiting, changed, old = (
        len(found.in_state(state)) for state in (State.REFUSED, State.WAITING, State.CHANGED, State.OLD)
    )
    if waiting or changed:
        lines.append(
            f"{many(waiting + changed, 'submission')} not graded as they are now; type: autograder grade {name}"
        )
    if old:
        lines.append(
            f"{many(old, 'submission')} graded by an earlier version, so that what was found is not known; "
            f"type: autograder grade {name} --force"
        )
    unsaved = sum(1 for work in found.classroom.counted if work.message)
    if unsaved:
        lines.append(
            f"{many(unsaved, 'submission')} graded whose points are not in the gradebook; those that were stored are "
            f"shown; type: autograder grade {name}"
        )
    by_hand = sum(1 for work in found.classroom.works if work.waiting)
    if by_hand:
        lines.append(f"{many(by_hand, 'submission')} with cells that a person must grade still (in the formgrader).")
    exercises = [
        f"The test of {exercise} could not judge {many(count, 'answer')}; those got 0."
        for exercise, count in found.unjudged.items()
    ]
    exercises += [
        f"{one.item.name} hardly tells who did well elsewhere (discrimination {one.discrimination.value:.2f})."
        for one in found.weak
    ]
    told = f"{many(refused, 'submission')} could not be graded; 'Could not be graded' on the page says why."
    return [
        *([Fact(told, "ungraded", "which, and why")] if refused else []),
        *(Fact(line, "", "") for line in lines),
        *(Fact(line, "exercises", "exercises") for line in exercises),
    ]
