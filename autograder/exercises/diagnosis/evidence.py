"""What a function gives on the inputs on which it is looked at closely."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises.answers import CallLimitError
from autograder.exercises.calling import Outcome, call
from autograder.exercises.cases import Case, make_case
from autograder.exercises.diagnosis.comparing import equal
from autograder.exercises.diagnosis.plans import plans
from autograder.exercises.diagnosis.trial import Trial, parts_of
from autograder.exercises.exercise import Exercise


class OutOfTimeError(Exception):
    """The time for a diagnosis is over, or a limit ended a call."""


@dataclass(frozen=True)
class Observation:
    """One call: the case, the same inputs for trying known mistakes on, and what came of the call."""

    case: Case
    trial: Trial
    outcome: Outcome

    @property
    def raised(self) -> bool:
        """True if the function raised an exception."""
        return self.outcome.error is not None

    @property
    def parts(self) -> list[Any] | None:
        """The parts of an answer of the right structure."""
        if self.raised:
            return None
        answer = self.outcome.answer
        listed = list(answer) if isinstance(answer, np.ndarray) and answer.ndim else answer
        form = self.trial.exercise.form
        return parts_of(form, answer) or parts_of(form, listed)

    @property
    def right_parts(self) -> list[Any]:
        """The parts of the true answer."""
        return self.trial.parts(self.trial.right) or []

    @property
    def is_right(self) -> bool:
        """True if the answer has the right values."""
        return not self.raised and equal(self.outcome.answer, self.trial.right)

    @property
    def has_equal_sizes(self) -> bool:
        """True if all named dimensions have one size."""
        return len(set(self.case.plan.sizes.values())) == 1

    @property
    def wrote_to_argument(self) -> bool:
        """True if the function changed an argument, or tried to change a read-only one."""
        return self.outcome.changed or (isinstance(self.outcome.error, ValueError) and "read-only" in self.error_text)

    @property
    def error_text(self) -> str:
        """The text of the exception, on one line."""
        return " ".join(str(self.outcome.error).split())


class Witness:
    """A student's function that is called until the time is over."""

    def __init__(self, exercise: Exercise, function: Callable[..., Any], until: float) -> None:
        self.exercise = exercise
        self.function = function
        self.until = until

    def asked(self, case: Case) -> Outcome:
        """Return the outcome of one call. Raises OutOfTimeError after a limit, or when the time is over."""
        if time.monotonic() >= self.until:
            raise OutOfTimeError
        outcome = call(self.function, case, self.exercise)
        if isinstance(outcome.error, CallLimitError):
            raise OutOfTimeError
        return outcome

    def observed(self, random: np.random.Generator) -> list[Observation]:
        """Call the function on every case; only once where it is not written yet."""
        found: list[Observation] = []
        for number, plan in enumerate(plans(self.exercise)):
            case = make_case(self.exercise, plan, number, random)
            arguments = {name: case.values[name] for name in self.exercise.arguments}
            outcome = self.asked(case)
            found.append(Observation(case, Trial(self.exercise, arguments), outcome))
            if isinstance(outcome.error, NotImplementedError):
                break
        return found

    def redrawn(self, case: Case, random: np.random.Generator) -> Case:
        """Return another case of the same sizes."""
        return make_case(self.exercise, case.plan, 0, random)
