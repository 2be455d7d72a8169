"""The course, for nbgrader: student code runs in the sandbox, feedback shows no hidden test."""

c = get_config()  # type: ignore[name-defined]  # noqa: F821 - nbgrader provides it

c.CourseDirectory.course_id = "backprop"

c.Autograde.exporter_class = "autograder.nbgrader_plugin.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["autograder.nbgrader_plugin.RestoreCells"]
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugin.GradeInSandbox",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.sanitize.SanitizeHTML",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# No script of a student's runs in a reader's browser.
c.SanitizeHTML.enabled = True
c.HTMLExporter.sanitize_html = True
