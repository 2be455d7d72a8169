"""Exercises in back-propagation that grade themselves.

What a student's notebook uses is importable from here with NumPy alone; the grader's parts are in
the subpackages.
"""

from autograder.numerics import GradientCheck, GradientChecks, check_gradient

__version__ = "0.1.0"

__all__ = ["GradientCheck", "GradientChecks", "__version__", "check_gradient"]
