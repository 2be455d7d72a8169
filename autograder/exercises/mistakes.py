"""The catalogue of known mistakes, and the search in it for what a wrong answer looks like."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.exercises.diagnosis.catalogue import known_mistakes
from autograder.exercises.diagnosis.elsewhere import default_differs, elsewhere, order_differs
from autograder.exercises.diagnosis.errors import explained, written_in
from autograder.exercises.diagnosis.evidence import Observation, OutOfTimeError, Witness
from autograder.exercises.diagnosis.operands import product_told
from autograder.exercises.diagnosis.probes import by_a_constant, by_shape, by_size, probed, remembers
from autograder.exercises.diagnosis.search import Search
from autograder.exercises.diagnosis.shape_of_answer import wrong_type
from autograder.exercises.exercise import Exercise, Mistake
from autograder.report import Diagnosis

__all__ = ["Mistake", "diagnose", "known_mistakes"]

SECONDS = 5.0
FEWEST_CASES = 2
# What is wrong before there are values to compare.
BEFORE_VALUES = ("tuple-of-one", "list-for-number", "text-for-number")


def diagnose(
    exercise: Exercise, function: Callable[..., Any], random: np.random.Generator, *, until: float | None = None
) -> Diagnosis | None:
    """Return the known mistake that a wrong answer agrees with, or None if there is none.

    The function is called on fresh inputs; every call must agree with the mistake that is named, and
    at least two must tell it from the right answer.
    until: when, by time.monotonic(), to give up; the function is not called after that, nor after a limit.
    """
    deadline = time.monotonic() + SECONDS if until is None else until
    witness = Witness(exercise, function, deadline)
    try:
        observations = witness.observed(random)
        return _diagnosis(witness, observations, random)
    except OutOfTimeError:
        return None


def _diagnosis(witness: Witness, seen: list[Observation], random: np.random.Generator) -> Diagnosis | None:
    exercise = witness.exercise
    if isinstance(seen[-1].outcome.error, NotImplementedError):
        return explained(seen[-1], exercise)
    returned = [one for one in seen if not one.raised]
    # Writing to a read-only argument raises where the mistake itself would not.
    read = [one for one in seen if not (one.raised and one.wrote_to_argument)]
    typed = [wrong_type(exercise, one) for one in returned]
    if returned and all(one.is_right for one in returned) and len(read) == len(returned):
        return (
            _written(exercise, seen)
            or next((one for one in typed if one), None)
            or _warned(exercise, seen)
            or remembers(witness, seen[0])
            or elsewhere(witness, random)
        )
    return (
        next((one for one in typed if one and one.id in BEFORE_VALUES), None)
        or default_differs(witness, read)
        or order_differs(witness, read)
        or _searched(exercise, read, typed)
        or next((one for one in typed if one), None)
        or by_a_constant(read)
        or by_size(read)
        or written_in(read)
        or next((told for one in read if one.raised and (told := explained(one, exercise))), None)
        or _written(exercise, seen)
        or probed(witness, read, random)
        or by_shape(read)
    )


def _searched(exercise: Exercise, seen: Sequence[Observation], typed: Sequence[Diagnosis | None]) -> Diagnosis | None:
    if sum(not one.raised for one in seen) < FEWEST_CASES:
        return None
    found = Search(exercise, seen).found()
    if found and found.id.startswith("zeros"):
        # Fractions that were stored as whole numbers are 0 as well.
        found = next((one for one in typed if one and one.id == "whole-numbers"), found)
    return _with_operands(found, exercise, seen) if found else _only_if_equal(exercise, seen)


def _with_operands(found: Diagnosis, exercise: Exercise, seen: Sequence[Observation]) -> Diagnosis:
    """Add the operands by name where sizes that differ made the mistake raise an error."""
    told = (product_told(one.error_text, exercise, one.case, found.id) for one in seen if one.raised)
    product = next((operands for operands in told if operands), None)
    return (
        replace(found, message=f"{found.message} The product that does not fit is of {product}.") if product else found
    )


def _only_if_equal(exercise: Exercise, seen: Sequence[Observation]) -> Diagnosis | None:
    """Look for a mistake that is made only where all sizes are equal, so that no error could tell of it."""
    equal = [one for one in seen if one.has_equal_sizes]
    if len(equal) == len(seen) or not all(one.is_right for one in seen if not one.has_equal_sizes):
        return None
    found = Search(exercise, equal).found()
    told = "Where the sizes differ your answer is right, where they are all equal it is not. There: "
    return replace(found, message=told + found.message[:1].lower() + found.message[1:]) if found else None


def _written(exercise: Exercise, seen: Sequence[Observation]) -> Diagnosis | None:
    if not any(one.wrote_to_argument for one in seen):
        return None
    return Diagnosis(
        "argument-changed",
        "Your function changes one of its arguments in place. Whoever calls it goes on using that array, or that dict, "
        "and finds other numbers in it; work on a copy, or make a new array.",
    )


def _warned(exercise: Exercise, seen: Sequence[Observation]) -> Diagnosis | None:
    if not exercise.options.forbids_warnings or not any("overflow" in one.outcome.warned for one in seen):
        return None
    return Diagnosis(
        "overflow",
        "Your answer overflows on the way where its inputs are large, though the result may be right: an exponential "
        "of a "
        "large number. Only ever take the exponential of a number that is not positive.",
    )
