"""Whether a change that no case finds makes a difference at all: a search far beyond the cases.

A mutant counts as equivalent only if it agrees with the reference on some thousand inputs of all
sizes, styles, layouts and ways of calling: the same values to rounding, shapes and dtypes, the
arguments left alone, the same answer when asked again, no warning where none may be. The inputs are
not chosen to be well conditioned, as the cases are; how far rounding reaches is measured for each
with arithmetic of higher precision. In some of them every entry is made smaller by a factor of its
own, so that a vocabulary that draws too little variety (an upstream gradient of ones) hides nothing.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.exercises import Draw, Exercise, Style
from autograder.exercises.calling import Outcome, call
from autograder.exercises.cases import Case, Layout, Plan, dimensions_of, drawn, in_precision
from autograder.numerics.comparison import largest_difference, matches

INPUTS = 2000
ASKED_TWICE = 100
SIZES = (1, 1, 2, 2, 3, 3, 4, 5, 7)
LARGER = (8, 12)
LARGER_SHARE = 0.02
EQUAL_SHARE = VARIED_SHARE = 0.3
LOOKED_AT = 50
STYLES = (Style.USUAL, Style.ZEROS, Style.LARGE)
RELATIVE, ABSOLUTE, ROUNDING = 1e-9, 1e-14, 1e3


@dataclass(frozen=True)
class Witness:
    """One input with the reference's answer."""

    exercise: Exercise
    case: Case
    warned: bool

    @cached_property
    def allowed(self) -> tuple[float, ...]:
        """How far rounding may take another right answer from the reference's; found only where an answer differs."""
        wide = {name: in_precision(self.case.values[name], np.longdouble) for name in self.exercise.arguments}
        exact = self.exercise.form.leaves(self.exercise.reference(**wide))
        return tuple(
            RELATIVE * float(np.max(np.abs(one.value), initial=0.0))
            + ABSOLUTE
            + ROUNDING * float(largest_difference(one.value, other.value))
            for one, other in zip(self.case.expected, exact, strict=True)
        )


def _plan(exercise: Exercise, random: np.random.Generator) -> Plan:
    dimensions = dimensions_of(exercise.variables)
    pool = LARGER if random.random() < LARGER_SHARE else SIZES
    sizes = {name: int(random.choice(pool)) for name in dimensions}
    if random.random() < EQUAL_SHARE:
        sizes = dict.fromkeys(dimensions, int(random.choice(SIZES)))
    layout = list(Layout)[int(random.integers(len(Layout)))]
    style = STYLES[int(random.integers(len(STYLES)))]
    return Plan(
        f"{style.value}, {layout.value} arrays", sizes, style, layout, by_keyword=bool(random.random() < EQUAL_SHARE)
    )


def _may_vary(exercise: Exercise, random: np.random.Generator) -> frozenset[str]:
    """Return the variables that any numbers will do for: drawn floats, but for masks of zeros and ones."""
    seen: dict[str, set[float]] = {}
    for _ in range(LOOKED_AT):
        for name, value in drawn(exercise, _plan(exercise, random), int(random.integers(1000)), random).items():
            variable = exercise.variables[name]
            if variable.shape is not None and not variable.needs and not isinstance(value, int):
                seen.setdefault(name, set()).update(np.asarray(value, dtype=np.float64).reshape(-1).tolist())
    return frozenset(name for name, values in seen.items() if values != {0.0, 1.0})


def _varied(exercise: Exercise, values: dict[str, Any], names: frozenset[str], random: np.random.Generator) -> None:
    """Make every entry of these variables smaller by a factor of its own; what follows from them follows again."""
    draw = Draw(random, {}, Style.USUAL, 0)
    for name, variable in exercise.variables.items():
        if name in names:
            varied = values[name] * random.uniform(0.5, 1.0, size=np.shape(values[name]))
            values[name] = varied if np.ndim(varied) else float(varied)
        elif variable.is_computed and any(needed in values for needed in variable.needs):
            values[name] = variable.make(draw, **{needed: values[needed] for needed in variable.needs})


def _witness(exercise: Exercise, names: frozenset[str], random: np.random.Generator) -> Witness | None:
    """Draw one input; None if the reference itself has no finite answer to it."""
    plan = _plan(exercise, random)
    values = drawn(exercise, plan, int(random.integers(1000)), random)
    if random.random() < VARIED_SHARE:
        _varied(exercise, values, names, random)
    case = Case(plan, values, (), 0.0)
    outcome = call(exercise.reference, case, exercise)
    if outcome.error is not None or exercise.form.fault(outcome.answer, plan.sizes):
        return None
    expected = tuple(exercise.form.leaves(outcome.answer))
    return Witness(exercise, Case(plan, values, expected, 0.0), bool(outcome.warned))


def witnesses(exercise: Exercise, count: int, random: np.random.Generator) -> list[Witness]:
    """Draw inputs that a change is to be looked for on."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        names = _may_vary(exercise, random)
        found = (_witness(exercise, names, random) for _ in range(count))
        return [one for one in found if one is not None]


def _difference(exercise: Exercise, witness: Witness, outcome: Outcome) -> str | None:
    """Return in which way an outcome differs from the reference's, or None."""
    case = witness.case
    if outcome.error is not None:
        return f"raises {type(outcome.error).__name__}"
    fault = exercise.form.fault(outcome.answer, case.plan.sizes)
    if fault:
        return f"another {fault.check}"
    for number, (ours, true) in enumerate(zip(exercise.form.leaves(outcome.answer), case.expected, strict=True)):
        if ours.value.shape != true.value.shape or ours.value.dtype != true.value.dtype:
            return "another shape or dtype"
        if np.array_equal(ours.value, true.value):
            continue
        if not largest_difference(ours.value, true.value) <= witness.allowed[number]:
            return "another value"
    if outcome.changed:
        return "changes an argument"
    if exercise.options.forbids_warnings and outcome.warned and not witness.warned:
        return "warns"
    values = {**case.values, **outcome.given}
    told = (special.fault(values, outcome.answer) for special in exercise.options.special)
    return next((message for message in told if message), None)


def come_to_the_same(
    exercise: Exercise, one: Callable[..., Any], other: Callable[..., Any], inputs: list[Witness]
) -> bool:
    """Tell whether two wrong functions give the same answers, so that either name is right for both."""
    with np.errstate(all="ignore"):
        for witness in inputs:
            ours, theirs = (call(function, witness.case, exercise) for function in (one, other))
            sizes = witness.case.plan.sizes
            if exercise.form.fault(ours.answer, sizes) or exercise.form.fault(theirs.answer, sizes):
                return False
            leaves = zip(exercise.form.leaves(ours.answer), exercise.form.leaves(theirs.answer), strict=True)
            if not all(matches(first.value, second.value) for first, second in leaves):
                return False
    return bool(inputs)


def difference(exercise: Exercise, function: Callable[..., Any], inputs: list[Witness]) -> str | None:
    """Return where a function differs from the reference, in words; None if it never does."""
    with np.errstate(all="ignore"):
        for number, witness in enumerate(inputs):
            for _ in range(2 if number < ASKED_TWICE else 1):
                found = _difference(exercise, witness, call(function, witness.case, exercise))
                if found:
                    sizes = ", ".join(f"{name} = {size}" for name, size in witness.case.plan.sizes.items())
                    return f"{found}, for example with {witness.case.plan.label}" + (f" and {sizes}" if sizes else "")
    return None
