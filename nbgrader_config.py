"""The course, for nbgrader: student code runs in the sandbox, feedback shows no hidden test."""

from autograder.configuration import use_sandbox
from autograder.releasing import install_where_needed

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "backprop"
use_sandbox(c)
# Each released notebook begins with a cell that installs the light package where it is missing, as in Colab.
install_where_needed(c, source="backprop-autograder=={version}")
