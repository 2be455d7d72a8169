"""Classical test theory of a class's scores: difficulty, discrimination, reliability.

Where a number means nothing (one student, no spread, a single exercise) there is none, and a reason in words.
Formulas: Lord and Novick, Statistical Theories of Mental Test Scores (1968); Cronbach, Psychometrika 16 (1951);
Henrysson, Psychometrika 28 (1963) for the correction of the item-total correlation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.classroom.values import Classroom, Item

Array = NDArray[np.float64]
# Below this many students a correlation says next to nothing.
FEWEST_FOR_CORRELATION = 3
BINS = 10
# Rounding in sums of points.
NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Number:
    """A statistic, or the reason why there is none."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class ItemStatistics:
    """One exercise's.

    difficulty: mean share of its points that was earned, 0 to 1 (the p-value of test theory: high is easy).
    full, none: how many earned all of it, and nothing. discrimination: corrected item-total correlation.
    alpha_without: the reliability of the rest.
    """

    item: Item
    difficulty: Number
    full: int
    none: int
    discrimination: Number
    alpha_without: Number


@dataclass(frozen=True)
class Distribution:
    """How the totals spread, in percent of all points.

    counts: by tenth, the last one with 100 % in it. deviation: the sample's (n - 1).
    """

    number: int
    mean: Number
    median: Number
    deviation: Number
    lower: Number
    upper: Number
    full: int
    counts: tuple[int, ...]


def correlation(one: Array, other: Array) -> Number:
    """Return Pearson's correlation of two columns, (n,) each."""
    if len(one) < FEWEST_FOR_CORRELATION:
        return Number(None, "too few students")
    left, right = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((left @ left) * (right @ right)))
    if spread <= NO_SPREAD:
        return Number(None, "everyone earned the same" if np.ptp(one) <= NO_SPREAD else "no spread in the rest")
    return Number(float(np.clip(left @ right / spread, -1.0, 1.0)))


def discrimination(scores: Array, column: int) -> Number:
    """Return an exercise's corrected item-total correlation: with the sum of all others. scores: (students, items)."""
    if scores.shape[1] < 2:  # noqa: PLR2004 - there must be another
        return Number(None, "there is no other exercise")
    rest = scores.sum(axis=1) - scores[:, column]
    return correlation(scores[:, column], rest)


def cronbach_alpha(scores: Array) -> Number:
    """Return the reliability of the whole, k/(k-1)·(1 - Σ var(item)/var(total)). scores: (students, items)."""
    students, items = scores.shape
    if items < 2:  # noqa: PLR2004 - there must be two to agree
        return Number(None, "it takes two exercises or more")
    if students < 2:  # noqa: PLR2004 - of one there is no variance
        return Number(None, "it takes two students or more")
    total = float(scores.sum(axis=1).var(ddof=1))
    if total <= NO_SPREAD:
        return Number(None, "everyone earned the same")
    return Number(float(items / (items - 1) * (1 - scores.var(axis=0, ddof=1).sum() / total)))


def score_table(classroom: Classroom) -> Array:
    """Return the points that count, (students, items)."""
    rows = [[work.scores.get(item.key, 0.0) for item in classroom.items] for work in classroom.counted]
    return np.array(rows, dtype=np.float64).reshape(len(rows), len(classroom.items))


def item_statistics(classroom: Classroom) -> tuple[ItemStatistics, ...]:
    """Return each exercise's statistics, in the notebook's order."""
    scores = score_table(classroom)
    found = []
    for column, item in enumerate(classroom.items):
        mine = scores[:, column]
        if item.max_score <= 0:
            difficulty = Number(None, "it is worth no points")
        else:
            difficulty = Number(float(mine.mean()) / item.max_score) if len(mine) else Number(None, "nobody is graded")
        found.append(
            ItemStatistics(
                item, difficulty, int((mine >= item.max_score).sum()), int((mine <= 0).sum()),
                discrimination(scores, column), cronbach_alpha(np.delete(scores, column, axis=1)),
            )
        )  # fmt: skip
    return tuple(found)


def reliability(classroom: Classroom) -> Number:
    """Return Cronbach's alpha of the assignment."""
    return cronbach_alpha(score_table(classroom))


def tenth(percent: float) -> int:
    """Return which tenth of the scale a percentage lies in, 0 to 9; extra credit is in the last."""
    return min(BINS - 1, max(0, int(percent / (100 / BINS) + NO_SPREAD)))


def distribution(percents: Array) -> Distribution:
    """Return how totals spread. percents: (students,)."""
    number = len(percents)
    none = Number(None, "nobody is graded")
    counts = tuple(np.bincount([tenth(one) for one in percents], minlength=BINS).tolist()) if number else (0,) * BINS
    if not number:
        return Distribution(0, none, none, none, none, none, 0, counts)
    lower, middle, upper = (Number(float(one)) for one in np.percentile(percents, [25, 50, 75]))
    spread = Number(float(percents.std(ddof=1))) if number > 1 else Number(None, "of one student there is none")
    full = int((percents >= 100 - 1e-9).sum())
    return Distribution(number, Number(float(percents.mean())), middle, spread, lower, upper, full, counts)


def class_distribution(classroom: Classroom) -> Distribution:
    """Return how the class's totals spread."""
    return distribution(np.array([classroom.percent(work) for work in classroom.counted], dtype=np.float64))
