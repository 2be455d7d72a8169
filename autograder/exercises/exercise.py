"""One exercise as a value: the reference, the form of its answer, and what its answers must satisfy."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.exercises.answers import AnswerForm
from autograder.exercises.rules import Rule, parameters
from autograder.exercises.variables import Variable


@dataclass(frozen=True)
class SpecialCheck:
    """A check that one exercise needs and no other: a name, and what finds fault.

    fault: takes the values of the case's variables and the answer; returns a message or None.
    """

    name: str
    fault: Callable[[Mapping[str, Any], Any], str | None]


@dataclass(frozen=True)
class Options:
    """What may be declared beside an exercise's form and rule.

    given: variables that differ from the set's vocabulary, by name.
    also_right: other right ways to compute the answer; cases are chosen so that they agree with the
        reference well within the tolerance.
    slack: takes the reference's arguments by name, returns an absolute error that is right as well.
    single_precision: False if arithmetic in float32 can't give the answer, so that no case must allow for it.
    forbids_warnings: True if the function must not make Python or NumPy warn.
    special: further checks.
    """

    given: Mapping[str, Variable] | None = None
    also_right: tuple[Callable[..., Any], ...] = ()
    slack: Callable[..., float] | None = None
    single_precision: bool = True
    forbids_warnings: bool = False
    special: tuple[SpecialCheck, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer.

    id: in kebab case, such as "transposed"; unique within its exercise.
    message: what the answer looks like, why it is not the right one, and where to look, for a student.
    answer: takes the reference's arguments by name and returns the wrong answer.
    """

    id: str
    message: str
    answer: Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """One function of a problem set: its reference, its points, and how answers are judged.

    mistakes: wrong answers that are this function's own; those that any function can have are derived.
    """

    name: str
    points: float
    reference: Callable[..., Any]
    form: AnswerForm
    variables: Mapping[str, Variable]
    rule: Rule | None
    options: Options
    mistakes: tuple[Mistake, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The documented names of the function's arguments."""
        return parameters(self.reference)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """The arguments that may be left out, with what they stand for then."""
        signature = inspect.signature(self.reference).parameters.values()
        return {one.name: one.default for one in signature if one.default is not inspect.Parameter.empty}
