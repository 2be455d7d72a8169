"""Numeric differentiation and comparison: pure functions on arrays.

Nothing here knows of notebooks, exercises or points, so that a student can use it while working
and a grader while judging.
"""

from autograder.numerics.checking import check_gradient
from autograder.numerics.comparison import Tolerance, largest_difference, matches, norms_agree, tolerance_for
from autograder.numerics.descent import Descent, first_order_descent
from autograder.numerics.differences import (
    NumericGradient,
    central_difference,
    complex_step_gradient,
    directional_derivatives,
    noise_level,
    numeric_gradient,
)
from autograder.numerics.gradient_check import GradientCheck, GradientChecks
from autograder.numerics.taylor import TaylorRemainder, taylor_remainder

__all__ = [
    "Descent",
    "GradientCheck",
    "GradientChecks",
    "NumericGradient",
    "TaylorRemainder",
    "Tolerance",
    "central_difference",
    "check_gradient",
    "complex_step_gradient",
    "directional_derivatives",
    "first_order_descent",
    "largest_difference",
    "matches",
    "noise_level",
    "norms_agree",
    "numeric_gradient",
    "taylor_remainder",
    "tolerance_for",
]
