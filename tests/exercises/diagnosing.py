"""What the tests of diagnoses share: wrong answers as the text of a function's body, and how they are made."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from judging import SETS

from autograder.exercises.mistakes import diagnose
from autograder.report import Diagnosis

# By function: the body, and the ids that name its mistake, with | between; "" where any or none will do.
Bodies = dict[str, dict[str, str]]


def function_from(one: str, name: str, body: str) -> Callable[..., Any]:
    """Return the function of a set with this body, which sees NumPy, math and the set's right functions."""
    exercise = SETS[one].exercises[name]
    defaults = exercise.defaults
    parameters = [
        f"{argument}={defaults[argument]!r}" if argument in defaults else argument for argument in exercise.arguments
    ]
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    right = {other: earlier.reference for other, earlier in SETS[one].earlier_than(name).items()}
    namespace: dict[str, Any] = {"np": np, "math": math, **right}
    exec(f"def {name}({', '.join(parameters)}):\n{lines}\n", namespace)
    return namespace[name]


def diagnosed(one: str, name: str, function: Callable[..., Any], seed: int = 1) -> Diagnosis | None:
    """Return what a wrong answer looks like."""
    return diagnose(SETS[one].exercises[name], function, np.random.default_rng([seed, *name.encode()]))
