"""What being late costs: nbgrader's own plugin decides, as the course configures it."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from autograder.course import Course
from autograder.loading import LOADING


def late_seconds(timestamp: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """Return how many seconds past its due date a submission is; 0 if it is not, or if either is not known."""
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - (due + (extension or timedelta()))).total_seconds())


class Penalties:
    """A course's rule for being late; nbgrader is imported only if somebody is."""

    def __init__(self, course: Course) -> None:
        self.course = course

    @cached_property
    def _step(self) -> Any:
        with LOADING:
            from nbgrader.preprocessors import AssignLatePenalties

        return AssignLatePenalties(config=self.course.config)

    def lost(self, student: str, score: float, late: float) -> float | None:
        """Return the points that a notebook loses, between 0 and its score; None for nothing.

        score: the notebook's points, a person's included. late: seconds.
        """
        if late <= 0:
            return None
        self._step.init_plugin()
        lost = self._step.plugin_inst.late_submission_penalty(student, score, late)
        return None if lost is None else float(min(max(lost, 0.0), score))
