"""Right answers keep their points, in whatever way they are written, on every seed."""

from typing import Any

import pytest
import right_answers
import right_answers_network
from judging import EXERCISES, SETS, verdict
from right_styles import STYLES, fits

RIGHT = {**right_answers.RIGHT, **right_answers_network.RIGHT}
STYLE_SEEDS = 1
# All but those that do not fit what it returns.
FEWEST_STYLES = 25
SEEDS = 4
WRITTEN = [
    (one, name, number)
    for one, functions in RIGHT.items()
    for name, ways in functions.items()
    for number in range(len(ways))
]


def _rejections(one: str, name: str, function: Any, seeds: int) -> list[tuple[int, str]]:
    found = ((seed, verdict(one, name, function, seed)[1]) for seed in range(seeds))
    return [(seed, message) for seed, message in found if message]


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_the_reference_in_every_style_is_right(one: str, name: str) -> None:
    """Precision, memory layout, number types, sequences and callables cost nothing."""
    exercise = SETS[one].exercises[name]
    fitting = [style for style in STYLES if fits(style, exercise)]
    assert len(fitting) >= FEWEST_STYLES
    rejected = {style: _rejections(one, name, STYLES[style](exercise.reference), STYLE_SEEDS) for style in fitting}
    assert {style: found for style, found in rejected.items() if found} == {}


@pytest.mark.parametrize(("one", "name", "number"), WRITTEN)
def test_other_right_ways_are_right(one: str, name: str, number: int) -> None:
    """Loops, einsum, other orders of summation, library functions, returned arguments."""
    assert _rejections(one, name, RIGHT[one][name][number], SEEDS) == []


@pytest.mark.parametrize(("one", "name", "number"), WRITTEN)
def test_other_right_ways_are_right_in_single_precision(one: str, name: str, number: int) -> None:
    """A student may work in float32 where that can give the answer at all."""
    exercise = SETS[one].exercises[name]
    if fits("float32 work", exercise) and not exercise.options.forbids_warnings:
        assert _rejections(one, name, STYLES["float32 work"](RIGHT[one][name][number]), SEEDS // 2) == []


def test_every_function_has_other_right_ways() -> None:
    """The corpus covers the five sets."""
    assert {(one, name) for one, name, _ in WRITTEN} >= {(one, name) for one, name in EXERCISES if one in RIGHT}
