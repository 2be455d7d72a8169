"""Wrong answers lose, on every seed, and beside right answers to everything else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import wrong_in_general
import wrong_ps1_chain_rule
import wrong_ps2_linear
import wrong_ps3_matrix
import wrong_ps4_blame
import wrong_ps5_two_layer
import wrong_ps5_whole
from judging import EXERCISES, SETS, accepted_on_its_own, verdict

from autograder.exercises import Array, Draw, Named, Number, Parts, Style, Text
from autograder.exercises.answers import AnswerForm

SEEDS = 3
WRONG = {
    "ps1_chain_rule": wrong_ps1_chain_rule.WRONG,
    "ps2_linear": wrong_ps2_linear.WRONG,
    "ps3_matrix": wrong_ps3_matrix.WRONG,
    "ps4_blame": wrong_ps4_blame.WRONG,
    "ps5_two_layer": {**wrong_ps5_two_layer.WRONG, **wrong_ps5_whole.WRONG},
}
MISTAKES = [
    (one, name, mistake)
    for one, functions in WRONG.items()
    for name, mistakes in functions.items()
    for mistake in mistakes
]


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_known_mistake_is_found(one: str, name: str) -> None:
    """No seed accepts one."""
    accepted = [
        (mistake, seed)
        for mistake, function in WRONG.get(one, {}).get(name, {}).items()
        for seed in range(SEEDS)
        if accepted_on_its_own(one, name, function, seed)
    ]
    assert accepted == []


def _holds(form: AnswerForm, kind: type) -> bool:
    if isinstance(form, (Parts, Named)):
        return any(_holds(part, kind) for part in form.forms)
    return isinstance(form, kind)


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_no_stand_in_saves_a_known_mistake(one: str, name: str) -> None:
    """Judged as in a notebook, with the grader's functions in place of earlier ones, it still loses."""
    for function in list(WRONG.get(one, {}).get(name, {}).values())[:2]:
        assert verdict(one, name, function, seed=1)[1]


# A mask is a whole number.
NOT_WRONG = {("relu_grad", "whole numbers")}


def _general(one: str, name: str) -> list[str]:
    """Return the mistakes that an exercise's answer can have, whatever the exercise."""
    exercise = SETS[one].exercises[name]
    if isinstance(exercise.form, Text):
        return []
    kinds = [wrong_in_general.NUMBERS]
    kinds += [wrong_in_general.ARRAYS] * _holds(exercise.form, Array)
    kinds += [wrong_in_general.SCALARS] * _holds(exercise.form, Number)
    arrays = any(exercise.variables[argument].shape for argument in exercise.arguments)
    kinds += [wrong_in_general.ARGUMENTS] * arrays
    return [mistake for kind in kinds for mistake in kind if (name, mistake) not in NOT_WRONG]


GENERAL = {
    **wrong_in_general.NUMBERS,
    **wrong_in_general.ARRAYS,
    **wrong_in_general.SCALARS,
    **wrong_in_general.ARGUMENTS,
}


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_a_mistake_that_any_function_can_have_is_found(one: str, name: str) -> None:
    """Right values in the wrong type, shape or precision, and functions with side effects."""
    reference = SETS[one].exercises[name].reference
    accepted = [
        mistake
        for mistake in _general(one, name)
        if accepted_on_its_own(one, name, GENERAL[mistake](reference), seed=0)
    ]
    assert accepted == []


def test_the_corpus_is_large_enough() -> None:
    """At least eight mistakes of its own for each function, and every function has some; a thousand general ones."""
    assert sum(len(_general(one, name)) for one, name in EXERCISES) > 1000
    assert {(one, name) for one, name, _ in MISTAKES} == {(one, name) for one, name in EXERCISES if one in WRONG}
    assert min(len(mistakes) for functions in WRONG.values() for mistakes in functions.values()) >= 8


@pytest.mark.parametrize(("one", "name"), EXERCISES)
def test_an_answer_to_another_exercise_is_wrong(one: str, name: str) -> None:
    """No other function of the set is an answer, even where it takes as many arguments."""
    for other, exercise in SETS[one].exercises.items():
        reference = exercise.reference
        if other != name and not _is_the_same(one, name, other):
            assert not accepted_on_its_own(one, name, _by_position(reference), seed=0)


def _by_position(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **named: function(*args, *named.values())


def _is_the_same(one: str, name: str, other: str) -> bool:
    """Tell whether two functions of a set are one formula under two names."""
    return one in {"ps4_blame", "ps5_two_layer"} and {name[:-1], other[:-1]} in ({"grad_W"}, {"grad_b"})


def test_mistakes_are_unlike_the_reference() -> None:
    """A draw of a set's variables is not degenerate: its upstream gradients are neither equal nor 0."""
    for problem_set in SETS.values():
        for name in ("dL_dy", "dD", "d_loss_y", "dZ2", "dA1", "dZ1"):
            if name in problem_set.variables:
                variable = problem_set.variables[name]
                sizes = dict.fromkeys(variable.dimensions, 3)
                value = variable.make(Draw(np.random.default_rng(0), sizes, Style.USUAL, 0))
                assert len(np.unique(value)) == value.size
