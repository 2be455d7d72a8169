"""A picture of a wrong answer: which entries are off, in what way, on one set of inputs made for showing it.

The inputs come from a seed that is no secret and is no hidden case's, and of an answer and the true one
only the kind of their difference is kept.
"""

import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.exercises.answers import AnswerForm, Array, CallLimitError, Number
from autograder.exercises.calling import call
from autograder.exercises.cases import Case, Plan, dimensions_of, make_case
from autograder.exercises.diagnosis.trial import forms_of, parts_of
from autograder.exercises.exercise import Exercise
from autograder.exercises.variables import Style, concrete
from autograder.numerics.comparison import tolerance_for
from autograder.report import CodeLine, Entry, ErrorPattern, PartPattern

# Small, so that a picture fits on a phone; no two alike, so that an exchanged axis shows.
SIZES = (3, 4, 2, 5, 6, 7, 8, 9)
EQUAL_SIZE = 3
MOST_ENTRIES = 600
# Beside the largest true entry, what a small error is at most.
CLOSE_SHARE = 0.1


@dataclass(frozen=True)
class Sight:
    """What is seen of a wrong function: a picture of its answer, and the line where it raised an exception."""

    picture: ErrorPattern | None = None
    line: CodeLine | None = None


NOTHING_SEEN = Sight()


def _plans(exercise: Exercise) -> list[Plan]:
    dimensions = dimensions_of(exercise.variables)
    different = dict(zip(dimensions, (*SIZES, *range(10, 10 + len(dimensions))), strict=False))
    usual = Plan("picture", different)
    equal = [replace(usual, sizes=dict.fromkeys(dimensions, EQUAL_SIZE))] if len(dimensions) > 1 else []
    return [usual, *equal, replace(usual, style=Style.ZEROS), replace(usual, style=Style.LARGE)]


def looked_at(exercise: Exercise, function: Callable[..., Any], until: float) -> Sight:
    """Call a wrong function on a few inputs until it gives an answer of which there is something to show.

    until: when, by time.monotonic(), to give up; the function is not called after that, nor after a limit.
    """
    random = np.random.default_rng(zlib.crc32(exercise.name.encode()))
    line = None
    for number, plan in enumerate(_plans(exercise)):
        if time.monotonic() >= until:
            break
        case = make_case(exercise, plan, number, random)
        outcome = call(function, case, exercise)
        if isinstance(outcome.error, CallLimitError):
            break
        if outcome.error is not None:
            line = line or vars(outcome.error).get("student_line")
        elif picture := _pattern(exercise, case, outcome.answer):
            return Sight(picture, line)
    return Sight(None, line)


def _pattern(exercise: Exercise, case: Case, answer: Any) -> ErrorPattern | None:
    """Return the pattern of a wrong answer; None for a right one, and where there is too little or too much to see."""
    forms, parts = forms_of(exercise), parts_of(exercise.form, answer)
    if parts is None or len(parts) != len(case.expected):
        return None
    found = []
    for form, part, true in zip(forms, parts, case.expected, strict=True):
        one = _part(form, part, true.value, case)
        if one is None:
            return None
        found.append(one)
    fits = all(one.shape == one.got for one in found)
    entries = sum(len(one.kinds) for one in found)
    if entries > MOST_ENTRIES or (fits and entries <= 1):
        return None
    right = fits and all(set(one.kinds) <= {Entry.RIGHT} for one in found)
    return None if right else ErrorPattern(_shown_sizes(found, case.plan.sizes), tuple(found))


def _shown_sizes(parts: list[PartPattern], sizes: Mapping[str, int]) -> dict[str, int]:
    named = {axis for part in parts for axis in part.axes}
    return {name: size for name, size in sizes.items() if name in named}


def _part(form: AnswerForm, answer: Any, true: NDArray[Any], case: Case) -> PartPattern | None:
    """Return the pattern of one part; None for one that is no number or array of numbers."""
    if not isinstance(form, (Number, Array)) or not isinstance(answer, (int, float, np.generic, np.ndarray)):
        return None
    given = np.asarray(answer)
    if given.dtype.kind not in "biuf":
        return None
    named = form.shape if isinstance(form, Array) else ()
    axes, shape = tuple(map(str, named)), concrete(named, case.plan.sizes)
    if given.shape != shape:
        return PartPattern(form.name, axes, shape, given.shape)
    return PartPattern(form.name, axes, shape, shape, _kinds(given, true, case.slack))


def _kinds(answer: NDArray[Any], true: NDArray[Any], slack: float) -> str:
    """Return the Entry of each entry of an answer of the right shape."""
    bound = tolerance_for(answer).bound(true) + slack
    wide = answer.astype(np.longdouble)
    with np.errstate(all="ignore"):
        off = np.abs(wide - true)
        largest = float(np.max(np.abs(true), initial=0.0))
        opposite = (wide * true < 0) & (np.minimum(np.abs(wide), np.abs(true)) > bound)
        conditions = [~np.isfinite(wide), off <= bound, opposite, off <= CLOSE_SHARE * largest]
    letters = [Entry.NOT_FINITE, Entry.RIGHT, Entry.OPPOSITE, Entry.CLOSE]
    return "".join(np.select(conditions, letters, Entry.FAR).reshape(-1).tolist())
