"""The mistakes that a class made, and wrong answers that are alike."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.classroom.code import normal_form
from autograder.classroom.values import Classroom, Item, Work
from autograder.report import Check, ExerciseResult

# What a check is called where no known mistake explains why it failed.
_CHECKS = {
    "runs": "the function raises an error",
    "defined": "the function is not defined",
    "limit": "a limit was reached",
    "shape": "wrong shape",
    "value": "wrong values, of no known kind",
    "gradient_check": "disagrees with the numeric gradient",
    "pure": "changes its arguments",
    "could_not_judge": "the test itself could not judge",
}
# What differs between two students who made the same mistake: the numbers of their cases.
_CASES = re.compile(r"\s*\(in [^()]*(?:\([^()]*\)[^()]*)*\)")
_NUMBERS = re.compile(r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?")
FEWEST_ALIKE = 2
# The diagnosis of a stub that was left as it is.
NOT_WRITTEN = "not-written"


@dataclass(frozen=True)
class Mistake:
    """One mistake in one exercise.

    id: the diagnosis's, or "" where none is known. text: what it looks like. works: who made it.
    """

    item: Item
    id: str
    text: str
    works: tuple[Work, ...]


@dataclass(frozen=True)
class Alike:
    """Wrong answers to one exercise that came to the same.

    forms: the different codes among them, as normal forms, with how many wrote each; the most frequent first.
    example: the most frequent one as one of the students typed it.
    """

    item: Item
    id: str
    text: str
    works: tuple[Work, ...]
    forms: tuple[tuple[str, int], ...]
    example: str


def lost(work: Work, item: Item) -> bool:
    """Tell whether a student lost points in an exercise."""
    return work.scores.get(item.key, 0.0) < item.max_score - 1e-9


def _failed(verdict: ExerciseResult) -> list[Check]:
    return [check for check in verdict.checks if not check.passed]


def general(message: str) -> str:
    """Return a check's message without what hangs on one student's cases: numbers, and in which cases it failed."""
    return _NUMBERS.sub("…", _CASES.sub("", message)).strip()


def named(verdict: ExerciseResult) -> tuple[str, str]:
    """Return the id and the text of what went wrong."""
    if verdict.diagnosis is not None:
        return verdict.diagnosis.id, verdict.diagnosis.message
    failed = _failed(verdict)
    if not failed:
        return "", "lost points without a failed check"
    first = failed[0]
    told = _CHECKS.get(first.name, first.name.replace("_", " "))
    # What was raised is the mistake; by how much values are off is not.
    if first.name == "runs" and first.message.startswith("raised "):
        return "", f"the function raises {general(first.message.removeprefix('raised '))}"
    return "", f"{told}: {general(first.message)}" if first.name in ("runs", "limit") else told


def _wrong(classroom: Classroom) -> list[tuple[Work, Item, ExerciseResult]]:
    return [
        (work, item, work.verdicts[item.key])
        for item in classroom.items
        for work in classroom.counted
        if item.key in work.verdicts and not work.verdicts[item.key].passed
    ]


def mistakes(classroom: Classroom) -> tuple[Mistake, ...]:
    """Return the mistakes that were made, the most frequent first."""
    found: dict[tuple[Item, str], list[tuple[Work, str]]] = {}
    for work, item, verdict in _wrong(classroom):
        of_kind, text = named(verdict)
        found.setdefault((item, of_kind or text), []).append((work, text))
    made = [
        Mistake(item, kind if kind != who[0][1] else "", _usual(text for _, text in who), tuple(one for one, _ in who))
        for (item, kind), who in found.items()
    ]
    return tuple(sorted(made, key=lambda one: -len(one.works)))


def _usual(texts: Iterable[str]) -> str:
    """Return the text that most have; texts of one kind differ in numbers only."""
    return Counter(texts).most_common(1)[0][0]


def solution_of(work: Work, item: Item) -> str:
    """Return what a student wrote for an exercise, as it was handed in; "" if nothing."""
    texts = [cell.source for cell in work.cells if (cell.notebook, cell.name) == (item.key[0], item.function)]
    return texts[-1] if texts else ""


def alike(classroom: Classroom) -> tuple[Alike, ...]:
    """Return groups of wrong answers that came to the same, the largest first; those of one are left out.

    What was left undone is no answer, and alike in everybody.
    What is the same: the diagnosis, which checks failed, what was raised; where nothing was diagnosed, the code.
    """
    groups: dict[tuple[Item, str, tuple[str, ...], str, str], list[tuple[Work, ExerciseResult]]] = {}
    for work, item, verdict in _wrong(classroom):
        failed = _failed(verdict)
        kind, text = named(verdict)
        if kind == NOT_WRITTEN:
            continue
        outcome = tuple(check.name for check in failed)
        code = "" if kind else normal_form(solution_of(work, item), item.function)
        groups.setdefault((item, kind, outcome, text if not kind else "", code), []).append((work, verdict))
    found = [_group(key[0], members) for key, members in groups.items() if len(members) >= FEWEST_ALIKE]
    return tuple(sorted(found, key=lambda one: -len(one.works)))


def _group(item: Item, members: list[tuple[Work, ExerciseResult]]) -> Alike:
    sources = [solution_of(work, item) for work, _ in members]
    forms = [normal_form(source, item.function) for source in sources]
    counted = Counter(forms).most_common()
    example = sources[forms.index(counted[0][0])]
    kind, text = named(members[0][1])
    return Alike(item, kind, text, tuple(work for work, _ in members), tuple(counted), example)
