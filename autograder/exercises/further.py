"""Checks that other packages add: each looks at a case's arguments and the answer, beside the built-in checks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from autograder.errors import ExtensionError
from autograder.extensions import CHECKS, fault_of_call, installed, loaded

if TYPE_CHECKING:
    from autograder.exercises.exercise import Exercise

# Names that results use already.
TAKEN = frozenset(
    {"runs", "type", "shape", "finite", "value", "gradient_check", "descent", "purity", "warnings", "repeatable"}
    | {"follow_through", "apart", "defined", "limit", "test", "assertion", "could_not_judge"}
)


@dataclass(frozen=True)
class FurtherCheck:
    """A check of another package's.

    look: takes the exercise, the case's arguments by name, and the answer, whose type and shape are right; returns
        what is wrong, in words for the student, or None.
    exercises: the names of those that it looks at; None for all.
    """

    name: str
    look: Callable[["Exercise", Mapping[str, Any], Any], str | None]
    exercises: Collection[str] | None = None

    def fault(self, exercise: "Exercise", given: Mapping[str, Any], answer: Any) -> str | None:
        """Return what is wrong with an answer. Raises ExtensionError if the check itself is at fault."""
        try:
            found = self.look(exercise, given, answer)
        except Exception as error:
            # No more of the error: it may tell of values that students must not see.
            msg = f"the check {self.name!r} raised {type(error).__name__}"
            raise ExtensionError(msg) from error
        if found is None or isinstance(found, str):
            return found
        msg = f"the check {self.name!r} returned a {type(found).__name__}; expected a message or None"
        raise ExtensionError(msg)


@cache
def further_checks() -> tuple[FurtherCheck, ...]:
    """Return the checks that are installed, by name; the second time, at once. Raises ExtensionError."""
    found = []
    for name, entry in installed(CHECKS).items():
        if name in TAKEN:
            msg = f"the check {name!r} ({entry.value}) has the name of a built-in check; give it another"
            raise ExtensionError(msg)
        look = loaded(entry, lambda thing: fault_of_call(thing, "exercise", "given", "answer"))
        found.append(FurtherCheck(name, look, getattr(look, "exercises", None)))
    return tuple(found)


def checks_for(exercise: "Exercise") -> tuple[FurtherCheck, ...]:
    """Return the further checks that look at an exercise."""
    return tuple(one for one in further_checks() if one.exercises is None or exercise.name in one.exercises)
