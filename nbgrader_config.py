"""The course, for nbgrader: student code runs in the sandbox, feedback shows no hidden test."""

from autograder.lms import collect_from_lms
from autograder.pages import make_pages_inert
from autograder.releasing import install_where_needed

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "backprop"

c.Autograde.exporter_class = "autograder.nbgrader_plugin.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_plugin.RestoreCells"]
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugin.GradeInSandbox",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# What students wrote is text and pictures on every page, and nothing else.
make_pages_inert(c)
# `nbgrader zip_collect` takes what was downloaded from Moodle, Canvas or Brightspace.
collect_from_lms(c)
# Each released notebook begins with a cell that installs the light package where it is missing, as in Colab.
install_where_needed(c, source="backprop-autograder=={version}")
