"""Numeric differentiation and comparison: pure functions on arrays.

Nothing here knows of notebooks, exercises or points, so that a student can use it while working
and a grader while judging.
"""

from autograder.numerics.comparison import Tolerance, largest_difference, matches, tolerance_for
from autograder.numerics.differences import (
    NumericGradient,
    central_difference,
    complex_step_gradient,
    numeric_gradient,
)
from autograder.numerics.gradient_check import GradientCheck, check_gradient

__all__ = [
    "GradientCheck",
    "NumericGradient",
    "Tolerance",
    "central_difference",
    "check_gradient",
    "complex_step_gradient",
    "largest_difference",
    "matches",
    "numeric_gradient",
    "tolerance_for",
]
