"""`check`: what a student runs below a function that is to be written, with shapes in named dimensions."""

from autograder.checks.checking import check
from autograder.checks.result import CheckResult

__all__ = ["CheckResult", "check"]
