"""Exercises as data: what each function must return, on which inputs, and how an answer is judged."""

from autograder.exercises.answers import Array, Named, Number, Parts, Text
from autograder.exercises.assessment import Assessment, ExerciseFailed, collect_assessments, seeded
from autograder.exercises.declaration import ProblemSet
from autograder.exercises.exercise import Exercise, Mistake, SpecialCheck
from autograder.exercises.foreseen import ForeseenFunction, ForeseenValues
from autograder.exercises.variables import (
    AROUND_ZERO,
    Draw,
    Style,
    Variable,
    bounded,
    choice,
    computed,
    index,
    one_hot,
    one_less_than,
    positive,
    pre_activation,
    real,
    scores,
)

__all__ = [
    "AROUND_ZERO",
    "Array",
    "Assessment",
    "Draw",
    "Exercise",
    "ExerciseFailed",
    "ForeseenFunction",
    "ForeseenValues",
    "Mistake",
    "Named",
    "Number",
    "Parts",
    "ProblemSet",
    "SpecialCheck",
    "Style",
    "Text",
    "Variable",
    "bounded",
    "choice",
    "collect_assessments",
    "computed",
    "index",
    "one_hot",
    "one_less_than",
    "positive",
    "pre_activation",
    "real",
    "scores",
    "seeded",
]
