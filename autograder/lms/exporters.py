"""Plugins for `nbgrader export`: `nbgrader export --exporter autograder.lms.CanvasExporter`."""

from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Bool, Dict, Float, List, Unicode

from autograder.gradebook.errors import GradebookError
from autograder.gradebook.grades import assignments_in
from autograder.lms.forms import FORMS
from autograder.lms.reading import class_grades
from autograder.lms.roster import RosterError, read_roster
from autograder.lms.standing import Wish
from autograder.writers.files import write_whole


class _LmsExporter(ExportPlugin):  # type: ignore[misc]
    """What every exporter can be told; `--assignment` and `--student` are nbgrader's own."""

    form = ""
    roster = Unicode("", help="The gradebook that the LMS exported: who is who there.").tag(config=True)
    columns = Dict(help="What assignments are called in the LMS, by their names.").tag(config=True)
    out_of = Float(0.0, help="Scale scores to so many points; 0 leaves them as they are.").tag(config=True)
    drop = List(Unicode(), help="Exercises to leave out.").tag(config=True)
    missing_is_zero = Bool(False, help="Give 0 to students without a submission.").tag(config=True)  # noqa: FBT003
    partial = Bool(False, help="Give scores of which a person has not graded everything.").tag(config=True)  # noqa: FBT003

    def export(self, gradebook: Any) -> None:
        """Write a gradebook. What can't be done is said, and ends nbgrader with status 1."""
        target = Path(self.to or f"grades-{self.form}.csv")
        connection = gradebook.db.connection()
        names = [str(name) for name in self.assignment] or assignments_in(connection)
        wish = Wish(dict(self.columns), self.out_of or None, zero=self.missing_is_zero, partial=self.partial)
        place = self.parent.coursedir
        root = Path(place.root)

        def graded_folder(student: str, name: str) -> Path:
            return Path(place.format_path(place.autograded_directory, student, name))

        wanted = [str(student) for student in self.student]
        try:
            graded = class_grades(
                connection, names, root, drop=list(self.drop), students=wanted, graded_folder=graded_folder
            )
            roster = read_roster(Path(self.roster)) if self.roster else None
            written = FORMS[self.form](graded, wish, roster)
        except (RosterError, GradebookError) as error:
            self.log.error("%s", error)  # noqa: TRY400 - a message for a person, without a traceback
            raise SystemExit(1) from None
        for note in written.notes:
            self.log.warning("%s", note)
        write_whole(target, written.text)
        self.log.info("Exported grades to %s", target)


class CsvExporter(_LmsExporter):
    """A table: one row a student, one column an exercise."""

    form = "csv"


class CanvasExporter(_LmsExporter):
    """A gradebook that Canvas imports."""

    form = "canvas"


class MoodleExporter(_LmsExporter):
    """A gradebook, or a grading worksheet, that Moodle imports."""

    form = "moodle"


class BrightspaceExporter(_LmsExporter):
    """A gradebook that Brightspace imports."""

    form = "brightspace"
