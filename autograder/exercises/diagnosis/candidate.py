"""A mistake that any function of some form can have, before it is tried on one exercise's inputs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.exercises.diagnosis.trial import Trial, forms_of
from autograder.exercises.exercise import Exercise, Mistake


@dataclass(frozen=True)
class Candidate:
    """A possible mistake.

    id: as in Mistake.
    text: the message, in which {it} stands for the answer or for the part that is wrong.
    make: returns the wrong answer of a trial; may raise anything at all, as the mistake itself would.
    own: True if it is declared for this function.
    scales: True if it is looked for with another sign or factor as well.
    whole: True if it is a mistake in all of the answer, and never in one part of it.
    vague: True if it says little of what went wrong, so that any other name is better.
    rival: a family of mistakes that may come to the same, so that the message must name two.
    """

    id: str
    text: str
    make: Callable[[Trial], Any]
    own: bool = False
    scales: bool = True
    whole: bool = False
    vague: bool = False
    rival: str = ""

    def message(self, parts: tuple[str, ...] = ()) -> str:
        """Return the message on the whole answer, or on some parts of it."""
        return self.text.replace("{it}", subject(parts))

    def named(self, parts: tuple[str, ...] = ()) -> str:
        """Return the mistake's id in the whole answer, or in some parts of it."""
        return "-".join((self.id, *parts))


def called(name: str) -> str:
    """Return how a sentence speaks of one part: "Your losses is" would read wrong."""
    return f"Your value of {name}" if name.endswith("s") else f"Your {name}" if name else "Your answer"


def subject(parts: tuple[str, ...]) -> str:
    """Return how a sentence speaks of some parts, or of the whole answer."""
    return f"Each of your {' and '.join(parts)}" if len(parts) > 1 else called("".join(parts))


def declared(mistake: Mistake) -> Candidate:
    """Return a declared mistake as a candidate."""
    return Candidate(mistake.id, mistake.message, lambda trial: mistake.answer(**trial.fresh_arguments), own=True)


def as_mistake(candidate: Candidate, exercise: Exercise, parts: tuple[str, ...] = ()) -> Mistake:
    """Return a candidate as a mistake in the whole answer, or in some parts of it."""
    names = part_names(exercise)

    def answer(*positional: Any, **named: Any) -> Any:
        trial = Trial(exercise, {**dict(zip(exercise.arguments, positional, strict=False)), **named})
        made = candidate.make(trial)
        if not parts:
            return made
        wrong, right = trial.parts(made), trial.parts(trial.right)
        if wrong is None or right is None:
            return made
        return trial.assembled([
            bad if name in parts else good for name, bad, good in zip(names, wrong, right, strict=True)
        ])  # fmt: skip

    return Mistake(candidate.named(parts), candidate.message(parts), answer)


def part_names(exercise: Exercise) -> tuple[str, ...]:
    """Return the names of an answer's parts; one empty name where it has none."""
    return tuple(form.name for form in forms_of(exercise))
