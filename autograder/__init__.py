"""Exercises in back-propagation that grade themselves.

What a student's notebook uses is importable from here with NumPy alone; the grader's parts are in
the subpackages.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.numerics import GradientCheck, GradientChecks, check_gradient

__version__ = "0.1.0"

__all__ = ["GradientCheck", "GradientChecks", "__version__", "check_gradient"]


def __getattr__(name: str) -> Any:
    """Import what students use when it is asked for, so that the command line starts without NumPy."""
    if name in ("GradientCheck", "GradientChecks", "check_gradient"):
        from autograder import numerics

        return getattr(numerics, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
