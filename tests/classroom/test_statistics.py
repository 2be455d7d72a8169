"""The report's statistics, against implementations that others wrote, and where there is nothing to compute."""

import math

import numpy as np
import pandas as pd
import pytest
from classes import random_scores, scored
from scipy import stats

from autograder.classroom.analysis import analysed, summary, to_do
from autograder.classroom.statistics import (
    class_distribution,
    cronbach_alpha,
    discrimination,
    item_statistics,
    reliability,
    tenth,
)

SIZES = [(2, 2), (7, 3), (40, 6), (300, 8)]


@pytest.mark.parametrize(("students", "exercises"), SIZES)
def test_alpha_is_that_of_another_implementation(students: int, exercises: int) -> None:
    """Cronbach's alpha agrees with pingouin's on classes of many sizes."""
    import pingouin

    for seed in range(5):
        scores = random_scores(seed, students, exercises)
        expected = pingouin.cronbach_alpha(pd.DataFrame(scores))[0] if np.ptp(scores.sum(axis=1)) else None
        found = cronbach_alpha(scores).value
        assert found is None if expected is None or not math.isfinite(expected) else found == pytest.approx(expected)


@pytest.mark.parametrize(("students", "exercises"), SIZES[1:])
def test_discrimination_is_that_of_another_implementation(students: int, exercises: int) -> None:
    """The corrected item-total correlation agrees with SciPy's of an exercise and the sum of the others."""
    for seed in range(5):
        scores = random_scores(seed, students, exercises)
        frame = pd.DataFrame(scores)
        for column in range(exercises):
            rest = frame.drop(columns=column).sum(axis="columns")
            expected = stats.pearsonr(frame[column], rest).statistic
            assert discrimination(scores, column).value == pytest.approx(expected)


def test_the_distribution_is_that_of_another_implementation() -> None:
    """Mean, quartiles, deviation and tenths agree with pandas', in percent of all points."""
    scores = random_scores(3, 120, 5)
    found = class_distribution(scored(scores.tolist(), *[4.0] * 5))
    percents = pd.Series(scores.sum(axis=1) / 20 * 100)
    told = percents.describe()
    shown = [found.mean, found.deviation, found.lower, found.median, found.upper]
    expected = [told["mean"], told["std"], told["25%"], told["50%"], told["75%"]]
    assert [one.value for one in shown] == pytest.approx(expected)
    tenths = pd.cut(percents, [*range(0, 100, 10), 101], right=False).value_counts(sort=False)
    assert list(found.counts) == tenths.tolist()
    assert found.full == (percents == 100).sum()


def test_difficulty_is_the_share_that_was_earned() -> None:
    """The mean share of an exercise's points, with how many earned all and nothing of it."""
    easy, hard = item_statistics(scored([[2, 0], [2, 1], [1, 0], [2, 4]], 2.0, 4.0))
    assert (easy.difficulty.value, easy.full, easy.none) == (pytest.approx(7 / 8), 3, 0)
    assert (hard.difficulty.value, hard.full, hard.none) == (pytest.approx(5 / 16), 1, 2)


@pytest.mark.parametrize(
    ("percent", "place"), [(0, 0), (9.99, 0), (10, 1), (89.99, 8), (90, 9), (100, 9), (120, 9), (-3, 0)]
)
def test_a_score_on_the_edge_is_in_the_upper_tenth(percent: float, place: int) -> None:
    """Tenths begin at their lower edge; full marks and extra credit are in the last."""
    assert tenth(percent) == place


DEGENERATE = {
    "nobody": ([], (1.0, 1.0)),
    "one student": ([[1, 0]], (1.0, 1.0)),
    "two students": ([[1, 0], [0, 1]], (1.0, 1.0)),
    "all equal": ([[1, 1]] * 5, (1.0, 1.0)),
    "one exercise": ([[1], [0], [1]], (1.0,)),
    "no exercise": ([[], []], ()),
    "no points": ([[0, 0], [0, 0]], (0.0, 0.0)),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_where_there_is_nothing_to_compute_there_are_words(name: str) -> None:
    """A class without spread, of one, of nobody: no number is NaN, each missing one has its reason, and all is told."""
    rows, points = DEGENERATE[name]
    classroom = scored(rows, *points)
    spread = class_distribution(classroom)
    numbers = [reliability(classroom), spread.mean, spread.median, spread.deviation]
    numbers += [one for item in item_statistics(classroom) for one in (item.difficulty, item.discrimination)]
    for number in numbers:
        assert (number.value is None) == bool(number.reason)
        assert number.value is None or math.isfinite(number.value)
    found = analysed(classroom)
    assert summary(found)
    assert "nan" not in " ".join([*summary(found), *(fact.text for fact in to_do(found))]).lower()


def test_everyone_the_same_has_no_reliability() -> None:
    """Without any spread alpha is not computed, and the reason is told; with the least spread it is."""
    assert reliability(scored([[1, 1], [1, 1]], 1.0, 1.0)).reason == "everyone earned the same"
    assert reliability(scored([[1, 1], [1, 0]], 1.0, 1.0)).value is not None
