"""Factors that answers are wrong by: a sign, a two, the size of an axis, and two of them together."""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.exercises.diagnosis.candidate import Candidate
from autograder.exercises.diagnosis.trial import Trial, argument_dimensions, as_scaled
from autograder.exercises.exercise import Exercise

SIGN = "has the opposite sign; look at what is subtracted from what, and at each minus on the way"
TWICE = "is twice what it must be; look for a factor of two that does not belong there, or that is there already"
# Not every function has a square in it.
QUARTER = (
    "is a quarter of what it must be; look for a half that does not belong there, and for a two that got lost, such as "
    "that of the derivative of a square"
)
HALF = (
    "is half of what it must be; look for a half that does not belong there, or for a two that got lost, such as that "
    "of the derivative of a square"
)


@dataclass(frozen=True)
class Scale:
    """A factor by which an answer can be wrong.

    phrase: what is wrong, with the answer as its subject.
    of: takes the sizes of the named dimensions and the arguments, returns the factor.
    common: True if it is in the catalogue; others are looked for all the same.
    besides: the phrase where another mistake was named before; "" if it is the same.
    """

    id: str
    phrase: str
    of: Callable[[Mapping[str, int], Mapping[str, Any]], float]
    common: bool = False
    besides: str = ""

    def candidate(self) -> Candidate:
        """Return the mistake of an answer that is right but for this factor."""
        return Candidate(self.id, f"{{it}} {self.phrase}.", self.applied_to(lambda trial: trial.right), scales=False)

    def applied_to(self, make: Callable[[Trial], Any]) -> Callable[[Trial], Any]:
        """Return a mistake with this factor on top."""
        return lambda trial: as_scaled(make(trial), self.of(trial.sizes, trial.arguments))


def _constant(value: float) -> Callable[[Mapping[str, int], Mapping[str, Any]], float]:
    return lambda sizes, arguments: value


def _power(dimensions: tuple[str, ...], powers: tuple[float, ...]) -> Any:
    def of(sizes: Mapping[str, int], arguments: Mapping[str, Any]) -> float:
        return math.prod(float(sizes[one]) ** power for one, power in zip(dimensions, powers, strict=True))

    return of


def _of_one_dimension(name: str) -> list[Scale]:
    return [
        Scale(
            f"over-{name}",
            f"is divided by {name} once too often; a mean over {name} is taken where a sum is due, or the mean is in "
            "what flows in already",
            _power((name,), (-1,)),
            common=True,
        ),
        Scale(
            f"times-{name}",
            f"is {name} times too large; a division by {name} is missing, or a sum is taken where a mean is due",
            _power((name,), (1,)),
            common=True,
        ),
        Scale(
            f"over-{name}-twice", f"is divided by {name} twice too often; one mean is taken over and over",
            _power((name,), (-2,)),
        ),
        Scale(
            f"over-root-{name}",
            f"is divided by the square root of {name}, which belongs to a norm and not to this derivative",
            _power((name,), (-0.5,)),
        ),
    ]  # fmt: skip


def _one_less(name: str) -> list[Scale]:
    """Return what division by one less than a size makes, where the size is due and where no mean is."""

    def of(sizes: Mapping[str, int], power: int) -> float:
        return float(sizes[name] ** power / (sizes[name] - 1)) if sizes[name] > 1 else 1.0

    told = f"one less than {name}, as for the estimate of a variance;"
    return [
        Scale(f"one-less-than-{name}", f"is divided by {told} {name} itself is due", lambda s, _: of(s, 1)),
        Scale(f"over-one-less-than-{name}", f"is divided by {told} no mean is due here", lambda s, _: of(s, 0)),
    ]


def _of_two_dimensions(one: str, other: str) -> list[Scale]:
    return [
        Scale(
            f"over-{one}-{other}",
            f"is divided by {one} and by {other}, as if the mean were taken over every entry of an array",
            _power((one, other), (-1, -1)),
        ),
        Scale(
            f"times-{one}-{other}",
            f"is too large by {one} times {other}; divisions by both are missing",
            _power((one, other), (1, 1)),
        ),
        Scale(
            f"over-{other}-for-{one}",
            f"is divided by {other} where {one} is due; look at which axis the mean is over",
            _power((one, other), (1, -1)),
        ),
        Scale(
            f"over-{one}-for-{other}",
            f"is divided by {one} where {other} is due; look at which axis the mean is over",
            _power((one, other), (-1, 1)),
        ),
    ]


def _on_option(scale: Scale, name: str, default: Any) -> Scale:
    def of(sizes: Mapping[str, int], arguments: Mapping[str, Any]) -> float:
        return scale.of(sizes, arguments) if arguments.get(name, default) == default else 1.0

    there = f"where {name} is '{default}': there it {scale.phrase}"
    return Scale(f"{scale.id}-for-{default}", f"is right but {there}", of, besides=f"has a wrong size {there}")


def _off_option(scale: Scale, name: str, default: Any) -> Scale:
    def of(sizes: Mapping[str, int], arguments: Mapping[str, Any]) -> float:
        return 1.0 if arguments.get(name, default) == default else scale.of(sizes, arguments)

    phrase = f"is right where {name} is '{default}', but otherwise it {scale.phrase}; look at what {name} decides"
    besides = f"has a wrong size but where {name} is '{default}': elsewhere it {scale.phrase}"
    return Scale(f"{scale.id}-but-for-{default}", phrase, of, besides=besides)


def _negative(scale: Scale) -> Scale:
    return Scale(
        f"{scale.id}-and-sign",
        f"{scale.phrase}. It has the opposite sign as well",
        lambda sizes, arguments: -scale.of(sizes, arguments),
        besides=scale.besides and f"{scale.besides}. It has the opposite sign as well",
    )


def _with_two(scale: Scale, times: float) -> Scale:
    which = "twice" if times > 1 else "half"
    told = "A factor of two too much comes on top" if times > 1 else "A factor of two is missing as well"
    return Scale(
        f"{scale.id}-and-{which}",
        f"{scale.phrase}. {told}",
        lambda sizes, arguments: times * scale.of(sizes, arguments),
    )


def scales(exercise: Exercise) -> list[Scale]:
    """Return the factors that an exercise's answers can be wrong by, the plainest first."""
    names = argument_dimensions(exercise)
    plain = [Scale("twice", TWICE, _constant(2.0), common=True), Scale("half", HALF, _constant(0.5), common=True)]
    by_size = [scale for name in names for scale in _of_one_dimension(name)]
    one_less = [scale for name in names for scale in _one_less(name)]
    by_two = [scale for one, other in itertools.combinations(names, 2) for scale in _of_two_dimensions(one, other)]
    options = [(name, value) for name, value in exercise.defaults.items() if isinstance(value, str)]
    chosen = [
        make(scale, name, value)
        for name, value in options
        for scale in [*by_size, *one_less, *by_two]
        for make in (_on_option, _off_option)
    ]
    twos = [_with_two(scale, times) for scale in [*by_size, *by_two] for times in (2.0, 0.5)]
    sized = [*plain, *by_size, *chosen, *by_two, *twos]
    quarter = Scale("quarter", QUARTER, _constant(0.25))
    signs = [Scale("sign", SIGN, _constant(-1.0), common=True), *sized, *map(_negative, sized)]
    return [*signs, *one_less, quarter, _negative(quarter)]
