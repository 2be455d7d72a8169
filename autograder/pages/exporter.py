"""What `nbgrader generate_feedback` and the formgrader's button make: the same page as `autograder feedback`."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter

from autograder.gradebook.entries import Entries, entries_in
from autograder.notebook.assignment import Assignment, load_assignments
from autograder.pages.graded import read_graded
from autograder.pages.keys import key_of
from autograder.pages.rendering import page_text


class FeedbackExporter(Exporter):
    """Turns a graded notebook into a page of feedback, with what the gradebook says of it."""

    file_extension = ".html"
    output_mimetype = "text/html"
    _known: tuple[list[Assignment], dict[str, dict[str, Entries]]] | None = None

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Return the page of a graded notebook, and what nbconvert must know to write it."""
        facts = resources["nbgrader"]
        student, notebook = facts["student"], facts["notebook"]
        assignments, entries = self._course(facts)
        assignment = next(one for one in assignments if one.notebook_name == notebook)
        graded, read = read_graded(Path(filename))
        found = entries.get(student, {}).get(notebook)
        text = page_text(assignment, student, read, found, key_of(assignment, student, graded, found))
        return text, {**resources, "output_extension": self.file_extension}

    def _course(self, facts: Any) -> tuple[list[Assignment], dict[str, dict[str, Entries]]]:
        """Return what is the same for all notebooks of one run."""
        if self._known is None:
            directory = self.parent.coursedir if self.parent is not None else None
            root = Path(directory.root if directory is not None else ".").resolve()
            entries = entries_in(facts["db_url"], facts["assignment"], root)
            self._known = load_assignments(root, facts["assignment"]), entries
        return self._known
