"""Exercises in back-propagation that grade themselves.

What a student's notebook uses is importable from here with NumPy alone; the grader's parts are in
the subpackages.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.checks import CheckResult, check
    from autograder.network import Blame, BlameSteps, blame, blame_steps
    from autograder.numerics import GradientCheck, GradientChecks, check_gradient

__version__ = "0.1.0"

__all__ = [
    "Blame",
    "BlameSteps",
    "CheckResult",
    "GradientCheck",
    "GradientChecks",
    "__version__",
    "blame",
    "blame_steps",
    "check",
    "check_gradient",
]


def __getattr__(name: str) -> Any:
    """Import what students use when it is asked for, so that the command line starts without NumPy."""
    if name in ("GradientCheck", "GradientChecks", "check_gradient"):
        from autograder import numerics

        return getattr(numerics, name)
    if name in ("CheckResult", "check"):
        from autograder import checks

        return getattr(checks, name)
    if name in ("Blame", "BlameSteps", "blame", "blame_steps"):
        from autograder import network

        return getattr(network, name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
