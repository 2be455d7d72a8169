"""The course, for nbgrader: student code runs in the sandbox, feedback shows no hidden test."""

from autograder.configuration import use_sandbox

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "backprop"
use_sandbox(c)
