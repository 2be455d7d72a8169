"""What the tests of the reference package share: the sets found by looking, and inputs for them."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import solutions
from autograder.exercises import Draw, Exercise, ProblemSet, Style

SETS: dict[str, ProblemSet] = {
    module.name: importlib.import_module(f"solutions.{module.name}").EXERCISES
    for module in pkgutil.iter_modules(solutions.__path__)
    if not module.ispkg
}
EXERCISES = [(name, exercise) for name, problem_set in SETS.items() for exercise in problem_set.exercises]
# Every size 1, every size equal, and sizes that differ, small and larger.
SIZES = (1, 2, 3, 4, 6)


def draw_values(exercise: Exercise, number: int, style: Style = Style.USUAL) -> dict[str, Any]:
    """Return values for every variable of an exercise; sizes are random, or all 1 where number is 0."""
    random = np.random.default_rng([number, *exercise.name.encode()])
    dimensions = {size for variable in exercise.variables.values() for size in variable.dimensions}
    sizes = {name: 1 if number == 0 else int(random.choice(SIZES)) for name in sorted(dimensions)}
    draw = Draw(random, sizes, style, number)
    values: dict[str, Any] = {}
    for name, variable in exercise.variables.items():
        values[name] = variable.make(draw, **{needed: values[needed] for needed in variable.needs})
    return values


def applied(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """Call a function with those values that its parameters name."""
    return function(**{name: values[name] for name in inspect.signature(function).parameters})
