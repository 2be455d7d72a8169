"""What the formgrader's page of a submission shows besides nbgrader's own: each finding as a card, the set's formulas.

What is put in is marked as markup that is known to be harmless (`markupsafe.Markup`). No file can hold such a mark, so
that the filters let nothing pass by it that a student wrote.
"""

from pathlib import Path
from typing import Any

from markupsafe import Markup
from nbconvert.preprocessors import Preprocessor

from autograder.errors import GradingError
from autograder.marks import stored_result
from autograder.notebook.assignment import find_course, load_assignments
from autograder.pages.feedback import Picture
from autograder.pages.formulas import instructors_markdown
from autograder.pages.rendering import template_of
from autograder.pages.sections import is_told_to_everybody
from autograder.pages.words import in_words
from autograder.report import ExerciseResult


class ShowFindings(Preprocessor):
    """Puts a card in the place of a failed test's message, and formulas into the instructor's text, for one page."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Change a graded notebook that is about to become the formgrader's page; any other stays as it is."""
        if "submission_id" not in resources:
            return nb, resources
        result = stored_result(nb)
        found = {one.grade_id: one for one in result.exercises} if result else {}
        told = _told_to_everybody(Path(resources["metadata"]["path"]), resources["assignment_id"])
        for cell in nb.cells:
            exercise = found.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
            if cell.cell_type == "code" and exercise is not None and not exercise.passed:
                kept = [output for output in cell.outputs if not _is_told_on_card(output, exercise)]
                cell.outputs = [_html_output(nb, _card(exercise)), *kept]
            elif cell.cell_type == "markdown" and cell.source.strip() in told:
                cell.source = instructors_markdown(cell.source)
        return nb, resources


def _told_to_everybody(folder: Path, assignment: str) -> set[str]:
    """Return the instructor's text, cell by cell; none where its notebook can't be read: formulas stay as typed."""
    try:
        course = find_course(None, folder, installed=False)
        loaded = load_assignments(course, assignment) if course else []
    except (GradingError, OSError):
        return set()
    return {cell.source.strip() for one in loaded for cell in one.cells if is_told_to_everybody(cell)}


def _is_told_on_card(output: Any, exercise: ExerciseResult) -> bool:
    """Tell whether an output is the message that lists the checks which failed."""
    failed = [check for check in exercise.checks if not check.passed]
    return output.output_type == "error" and output.evalue.startswith(tuple(f"{check.name}: " for check in failed))


def _html_output(nb: Any, html: Markup) -> Any:
    # Of the notebook's own kind of mapping, which lets its items be read as attributes.
    return type(nb)(output_type="display_data", metadata=type(nb)(), data=type(nb)({"text/html": html}))


def _card(exercise: ExerciseResult) -> Markup:
    checks = [in_words(check) for check in exercise.checks]
    return Markup(  # noqa: S704 - the template escapes what it is given
        template_of("findings.html.j2", "formgrade", "feedback").render(
            diagnosis=exercise.diagnosis.message if exercise.diagnosis else "",
            failed=[check for check in checks if not check.passed],
            passed=[check for check in checks if check.passed],
            picture=Picture.of(exercise.picture),
        )
    )
