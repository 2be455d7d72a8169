"""The inputs on which an answer is judged, made from a seed.

Each kind of case is there because some mistake passes without it: all sizes different shows a
transposed answer as a wrong shape, all sizes equal shows it as wrong values, a size of one shows a
lucky broadcast, zeros show a mask with >=, large and small values show limits and guards, and layouts
show code that needs contiguous memory.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import numpy as np

from autograder.exercises.answers import Leaf
from autograder.exercises.exercise import Exercise
from autograder.exercises.variables import Draw, Style, Variable
from autograder.numerics.comparison import DOUBLE, SINGLE, Tolerance, largest_difference

ATTEMPTS = 200
# Of some exercises the answer hangs on one argument's sizes alone.
TELLING_ATTEMPTS = 20
# Rounding, in whatever order a student sums, must stay this many times below the tolerance.
ROUNDING_MARGIN = 100.0
SINGLE_MARGIN = 8.0
ALSO_RIGHT_MARGIN = 3.0
# Numeric derivatives cost more than all the rest, and wrong ones differ on any generic case.
RULE_CASES = 4


class Layout(Enum):
    """How an array argument lies in memory."""

    PLAIN = "plain"
    READ_ONLY = "read-only"
    FORTRAN = "Fortran-ordered"
    VIEW = "a view that skips entries"


@runtime_checkable
class Recording(Protocol):
    """A function among the arguments that remembers how it was called."""

    def fresh(self) -> "Recording":
        """Return the same function with nothing remembered."""


@dataclass(frozen=True)
class Plan:
    """What a case is to be: its sizes, its style, its layout, and how arguments are passed."""

    label: str
    sizes: Mapping[str, int]
    style: Style = Style.USUAL
    layout: Layout = Layout.PLAIN
    by_keyword: bool = False


@dataclass(frozen=True)
class Case:
    """One set of inputs with the true answer.

    values: every variable that the exercise and its rule mention.
    expected: the parts of the true answer.
    slack: an absolute error that is accepted beyond the tolerance.
    facts: what the exercise's rule knows of the inputs before it sees an answer; None where it was not asked.
    beside: cases to call after this one, each with the name of the one argument that is new since the call before;
        of the first all are.
    """

    plan: Plan
    values: Mapping[str, Any]
    expected: tuple[Leaf, ...]
    slack: float
    facts: Any = None
    beside: tuple[tuple[str, "Case"], ...] = ()

    def with_facts(self, exercise: Exercise, random: np.random.Generator) -> "Case":
        """Return the same case with what the exercise's rule can find out beforehand, if it says anything here."""
        rule = exercise.rule
        if rule is None or self.facts is not None or self.plan.style is not Style.USUAL:
            return self
        if not rule.applies(self.values):
            return self
        with np.errstate(all="ignore"):
            return replace(self, facts=rule.facts(self.values, random))

    def arguments(self, exercise: Exercise) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return fresh positional and keyword arguments; defaults that fit are left out."""
        named = {name: laid_out(self.values[name], self.plan.layout) for name in exercise.arguments}
        if self.plan.by_keyword:
            return (), named
        defaults = exercise.defaults
        positional: list[Any] = []
        for place, name in enumerate(exercise.arguments):
            if name in defaults and self.values[name] == defaults[name]:
                # What follows a default that is left out can only be passed by name.
                rest = exercise.arguments[place + 1 :]
                return tuple(positional), {later: named[later] for later in rest}
            positional.append(named[name])
        return tuple(positional), {}


def started_anew(value: Any) -> Any:
    """Return a function that records with nothing remembered, and any other value as it is."""
    # As Recording has it; to ask isinstance of a protocol takes a hundred times longer.
    return value.fresh() if callable(getattr(value, "fresh", None)) else value


def laid_out(value: Any, layout: Layout) -> Any:
    """Return a copy of a value whose arrays lie in memory as asked; functions that record start anew."""
    if isinstance(value, dict):
        return {key: laid_out(part, layout) for key, part in value.items()}
    if not isinstance(value, np.ndarray):
        return started_anew(value)
    if layout is Layout.FORTRAN:
        return np.asfortranarray(value.copy())
    if layout is Layout.VIEW and value.ndim:
        wide = np.zeros((*value.shape[:-1], 2 * value.shape[-1]), dtype=value.dtype)
        wide[..., ::2] = value
        return wide[..., ::2]
    copy = value.copy()
    if layout is Layout.READ_ONLY:
        copy.flags.writeable = False
    return copy


def dimensions_of(variables: Mapping[str, Variable]) -> list[str]:
    """Return the named dimensions in the order in which they are first mentioned."""
    return list(dict.fromkeys(size for variable in variables.values() for size in variable.dimensions))


def _different(dimensions: list[str], random: np.random.Generator, lowest: int = 2) -> dict[str, int]:
    pool = random.permutation(np.arange(lowest, lowest + len(dimensions) + 2))
    return {name: int(size) for name, size in zip(dimensions, pool, strict=False)}


def plans(exercise: Exercise, random: np.random.Generator) -> list[Plan]:
    """Return what every case of an exercise is to be."""
    dimensions = dimensions_of(exercise.variables)
    if not dimensions:
        return [
            *(Plan("usual values", {}, by_keyword=number == 1) for number in range(8)),
            # As many in a row as there are floats, and more.
            *(Plan("values with zeros among them", {}, Style.ZEROS) for _ in range(7)),
            *(Plan("large values", {}, Style.LARGE) for _ in range(3)),
            *(Plan("small values", {}, Style.SMALL) for _ in range(2)),
        ]

    def different(lowest: int = 2) -> dict[str, int]:
        return _different(dimensions, random, lowest)

    return [
        Plan("all sizes different", different()),
        Plan("all sizes different, arguments by name", different(), by_keyword=True),
        Plan("all sizes different, read-only arguments", different(), layout=Layout.READ_ONLY),
        Plan("all sizes equal", dict.fromkeys(dimensions, 3), layout=Layout.FORTRAN),
        Plan("all sizes equal", dict.fromkeys(dimensions, 2), by_keyword=True),
        Plan("every size 1", dict.fromkeys(dimensions, 1)),
        *(Plan(f"{name} = 1", {**different(), name: 1}, layout=Layout.FORTRAN) for name in dimensions),
        *(
            Plan(f"only {name} above 1", {**dict.fromkeys(dimensions, 1), name: 4})
            for name in dimensions
            if len(dimensions) > 1
        ),
        Plan("zeros among the values", different(), Style.ZEROS),
        Plan("zeros among the values, sizes equal", dict.fromkeys(dimensions, 3), Style.ZEROS, Layout.READ_ONLY),
        Plan("zeros among more values", different(lowest=4), Style.ZEROS),
        Plan("large values", different(), Style.LARGE),
        Plan("large values, sizes equal", dict.fromkeys(dimensions, 3), Style.LARGE),
        # Two, so that a choice between two options is met at larger sizes with each of them.
        Plan("larger sizes", different(lowest=11), layout=Layout.VIEW),
        Plan("larger sizes", different(lowest=11)),
        Plan("small values", different(), Style.SMALL),
    ]


def drawn(exercise: Exercise, plan: Plan, number: int, random: np.random.Generator) -> dict[str, Any]:
    """Draw a value for every variable of an exercise, well conditioned or not."""
    turns = [*(place for place, variable in enumerate(exercise.variables.values()) if variable.shape == ()), -1]
    draw = Draw(random, plan.sizes, plan.style, number, alone=turns[number % len(turns)])
    values: dict[str, Any] = {}
    for place, (name, variable) in enumerate(exercise.variables.items()):
        needed = {other: values[other] for other in variable.needs}
        values[name] = variable.make(replace(draw, place=place), **needed)
    return values


def in_precision(value: Any, precision: type[np.floating[Any]]) -> Any:
    """Return a value with its floats, or its arrays of floats, in another precision."""
    if isinstance(value, dict):
        return {key: in_precision(part, precision) for key, part in value.items()}
    if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        return np.asarray(value, dtype=precision)[()]
    return value


def _leaves(exercise: Exercise, arguments: Mapping[str, Any], function: Any = None) -> list[Leaf]:
    return exercise.form.leaves((function or exercise.reference)(**arguments))


def _close(ours: list[Leaf], true: list[Leaf], tolerance: Tolerance, margin: float, slack: float = 0.0) -> bool:
    """Tell whether two answers differ by less than what a margin leaves of a tolerance."""
    return all(
        one.value.shape == other.value.shape
        and largest_difference(one.value, other.value) <= tolerance.bound(other.value) / margin + slack
        for one, other in zip(ours, true, strict=True)
    )


def _well_conditioned(exercise: Exercise, arguments: Mapping[str, Any], expected: list[Leaf], slack: float) -> bool:
    """Tell whether right answers that round otherwise, or work in float32, will be accepted.

    What comes out right in single precision has more than enough digits in double precision.
    """
    if exercise.options.single_precision:
        narrow = _leaves(exercise, {name: in_precision(value, np.float32) for name, value in arguments.items()})
        if not _close(narrow, expected, SINGLE, SINGLE_MARGIN):
            return False
    else:
        wide = _leaves(exercise, {name: in_precision(value, np.longdouble) for name, value in arguments.items()})
        if not _close(expected, wide, DOUBLE, ROUNDING_MARGIN):
            return False
    return all(
        _close(_leaves(exercise, arguments, other), expected, DOUBLE, ALSO_RIGHT_MARGIN, slack)
        for other in exercise.options.also_right
    )


def _case_of(exercise: Exercise, plan: Plan, values: Mapping[str, Any]) -> Case | None:
    """Return the case with these values; None where they are not well conditioned."""
    arguments = {name: values[name] for name in exercise.arguments}
    expected = _leaves(exercise, arguments)
    slack = exercise.options.slack(**arguments) if exercise.options.slack else 0.0
    if not _well_conditioned(exercise, arguments, expected, slack):
        return None
    return Case(plan, values, tuple(expected), slack)


def _not_found(exercise: Exercise, plan: Plan) -> RuntimeError:
    return RuntimeError(f"{exercise.name}: no well-conditioned inputs found for the case '{plan.label}'")


def make_case(exercise: Exercise, plan: Plan, number: int, random: np.random.Generator) -> Case:
    """Draw inputs until they are well conditioned, and compute the true answer.

    Raises RuntimeError if no fitting inputs were found, which is a fault of the declaration.
    """
    with np.errstate(all="ignore"):
        for _ in range(ATTEMPTS):
            case = _case_of(exercise, plan, drawn(exercise, plan, number, random))
            if case:
                return case
    raise _not_found(exercise, plan)


def _each_is_new(beside: Sequence[tuple[str, Case]]) -> bool:
    """Tell whether the true answer is another one from call to call."""
    return not any(
        all(np.array_equal(ours.value, others.value) for ours, others in zip(one.expected, other.expected, strict=True))
        for (_, one), (_, other) in pairwise(beside)
    )


def with_beside(exercise: Exercise, case: Case, random: np.random.Generator) -> Case:
    """Return a case with others beside it that show whether earlier answers are found again by too little.

    From call to call one more argument is another one, so that whoever remembers answers by some of the arguments
    takes an earlier one for the right one. Raises RuntimeError as `make_case` does.
    """
    with np.errstate(all="ignore"):
        for attempt in range(ATTEMPTS):
            # Under the next number, at which options and indices are other ones as well.
            values, others = (drawn(exercise, case.plan, number, random) for number in range(2))
            beside = [("", _case_of(exercise, case.plan, values))]
            for name in exercise.arguments:
                if isinstance(values[name], (int, float, str)) and values[name] == others[name]:
                    continue
                values = {**values, name: others[name]}
                beside.append((name, _case_of(exercise, case.plan, values)))
            found = tuple((name, one) for name, one in beside if one)
            if len(found) == len(beside) and (attempt >= TELLING_ATTEMPTS or _each_is_new(found)):
                return replace(case, beside=found)
    raise _not_found(exercise, case.plan)


def make_cases(exercise: Exercise, random: np.random.Generator) -> list[Case]:
    """Return every case of an exercise, drawn from `random`; the first with others beside it."""
    first, *rest = (make_case(exercise, plan, number, random) for number, plan in enumerate(plans(exercise, random)))
    return [with_beside(exercise, first, random), *rest]
