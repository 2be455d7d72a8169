"""A course that takes some seconds to grade, and what undisturbed grading on one machine leaves of it."""

from dataclasses import dataclass
from pathlib import Path

from helpers.small_course import Left, answer

STUDENTS = 24
# So that there is time to break things.
UNHURRIED = answer("import time\ndef f(x):\n    time.sleep(0.15)\n    return x + x")


@dataclass(frozen=True)
class Reference:
    """A course that nobody has graded, what grading it on one machine leaves, and its report."""

    fresh: Path
    left: Left
    report: Path
