"""Calling a function on cases: fresh arguments, and what came of each call."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises.cases import Case
from autograder.exercises.exercise import Exercise

# Positional ones, and those by name.
Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class CalledTogether:
    """A function for which several calls at once take less time than one by one."""

    __slots__ = ()

    def _outcomes(self, calls: Sequence[Arguments]) -> list[Callable[[], Any]]:
        """Make the calls, in order; return for each what returns its value or raises its error."""
        raise NotImplementedError


@dataclass(frozen=True)
class Outcome:
    """What one call gave: an answer, or the error it raised; and the arguments as it left them."""

    given: dict[str, Any]
    answer: Any
    error: Exception | None
    changed: bool
    warned: str


def _same(one: Any, other: Any) -> bool:
    if isinstance(other, dict):
        return (
            isinstance(one, dict) and one.keys() == other.keys() and all(_same(one[key], other[key]) for key in other)
        )
    if isinstance(other, np.ndarray):
        same_form = isinstance(one, np.ndarray) and one.shape == other.shape and one.dtype == other.dtype
        return same_form and one.tobytes() == other.tobytes()
    return callable(other) or one is other or bool(one == other)


def call_each(function: Callable[..., Any], cases: Sequence[Case], exercise: Exercise) -> Iterator[Outcome]:
    """Call a function on fresh copies of each case's arguments, and yield what came of it.

    A function that can be is called on all cases before the first outcome is looked at.
    """
    calls = [case.arguments(exercise) for case in cases]
    given = [{**dict(zip(exercise.arguments, positional, strict=False)), **named} for positional, named in calls]
    if isinstance(function, CalledTogether):
        # By its class: any name that is asked of the function itself could be one that a student's object has.
        outcomes = type(function)._outcomes(function, calls)  # noqa: SLF001 - as it is meant
    else:
        outcomes = [partial(function, *positional, **named) for positional, named in calls]
    for outcome, now, case in zip(outcomes, given, cases, strict=True):
        yield _observed(outcome, now, case.values)


def _observed(outcome: Callable[[], Any], given: dict[str, Any], values: Mapping[str, Any]) -> Outcome:
    answer, error = None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = outcome()
        except Exception as raised:  # noqa: BLE001 - whatever a student's function raises is its answer
            error = raised
    numeric = [one for one in caught if issubclass(one.category, RuntimeWarning)]
    warned = f"{numeric[0].category.__name__}: {numeric[0].message}" if numeric else ""
    return Outcome(given, answer, error, any(not _same(now, values[name]) for name, now in given.items()), warned)


def call(function: Callable[..., Any], case: Case, exercise: Exercise) -> Outcome:
    """Call a function on fresh copies of a case's arguments."""
    return next(call_each(function, [case], exercise))
