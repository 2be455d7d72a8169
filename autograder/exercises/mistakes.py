"""Mistakes that an exercise knows by name, and the search for the one that an answer made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercises.exercise import Exercise
from autograder.report import Diagnosis


@dataclass(frozen=True)
class Mistake:
    """A known mistake: its id, what a student is told, and the wrong answer by the reference's arguments."""

    id: str
    message: str
    answer: Callable[..., Any]


def known_mistakes(exercise: Exercise) -> tuple[Mistake, ...]:
    """Return the known mistakes of an exercise."""
    return ()


def diagnose(exercise: Exercise, function: Callable[..., Any], random: np.random.Generator) -> Diagnosis | None:
    """Return the known mistake that a wrong answer agrees with, if there is one."""
    return None
