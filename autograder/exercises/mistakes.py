"""The catalogue of known mistakes, and the search in it for what a wrong answer looks like."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises.exercise import Exercise, Mistake
from autograder.report import Diagnosis

__all__ = ["Mistake", "diagnose", "known_mistakes"]


def known_mistakes(exercise: Exercise) -> tuple[Mistake, ...]:
    """Return the known mistakes of an exercise: its own ones first, then those derived from its declaration."""
    return exercise.mistakes


def diagnose(exercise: Exercise, function: Callable[..., Any], random: np.random.Generator) -> Diagnosis | None:
    """Return the known mistake that a wrong answer agrees with, or None."""
    return None
