"""Exercises in back-propagation that grade themselves.

What a student's notebook uses is importable from here with NumPy alone. So is what a program needs that grades
(`grade`, the report and its parts, the limits, the errors), once the instructor's parts are installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.callloop.limits import Limits
    from autograder.checks import CheckResult, check
    from autograder.errors import ExtensionError, GradingError
    from autograder.library import grade
    from autograder.network import Blame, BlameSteps, blame, blame_steps
    from autograder.numerics import GradientCheck, GradientChecks, check_gradient
    from autograder.report import Check, Diagnosis, ExerciseResult, Isolation, Report, Status, SubmissionResult

__version__ = "0.1.0"

__all__ = [
    "Blame",
    "BlameSteps",
    "Check",
    "CheckResult",
    "Diagnosis",
    "ExerciseResult",
    "ExtensionError",
    "GradientCheck",
    "GradientChecks",
    "GradingError",
    "Isolation",
    "Limits",
    "Report",
    "Status",
    "SubmissionResult",
    "__version__",
    "blame",
    "blame_steps",
    "check",
    "check_gradient",
    "grade",
]

# Where each name lives; imported when it is asked for, so that the command line starts without NumPy.
_PLACES = {
    "numerics": ("GradientCheck", "GradientChecks", "check_gradient"),
    "checks": ("CheckResult", "check"),
    "network": ("Blame", "BlameSteps", "blame", "blame_steps"),
    "report": ("Check", "Diagnosis", "ExerciseResult", "Isolation", "Report", "Status", "SubmissionResult"),
    "errors": ("ExtensionError", "GradingError"),
    "callloop.limits": ("Limits",),
    "library": ("grade",),
}


def __getattr__(name: str) -> Any:
    """Return a public name, importing what it needs."""
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """Return the public names, for whoever looks or completes."""
    return sorted(__all__)
