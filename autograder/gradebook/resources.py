"""What nbgrader's own parts are told when they are asked something."""

from typing import Any

from autograder.course import Course
from autograder.notebook.assignment import Assignment


def resources_for(course: Course, assignment: Assignment, student: str) -> dict[str, Any]:
    """Return the facts that nbgrader's preprocessors read."""
    names = {"notebook": assignment.notebook_name, "assignment": assignment.name, "student": student}
    return {"nbgrader": {**names, "db_url": course.database}, "unique_key": assignment.notebook_name}
